/** `power-offset` (M2): a power law above an irreducible value, e + b x^-c. */
import { ok } from '../result.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';
import { logLogStart } from './power.ts';

const form: CurveForm = {
  id: 'power-offset',
  title: 'Power law with offset',
  formula: 'e + b x^-c',
  source: 'Hestness et al. 2017, arXiv 1712.00409; M2 of Alabdulmohsin et al. 2022, arXiv 2209.06640',
  parameters: [
    { name: 'e', unit: 'units of y', meaning: 'irreducible value, between 0 and the smallest y' },
    { name: 'b', unit: 'units of y at x = 1', meaning: 'scale of the reducible part' },
    { name: 'c', unit: '', meaning: 'exponent of the reducible part' },
  ],
  monotone: true,
  profiled: ['e', 'c'],
  free: 3,
  setup: (data) =>
    ok({
      parameters: [
        { name: 'e', transform: 'identity', lower: 0, upper: Math.max(0, data.minY) },
        { name: 'b', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'c', transform: 'identity', lower: 0, upper: Number.POSITIVE_INFINITY },
      ],
    }),
  evaluate: (theta, u, values, jacobian) => {
    const n = u.length;
    const e = theta[0] as number;
    const lnB = theta[1] as number;
    const c = theta[2] as number;
    for (let i = 0; i < n; i++) {
      const at = u[i] as number;
      const reducible = Math.exp(lnB - c * at);
      values[i] = e + reducible;
      if (jacobian === null) continue;
      jacobian[i] = 1;
      jacobian[n + i] = reducible;
      jacobian[2 * n + i] = -at * reducible;
    }
  },
  starts: offsetStarts,
  effort: { explore: 5, exploreIterations: 15, finish: 2 },
};

/** 24 offsets e = min y (1 - 10^t), t = -3…0, each with least squares of ln(y - e) on ln x. */
function offsetStarts(data: CurveData): Float64Array[] {
  const floor = Math.max(0, data.minY);
  const starts: Float64Array[] = [];
  for (let i = 0; i < 24; i++) {
    const e = floor * (1 - 10 ** (-3 + (3 * i) / 23));
    const [lnB, c] = logLogStart({ ...data, y: data.y.map((value) => value - e) }) as unknown as [number, number];
    starts.push(Float64Array.of(e, lnB, Math.max(0, c)));
    if (floor === 0) break;
  }
  return starts;
}

export const powerOffset = oneVariableLaw(form);
