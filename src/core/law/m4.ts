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
  evaluate: m4Values,
  starts: m4Starts,
  effort: { explore: 8, exploreIterations: 15, finish: 3 },
};

/** e0: the chance level where it is known and above the data, else the metric's upper end, else just above the largest y. */
function startingValue(series: StudySeries, maxY: number): number {
  const chance = series.chance?.value;
  if (chance !== undefined && series.better === 'lower' && chance > maxY) return chance;
  return Math.max(series.upper ?? 1, 1.001 * maxY);
}

/** Places of z where tangents of g are drawn, with the logistic function and softplus there. */
const TANGENT_PLACE = Float64Array.of(-3, -1, 0, 1, 3);
const TANGENTS = TANGENT_PLACE.length;
const TANGENT_SHARE = TANGENT_PLACE.map((z) => 1 / (1 + Math.exp(-z)));
const TANGENT_SOFTPLUS = TANGENT_PLACE.map((z) => Math.log1p(Math.exp(z)));
/** Scratch: the root of the k-th tangent is shift + gain t. */
const gain = new Float64Array(TANGENTS);
const shift = new Float64Array(TANGENTS);

/**
 * With w = y - e = B s(z), B = e0 - e, s the logistic function, the law reads g(z) = z + (a-1) ln(1+e^z) = t with
 * t = ln b - c ln x - (1-a) ln B. g is increasing, with slopes 1 and a at its ends, concave for a < 1 and convex for a > 1:
 * its asymptotes and tangents all lie on one side of it, so the innermost of their roots starts a Newton iteration that
 * cannot overshoot.
 */
function m4Values(theta: Float64Array, u: Float64Array, values: Float64Array, jacobian: Float64Array | null): void {
  const n = u.length;
  const e = theta[0] as number;
  const a = theta[3] as number;
  const span = (theta[4] as number) - e;
  if (!(span > 0)) {
    values.fill(Number.NaN);
    return;
  }
  const lnSpan = Math.log(span);
  const level = (theta[1] as number) - (1 - a) * lnSpan;
  const c = theta[2] as number;
  const concave = a < 1;
  for (let k = 0; k < TANGENTS; k++) {
    const s = TANGENT_SHARE[k] as number;
    const slope = 1 - s + a * s;
    const z = TANGENT_PLACE[k] as number;
    gain[k] = 1 / slope;
    shift[k] = z - (z + (a - 1) * (TANGENT_SOFTPLUS[k] as number)) / slope;
  }
  for (let i = 0; i < n; i++) {
    const t = level - c * (u[i] as number);
    let z = t;
    if (a > 0 && (concave ? t / a > z : t / a < z)) z = t / a;
    else if (a === 0 && t > 0) z = LARGEST;
    if (a !== 1)
      for (let k = 0; k < TANGENTS; k++) {
        const root = (shift[k] as number) + t * (gain[k] as number);
        if (concave ? root > z : root < z) z = root;
      }
    if (z > LARGEST) z = LARGEST;
    else if (z < -LARGEST) z = -LARGEST;
    let s = 0;
    let rest = 0;
    let softplus = 0;
    for (let round = 0; round < 60; round++) {
      const decay = Math.exp(z > 0 ? -z : z);
      const whole = 1 / (1 + decay);
      s = z >= 0 ? whole : decay * whole;
      rest = z >= 0 ? decay * whole : whole;
      softplus = (z > 0 ? z : 0) + Math.log1p(decay);
      const slope = rest + a * s;
      if (slope < 1e-300) break;
      const curvature = (a - 1) * s * rest;
      let step = (t - z - (a - 1) * softplus) / slope;
      // Near the root Chebyshev's term makes the convergence cubic.
      if (step < 0.5 && step > -0.5) step -= (0.5 * curvature * step * step) / slope;
      if (z + step > LARGEST) step = LARGEST - z;
      else if (z + step < -LARGEST) step = -LARGEST - z;
      z += step;
      // The step after this one would be below rounding; what hangs on z follows by its series.
      if (step < 1e-5 && step > -1e-5) {
        const moved = s * rest * step;
        softplus += (s + 0.5 * moved) * step;
        const bent = moved * (1 + (0.5 - s) * step);
        s += bent;
        rest -= bent;
        break;
      }
    }
    const w = span * s;
    values[i] = e + w;
    if (jacobian === null) continue;
    // d ln w - a d ln(B - w) = d(ln b - c u): (1/w + a/(B-w)) dw = ds (+ terms of e through B).
    const slope = rest + a * s;
    const free = slope > 0 ? 1 / slope : 0;
    const lift = w * rest * free;
    jacobian[i] = slope > 0 ? 1 - a * s * free : 1;
    jacobian[n + i] = lift;
    jacobian[2 * n + i] = -(u[i] as number) * lift;
    jacobian[3 * n + i] = lift * (lnSpan - softplus);
    jacobian[4 * n + i] = a * s * free;
  }
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
