/**
 * The break search: a grid over midpoints between neighbouring scales, with the sum of squares of every candidate in
 * closed form from running sums, so that thousands of series and hundreds of resamples stay cheap.
 */

import { mean } from '../stats/moments.ts';
import type { Random } from '../stats/random.ts';

/** A fitted break. `tau` is in the units of x; slopes per unit of x. */
export interface FlatThenRise {
  readonly tau: number;
  readonly slope: number;
  readonly intercept: number;
  readonly sse: number;
}

/** Smallest number of points on each side of a break: max(4, ceil(0.15 n)). */
export function minimumSide(n: number): number {
  return Math.max(4, Math.ceil(0.15 * n));
}

/**
 * Candidate breaks of sorted x: for each returned index i the candidate is the midpoint of x[i-1] and x[i] with i points
 * on its left. Only between distinct values, with at least `side` points on each side.
 */
export function breakCandidates(x: ArrayLike<number>, side = minimumSide(x.length)): Int32Array {
  const found: number[] = [];
  for (let i = Math.max(1, side); i <= x.length - side; i++) if (x[i] !== x[i - 1]) found.push(i);
  return Int32Array.from(found);
}

/** The candidate's place. */
export function midpoint(x: ArrayLike<number>, i: number): number {
  return ((x[i - 1] as number) + (x[i] as number)) / 2;
}

/** Sum of squares of y on (1, max(x - tau, 0)) computed from residuals (no cancellation), with its coefficients. */
export function flatThenRiseAt(x: ArrayLike<number>, y: ArrayLike<number>, tau: number): FlatThenRise {
  const n = x.length;
  let sv = 0;
  let sy = 0;
  for (let i = 0; i < n; i++) {
    sv += Math.max((x[i] as number) - tau, 0);
    sy += y[i] as number;
  }
  const mv = sv / n;
  const my = sy / n;
  let svv = 0;
  let svy = 0;
  for (let i = 0; i < n; i++) {
    const v = Math.max((x[i] as number) - tau, 0) - mv;
    svv += v * v;
    svy += v * ((y[i] as number) - my);
  }
  const slope = svv > 0 ? svy / svv : 0;
  const intercept = my - slope * mv;
  let sse = 0;
  for (let i = 0; i < n; i++) {
    const e = (y[i] as number) - intercept - slope * Math.max((x[i] as number) - tau, 0);
    sse += e * e;
  }
  return { tau, slope, intercept, sse };
}

/** Sum of squares of the continuous two-slope hinge (1, min(x-c,0), max(x-c,0)) from residuals. */
function twoSlopeSse(x: ArrayLike<number>, y: ArrayLike<number>, c: number): number {
  const n = x.length;
  let mu = 0;
  let mv = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - c;
    if (d < 0) mu += d;
    else mv += d;
    my += y[i] as number;
  }
  mu /= n;
  mv /= n;
  my /= n;
  let suu = 0;
  let svv = 0;
  let suv = 0;
  let suy = 0;
  let svy = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - c;
    const u = Math.min(d, 0) - mu;
    const v = Math.max(d, 0) - mv;
    const e = (y[i] as number) - my;
    suu += u * u;
    svv += v * v;
    suv += u * v;
    suy += u * e;
    svy += v * e;
  }
  const det = suu * svv - suv * suv;
  if (!(det > 0)) return Number.POSITIVE_INFINITY;
  const bu = (suy * svv - svy * suv) / det;
  const bv = (svy * suu - suy * suv) / det;
  let sse = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - c;
    const e = (y[i] as number) - my - bu * (Math.min(d, 0) - mu) - bv * (Math.max(d, 0) - mv);
    sse += e * e;
  }
  return sse;
}

/**
 * Fast sums of squares for every candidate. `tilt` false: flat then rise; true: two free slopes. x and y must be centred
 * by the caller.
 */
function scan(x: Float64Array, y: Float64Array, candidates: Int32Array, out: Float64Array, tilt: boolean): void {
  const n = x.length;
  let tw = 0;
  let tx = 0;
  let txx = 0;
  let txy = 0;
  let ty = 0;
  let tyy = 0;
  for (let i = 0; i < n; i++) {
    const xi = x[i] as number;
    const yi = y[i] as number;
    tw += 1;
    tx += xi;
    txx += xi * xi;
    txy += xi * yi;
    ty += yi;
    tyy += yi * yi;
  }
  const total = tyy - (ty * ty) / tw;
  let lw = 0;
  let lx = 0;
  let lxx = 0;
  let lxy = 0;
  let ly = 0;
  let at = 0;
  for (let k = 0; k < candidates.length; k++) {
    const i = candidates[k] as number;
    for (; at < i; at++) {
      const xi = x[at] as number;
      const yi = y[at] as number;
      lw += 1;
      lx += xi;
      lxx += xi * xi;
      lxy += xi * yi;
      ly += yi;
    }
    const c = ((x[i - 1] as number) + (x[i] as number)) / 2;
    const rw = tw - lw;
    const rx = tx - lx;
    const sv = rx - c * rw;
    const svv = txx - lxx - 2 * c * rx + c * c * rw - (sv * sv) / tw;
    const svy = txy - lxy - c * (ty - ly) - (sv * ty) / tw;
    if (!tilt) {
      out[k] = svv > 0 ? total - (svy * svy) / svv : total;
      continue;
    }
    const su = lx - c * lw;
    const suu = lxx - 2 * c * lx + c * c * lw - (su * su) / tw;
    const suv = (-su * sv) / tw;
    const suy = lxy - c * ly - (su * ty) / tw;
    const det = suu * svv - suv * suv;
    out[k] =
      det > 0 ? total - (suy * suy * svv - 2 * suy * svy * suv + svy * svy * suu) / det : Number.POSITIVE_INFINITY;
  }
}

