/** `log-linear`: a straight line in log10 x, the descriptive baseline that every law has to beat. */
import { ok } from '../result.ts';
import { fitLine } from '../stats/linear.ts';
import type { Law } from './law.ts';
import { oneVariableLaw } from './one-variable.ts';

const line = oneVariableLaw({
  id: 'log-linear',
  title: 'Line in log x',
  formula: 'intercept + slope log10 x',
  source: 'baseline of Owen 2024, arXiv 2401.04757',
  parameters: [
    { name: 'intercept', unit: 'units of y at x = 1', meaning: 'value at x = 1' },
    { name: 'slope', unit: 'units of y per decade', meaning: 'change per factor of ten in x' },
  ],
  monotone: true,
  free: 2,
  objective: 'squared',
  minDistinctX: 2,
  setup: () =>
    ok({
      parameters: [
        {
          name: 'intercept',
          transform: 'identity',
          lower: Number.NEGATIVE_INFINITY,
          upper: Number.POSITIVE_INFINITY,
        },
        { name: 'slope', transform: 'identity', lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY },
      ],
    }),
  evaluate: (theta, u, values, jacobian) => {
    const n = u.length;
    const intercept = theta[0] as number;
    const slope = theta[1] as number;
    for (let i = 0; i < n; i++) {
      const z = (u[i] as number) / Math.LN10;
      values[i] = intercept + slope * z;
      if (jacobian === null) continue;
      jacobian[i] = 1;
      jacobian[n + i] = z;
    }
  },
  starts: (data) => {
    const fit = fitLine(data.u, data.y, data.weights);
    return [Float64Array.of(fit.intercept, fit.slope * Math.LN10)];
  },
});

export const logLinear: Law = { ...line, baseline: true };
