/** `shifted-power` (M3): b (1/x + g)^c, a power law that levels off where x passes 1/g. */
import { ok } from '../result.ts';
import { fitLine } from '../stats/linear.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';

const form: CurveForm = {
  id: 'shifted-power',
  title: 'Shifted power law',
  formula: 'b (1/x + g)^c',
  source: 'M3 of Alabdulmohsin et al. 2022, arXiv 2209.06640',
  parameters: [
    { name: 'b', unit: 'units of y', meaning: 'scale' },
    { name: 'g', unit: '1/x', meaning: 'where it levels off: half-way at x = 1/g' },
    { name: 'c', unit: '', meaning: 'exponent before it levels off' },
  ],
  monotone: true,
  profiled: ['c'],
  free: 3,
  setup: () =>
    ok({
      parameters: [
        { name: 'b', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'g', transform: 'identity', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'c', transform: 'identity', lower: 0, upper: Number.POSITIVE_INFINITY },
      ],
    }),
  evaluate: (theta, u, values, jacobian) => {
    const n = u.length;
    const lnB = theta[0] as number;
    const g = theta[1] as number;
    const c = theta[2] as number;
    for (let i = 0; i < n; i++) {
      const shifted = Math.exp(-(u[i] as number)) + g;
      const log = Math.log(shifted);
      const y = Math.exp(lnB + c * log);
      values[i] = y;
      if (jacobian === null) continue;
      jacobian[i] = y;
      jacobian[n + i] = (c * y) / shifted;
      jacobian[2 * n + i] = log * y;
    }
  },
  starts: shiftStarts,
  effort: { explore: 5, exploreIterations: 20, finish: 2 },
};

/**
 * For each g the rest is a straight line: log grid on g around 1/x with 0, then golden section on ln g about the best
 * cell, which solves the log-squared problem exactly.
 */
function shiftStarts(data: CurveData): Float64Array[] {
  const v = data.y.map((value) => Math.log(Math.max(value, Number.MIN_VALUE)));
  const weights = data.y.map((value, i) => (value > 0 ? (data.weights?.[i] ?? 1) : 0));
  const w = new Float64Array(v.length);
  const solve = (g: number): { start: Float64Array; rss: number } => {
    for (let i = 0; i < w.length; i++) w[i] = Math.log(Math.exp(-(data.u[i] as number)) + g);
    const line = fitLine(w, v, weights);
    if (line.slope >= 0) return { start: Float64Array.of(line.intercept, g, line.slope), rss: line.rss };
    let mean = 0;
    let total = 0;
    for (let i = 0; i < v.length; i++) {
      mean += (weights[i] as number) * (v[i] as number);
      total += weights[i] as number;
    }
    mean /= total;
    let rss = 0;
    for (let i = 0; i < v.length; i++) rss += (weights[i] as number) * ((v[i] as number) - mean) ** 2;
    return { start: Float64Array.of(mean, g, 0), rss };
  };
  const from = -data.maxU - 8;
  const to = -data.minU + 2;
  const cells = 30;
  const grid = Array.from({ length: cells }, (_, i) => from + ((to - from) * i) / (cells - 1));
  const tried = grid.map((lnG) => ({ lnG, ...solve(Math.exp(lnG)) })).sort((a, b) => a.rss - b.rss);
  const best = tried[0] as (typeof tried)[number];
  const width = (to - from) / (cells - 1);
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = best.lnG - width;
  let high = best.lnG + width;
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let costA = solve(Math.exp(a)).rss;
  let costB = solve(Math.exp(b)).rss;
  for (let i = 0; i < 25; i++) {
    if (costA < costB) {
      high = b;
      b = a;
      costB = costA;
      a = high - ratio * (high - low);
      costA = solve(Math.exp(a)).rss;
    } else {
      low = a;
      a = b;
      costA = costB;
      b = low + ratio * (high - low);
      costB = solve(Math.exp(b)).rss;
    }
  }
  return [
    solve(Math.exp((low + high) / 2)).start,
    solve(0).start,
    ...[1, 4, 8].map((i) => (tried[i] as (typeof tried)[number]).start),
  ];
}

export const shiftedPower = oneVariableLaw(form);