/** Candidates whose fast sum of squares is this close to the best are settled by residuals (relative to the total). */
const NEAR = 1e-9;

interface Centred {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly total: number;
}

function centre(x: ArrayLike<number>, y: ArrayLike<number>): Centred {
  const n = x.length;
  const mx = mean(x);
  const my = mean(y);
  const cx = new Float64Array(n);
  const cy = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    cx[i] = (x[i] as number) - mx;
    cy[i] = (y[i] as number) - my;
    total += (cy[i] as number) ** 2;
  }
  return { x: cx, y: cy, total };
}

function settle(
  values: Float64Array,
  total: number,
  exact: (k: number) => number,
): { readonly k: number; readonly sse: number } {
  let best = Number.POSITIVE_INFINITY;
  for (const v of values) if (v < best) best = v;
  let k = 0;
  let sse = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) > best + NEAR * total) continue;
    const value = exact(i);
    if (value < sse) {
      sse = value;
      k = i;
    }
  }
  return { k, sse };
}

/** Best continuous two-slope break of sorted x: the lowest sum of squares, the first on ties; null without candidates. */
export function twoSlopeBreak(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  candidates: Int32Array,
): { readonly at: number; readonly c: number; readonly sse: number } | null {
  if (candidates.length === 0) return null;
  const centred = centre(x, y);
  const values = new Float64Array(candidates.length);
  scan(centred.x, centred.y, candidates, values, true);
  const exact = (k: number): number => twoSlopeSse(x, centred.y, midpoint(x, candidates[k] as number));
  const { k, sse } = settle(values, centred.total, exact);
  if (!Number.isFinite(sse)) return null;
  const at = candidates[k] as number;
  return { at, c: midpoint(x, at), sse };
}

/** Best flat-then-rise break of sorted x: the lowest sum of squares, the first on ties; null without candidates. */
export function flatThenRise(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  candidates: Int32Array,
): (FlatThenRise & { readonly at: number }) | null {
  if (candidates.length === 0) return null;
  const centred = centre(x, y);
  const values = new Float64Array(candidates.length);
  scan(centred.x, centred.y, candidates, values, false);
  const exact = (k: number): number => flatThenRiseAt(x, y, midpoint(x, candidates[k] as number)).sse;
  const { k } = settle(values, centred.total, exact);
  const at = candidates[k] as number;
  return { ...flatThenRiseAt(x, y, midpoint(x, at)), at };
}

/**
 * Case-bootstrap of the flat-then-rise break: `count` resamples of the points with replacement, the same estimator on
 * each. Returns the breaks found (fewer than `count` where a resample leaves no candidate), unsorted.
 *
 * @param random source of the resamples
 */
export function bootstrapBreaks(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  count: number,
  random: Random,
): Float64Array {
  const n = x.length;
  const side = minimumSide(n);
  const centred = centre(x, y);
  const mx = (x[0] as number) - (centred.x[0] as number);
  const weight = new Float64Array(n);
  const px = new Float64Array(n);
  const py = new Float64Array(n);
  const pw = new Float64Array(n);
  const found = new Float64Array(count);
  let size = 0;
  for (let b = 0; b < count; b++) {
    weight.fill(0);
    for (let i = 0; i < n; i++) {
      const j = random.integer(n);
      weight[j] = (weight[j] as number) + 1;
    }
    let m = 0;
    for (let i = 0; i < n; i++) {
      if (weight[i] === 0) continue;
      px[m] = centred.x[i] as number;
      py[m] = centred.y[i] as number;
      pw[m] = weight[i] as number;
      m++;
    }
    const best = bestRise(px, py, pw, m, side);
    if (best === null) continue;
    found[size] = best + mx;
    size++;
  }
  return found.subarray(0, size);
}

/** The inner loop of the bootstrap: maximises the explained sum of squares over candidates, weights as multiplicities. */
function bestRise(x: Float64Array, y: Float64Array, w: Float64Array, m: number, side: number): number | null {
  let tw = 0;
  let tx = 0;
  let txx = 0;
  let txy = 0;
  let ty = 0;
  for (let i = 0; i < m; i++) {
    const k = w[i] as number;
    const xi = x[i] as number;
    const yi = y[i] as number;
    tw += k;
    tx += k * xi;
    txx += k * xi * xi;
    txy += k * xi * yi;
    ty += k * yi;
  }
  const total = tw;
  const mean = ty / tw;
  let best = Number.NEGATIVE_INFINITY;
  let tau: number | null = null;
  for (let i = 0; i < m - 1; i++) {
    const k = w[i] as number;
    const xi = x[i] as number;
    const yi = y[i] as number;
    tw -= k;
    tx -= k * xi;
    txx -= k * xi * xi;
    txy -= k * xi * yi;
    ty -= k * yi;
    if (tw < side) break;
    const next = x[i + 1] as number;
    if (next === xi || total - tw < side) continue;
    const c = (xi + next) / 2;
    const sv = tx - c * tw;
    const svv = txx - 2 * c * tx + c * c * tw - (sv * sv) / total;
    const svy = txy - c * ty - sv * mean;
    const gain = svv > 0 ? (svy * svy) / svv : 0;
    if (gain > best) {
      best = gain;
      tau = c;
    }
  }
  return tau;
}
