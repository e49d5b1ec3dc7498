/**
 * `m4` (M4): (y - e)/(e0 - y)^a = b x^-c, a curve that bends away from the starting error e0, falls as a power law and
 * levels off at e. There is no closed form for y: it is the root of a monotone function, found by Newton's method from the
 * side on which it cannot overshoot.
 */
import { ok } from '../result.ts';
import { fitLinear } from '../stats/linear.ts';
import type { StudySeries } from '../study/study.ts';
import { type CurveData, type CurveForm, oneVariableLaw } from './one-variable.ts';

const LARGEST = 700;

const form: CurveForm = {
  id: 'm4',
  title: 'M4',
  formula: '(y - e)/(e0 - y)^a = b x^-c',
  source: 'Alabdulmohsin, Neyshabur & Zhai 2022, arXiv 2209.06640, eq. 4',
  parameters: [
    { name: 'e', unit: 'units of y', meaning: 'irreducible value, between 0 and the smallest y' },
    { name: 'b', unit: 'units of y^(1-a) at x = 1', meaning: 'scale' },
    { name: 'c', unit: '', meaning: 'exponent of the power-law stretch' },
    { name: 'a', unit: '', meaning: 'how long the curve stays at e0; 0 gives power-offset' },
    { name: 'e0', unit: 'units of y', meaning: 'value before any learning (chance level); held' },
  ],
  monotone: true,
  profiled: ['e', 'c'],
  free: 4,
  setup: (data, options) => {
    const e0 = options.fix?.['e0'] ?? startingValue(data.series, data.maxY);
    return ok({
      parameters: [
        { name: 'e', transform: 'identity', lower: 0, upper: Math.max(0, data.minY) },
        { name: 'b', transform: 'log', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'c', transform: 'identity', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'a', transform: 'identity', lower: 0, upper: Number.POSITIVE_INFINITY },
        { name: 'e0', transform: 'identity', lower: e0, upper: e0, fixed: e0 },
      ],
      notes: e0 > data.maxY ? [] : [`e0 = ${e0} does not lie above the largest y (${data.maxY}).`],
    });
  },
  value: m4Value,
  starts: m4Starts,
  effort: { explore: 8, exploreIterations: 15, finish: 3 },
};

/** e0: the chance level where it is known and above the data, else the metric's upper end, else just above the largest y. */
function startingValue(series: StudySeries, maxY: number): number {
  const chance = series.chance?.value;
  if (chance !== undefined && series.better === 'lower' && chance > maxY) return chance;
  return Math.max(series.upper ?? 1, 1.001 * maxY);
}

/**
 * With w = y - e = B s(z), B = e0 - e, s the logistic function, the law reads g(z) = z + (a-1) ln(1+e^z) = t with
 * t = ln b - c ln x - (1-a) ln B. g is increasing, with slopes 1 and a at its ends, concave for a < 1 and convex for a > 1.
 */
function m4Value(theta: Float64Array, u: number, gradient: Float64Array | null): number {
  const e = theta[0] as number;
  const a = theta[3] as number;
  const span = (theta[4] as number) - e;
  if (!(span > 0)) return Number.NaN;
  const lnSpan = Math.log(span);
  const t = (theta[1] as number) - (theta[2] as number) * u - (1 - a) * lnSpan;
  // Where the asymptotes z and a z meet t: on the side from which Newton converges without overshooting.
  let z = t;
  if (t > 0 ? a < 1 : a > 1) z = a > 0 ? t / a : LARGEST;
  if (z > LARGEST) z = LARGEST;
  else if (z < -LARGEST) z = -LARGEST;
  let s = 0;
  for (let i = 0; i < 60; i++) {
    const decay = Math.exp(-Math.abs(z));
    s = z >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
    const softplus = (z > 0 ? z : 0) + Math.log1p(decay);
    const miss = z + (a - 1) * softplus - t;
    const slope = 1 - s + a * s;
    if (slope < 1e-300) break;
    const step = miss / slope;
    let next = z - step;
    if (next > LARGEST) next = LARGEST;
    else if (next < -LARGEST) next = -LARGEST;
    const moved = Math.abs(next - z);
    z = next;
    // Quadratic convergence: the step after this one would be below rounding.
    if (moved < 1e-7 * (1 + Math.abs(z))) break;
  }
  const decay = Math.exp(-Math.abs(z));
  s = z >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
  const rest = z >= 0 ? decay / (1 + decay) : 1 / (1 + decay);
  const w = span * s;
  if (gradient !== null) {
    // d ln w - a d ln(B - w) = d(ln b - c u): (1/w + a/(B-w)) dw = ds (+ terms of e through B).
    const slope = rest + a * s;
    const gain = slope > 0 ? (w * rest) / slope : 0;
    const lnRest = lnSpan + (z >= 0 ? -z - Math.log1p(decay) : -Math.log1p(decay));
    gradient[0] = slope > 0 ? 1 - (a * s) / slope : 1;
    gradient[1] = gain;
    gradient[2] = -u * gain;
    gradient[3] = gain * lnRest;
    gradient[4] = slope > 0 ? (a * s) / slope : 0;
  }
  return e + w;
}

/** For each of 24 offsets e, non-negative least squares of ln(y - e) on [1, -u, ln(e0 - y)], c and a >= 0. */
function m4Starts(data: CurveData, setup: Parameters<CurveForm['starts']>[1]): Float64Array[] {
  const e0 = setup.parameters[4]?.fixed ?? 1;
  const n = data.y.length;
  const starts: Float64Array[] = [];
  const ones = new Float64Array(n).fill(1);
  const minusU = data.u.map((u) => -u);
  const meanU = data.u.reduce((sum, u) => sum + u, 0) / n;
  const centred = minusU.map((u) => u + meanU);
  const gap = data.y.map((y) => Math.log(Math.max(e0 - y, 1e-12)));
  const floor = Math.max(0, data.minY);
  for (let i = 0; i < 24; i++) {
    const e = floor * (1 - 10 ** (-3 + (3 * i) / 23));
    const target = data.y.map((y) => Math.log(Math.max(y - e, 1e-12)));
    let best: { rss: number; start: Float64Array } | null = null;
    for (const [useC, useA] of [
      [true, true],
      [true, false],
      [false, true],
    ] as const) {
      const columns = [ones, ...(useC ? [centred] : []), ...(useA ? [gap] : [])];
      const fit = fitLinear(columns, target, data.weights);
      if (fit === null) continue;
      const c = useC ? (fit.coefficients[1] as number) : 0;
      const a = useA ? (fit.coefficients[useC ? 2 : 1] as number) : 0;
      if (c < 0 || a < 0) continue;
      if (best === null || fit.rss < best.rss)
        best = { rss: fit.rss, start: Float64Array.of(e, (fit.coefficients[0] as number) + c * meanU, c, a, e0) };
      if (useC && useA) break;
    }
    starts.push(best?.start ?? Float64Array.of(e, Math.log(Math.max(data.minY, 1e-12)), 0, 0, e0));
    if (floor === 0) break;
  }
  return starts;
}

export const m4 = oneVariableLaw(form);
