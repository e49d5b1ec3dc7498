/**
 * `pass-until`: a pass rate that is exp(−c N^−α), a straight line in ln(−ln PU) over ln N (Hu et al. 2024). For a table of
 * pass rates; from counts of trials, `passuntil estimate` also fits every instance and says what the dataset's line hides.
 */
import { err, ok } from '../result.ts';
import { fitLine } from '../stats/linear.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';

/** exp(8) = 2981: a pass rate of e^-2981 is nothing, and its logarithm still a number. */
const MOST = 8;

const form: CurveForm = {
  id: 'pass-until',
  title: 'PassUntil law',
  formula: 'exp(-c x^-alpha)',
  source: 'Hu et al. 2024, arXiv 2310.03262, eq. 4',
  parameters: [
    { name: 'c', unit: 'x^alpha', meaning: '−ln of the pass rate at x = 1' },
    { name: 'alpha', unit: '', meaning: 'exponent; positive when the pass rate rises with x' },
  ],
  monotone: true,
  profiled: ['alpha'],
  free: 2,
  // Pass rates span orders of magnitude, and the small ones are what the method is for.
  objective: 'log-squared',
  setup: ({ minY, maxY, series }) =>
    series.better === 'lower' || minY < 0 || maxY > 1
      ? err({
          code: 'fit.unsupported',
          message:
            'The PassUntil law is one of pass rates between 0 and 1, where higher is better; this metric is none.',
        })
      : ok({
          parameters: [
            { name: 'c', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
            { name: 'alpha', transform: 'identity', lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY },
          ],
        }),
  evaluate: passValues,
  starts: (data) => [lineStart(data)],
  remarks: (_theta, { series }) => ({
    notes: [
      'Averaging questions of different difficulty bends this line by itself: from counts of trials, `passuntil estimate` fits them one by one.',
      ...((series.chance?.value ?? 0) > 0
        ? ['Guessing passes here: the law needs a random baseline that never does.']
        : []),
    ],
  }),
};

function passValues(theta: Float64Array, u: Float64Array, values: Float64Array, jacobian: Float64Array | null): void {
  const n = u.length;
  const lnC = theta[0] as number;
  const alpha = theta[1] as number;
  for (let i = 0; i < n; i++) {
    const at = u[i] as number;
    const f = lnC - alpha * at;
    const e = Math.exp(Math.min(MOST, f));
    const y = Math.exp(-e);
    values[i] = y;
    if (jacobian === null) continue;
    const slope = f < MOST ? -e * y : 0;
    jacobian[i] = slope;
    jacobian[n + i] = -at * slope;
  }
}

/** The line of ln(−ln y) over the rates strictly between 0 and 1. */
function lineStart(data: CurveData): Float64Array {
  const u: number[] = [];
  const f: number[] = [];
  for (let i = 0; i < data.y.length; i++) {
    const y = data.y[i] as number;
    if (!(y > 0 && y < 1)) continue;
    u.push(data.u[i] as number);
    f.push(Math.log(-Math.log(y)));
  }
  if (u.length === 0) return Float64Array.of(0, 0);
  const line = fitLine(u, f, new Array<number>(u.length).fill(1));
  return Float64Array.of(line.intercept, -line.slope);
}

export const passUntil = oneVariableLaw(form);
