/** `power` (M1): the plain power law b x^-c. */
import { ok } from '../result.ts';
import { fitLine } from '../stats/linear.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';

const form: CurveForm = {
  id: 'power',
  title: 'Power law',
  formula: 'b x^-c',
  source: 'Hestness et al. 2017, arXiv 1712.00409; M1 of Alabdulmohsin et al. 2022, arXiv 2209.06640',
  parameters: [
    { name: 'b', unit: 'units of y at x = 1', meaning: 'scale' },
    { name: 'c', unit: '', meaning: 'exponent; positive when y falls with x' },
  ],
  monotone: true,
  profiled: ['c'],
  free: 2,
  setup: () =>
    ok({
      parameters: [
        { name: 'b', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'c', transform: 'identity', lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY },
      ],
    }),
  evaluate: powerValues,
  starts: (data) => [logLogStart(data)],
};

function powerValues(theta: Float64Array, u: Float64Array, values: Float64Array, jacobian: Float64Array | null): void {
  const n = u.length;
  const lnB = theta[0] as number;
  const c = theta[1] as number;
  for (let i = 0; i < n; i++) {
    const at = u[i] as number;
    const y = Math.exp(lnB - c * at);
    values[i] = y;
    if (jacobian === null) continue;
    jacobian[i] = y;
    jacobian[n + i] = -at * y;
  }
}

/** Ordinary least squares of ln y on ln x over the positive values: exact for `log-squared`, a start otherwise. */
export function logLogStart(data: CurveData): Float64Array {
  const u: number[] = [];
  const v: number[] = [];
  const w: number[] = [];
  for (let i = 0; i < data.y.length; i++) {
    const y = data.y[i] as number;
    if (!(y > 0)) continue;
    u.push(data.u[i] as number);
    v.push(Math.log(y));
    w.push(data.weights === null ? 1 : (data.weights[i] as number));
  }
  if (u.length === 0) return Float64Array.of(0, 0);
  const line = fitLine(u, v, w);
  return Float64Array.of(line.intercept, -line.slope);
}

export const power = oneVariableLaw(form);
