/**
 * Points far from what all others of a series say: every candidate is set aside, and held against a trend and a scatter that
 * it had no part in. A law leaves a smooth rest where it is not quite the right one, and one wild point draws the law towards
 * itself and hides in the residuals that this raises everywhere: the trend is therefore the law's with a cubic in log x on
 * top, fitted to the others.
 */
import { tQuantile } from '../stats/distribution.ts';
import { pseudoInverse } from '../stats/linear.ts';
import { correlation } from '../stats/moments.ts';

export interface FarPoint {
  readonly index: number;
  /** Distance from the others' trend in standard errors of a prediction there, signed. */
  readonly t: number;
  /** What the others' trend says in place of the residual. */
  readonly expected: number;
}

/** As in the quality control of IsoFLOP studies (0.6745 |r − median| / MAD > 6): many scores have tails that a normal has not. */
const FAR = 6;
/** A series without an outlier has a point beyond the bar with at most this probability, where its scatter is normal. */
const FALSE_ALARM = 0.001;
/** Share of the points that may be far: more are a second population or a wrong law. */
const MOST = 0.1;
/** Points on either side in x that a far one must stand apart from. */
const NEIGHBOURS = 2;
/** Neighbouring residuals whose correlation is beyond so many of its standard errors, 1/√n, run together. */
const RUNNING = 2;
/** Scatter below this share of the largest residual is rounding. */
const EXACT = 1e-9;
/** What is left of a point's own leverage, 1 − h; with less it is its own trend. */
const LEAST_LEFT = 1e-6;

/**
 * Far points by externally studentised residuals, the worst removed one after the other so that several do not hide one
 * another (Rosner's generalised ESD, Technometrics 25, 1983), with the t bound of Cook and Weisberg (1982, §2.2.2) at a
 * Bonferroni level.
 *
 * @param u log10 of the scale
 * @param residuals from a law or a line, on the scale that they are even on
 * @returns the farthest first; none where too few points are left to tell, or more than a tenth of them are far
 */
export function farPoints(u: Float64Array, residuals: Float64Array): FarPoint[] {
  const n = u.length;
  const most = Math.max(1, Math.floor(MOST * n));
  const basis = basisOf(u, degreeFor(n, new Set(u).size));
  const kept = Array.from({ length: n }, (_, i) => i);
  const removed: number[] = [];
  let trend = trendOf(basis, residuals, kept);
  while (trend !== null && removed.length < most) {
    const worst = worstOf(trend, residuals, kept);
    if (worst === null) return [];
    removed.push(...kept.splice(worst.at, 1));
    trend = trendOf(basis, residuals, kept);
  }
  if (trend === null) return [];
  const bar = Math.max(FAR, tQuantile(1 - FALSE_ALARM / (2 * n), trend.df));
  const further = worstOf(trend, residuals, kept);
  if (further !== null && further.t > bar) return [];
  // Points on a curve to the last digit have no scatter to judge another by.
  const size = residuals.reduce((largest, r) => Math.max(largest, Math.abs(r)), 0);
  const { df, rss, expected, leverage } = trend;
  if (!(rss > (EXACT * size) ** 2)) return [];
  const scatter = Math.sqrt(rss / df);
  const far = removed
    .map((index): FarPoint => {
      const t = ((residuals[index] as number) - expected(index)) / (scatter * Math.sqrt(1 + leverage(index)));
      return { index, t, expected: expected(index) };
    })
    .filter(({ t }) => Math.abs(t) > bar)
    .sort((a, b) => Math.abs(b.t) - Math.abs(a.t));
  return far.length === 0 ? far : apart(far, u, residuals, trend, kept);
}

/**
 * Those of the far points that no bend explains: a bend that the trend does not follow carries neighbours along, and where
 * it is missed along the curve, everything beyond the last points looks far.
 */
function apart(
  far: readonly FarPoint[],
  u: Float64Array,
  residuals: Float64Array,
  trend: Trend,
  kept: readonly number[],
): FarPoint[] {
  const order = Array.from(u.keys()).sort((a, b) => (u[a] as number) - (u[b] as number));
  const some = new Set(kept);
  const missed = order.filter((i) => some.has(i)).map((i) => (residuals[i] as number) - trend.expected(i));
  const together = (correlation(missed.slice(1), missed.slice(0, -1)) ?? 0) > RUNNING / Math.sqrt(missed.length);
  const sides = new Map(far.map(({ index, t }) => [index, Math.sign(t)]));
  const bar = FAR * Math.sqrt(trend.rss / trend.df);
  return far.filter(({ index, t }) => {
    const place = order.indexOf(index);
    if (together && Math.min(place, order.length - 1 - place) < NEIGHBOURS) return false;
    const near = order
      .slice(Math.max(0, place - NEIGHBOURS), place + NEIGHBOURS + 1)
      .filter((other) => other !== index);
    return near.every(
      (other) =>
        sides.get(other) !== Math.sign(t) &&
        Math.abs((residuals[index] as number) - (residuals[other] as number)) > bar,
    );
  });
}

/** A bend takes points to be told from an outlier. */
function degreeFor(points: number, places: number): number {
  const degree = points >= 12 ? 3 : points >= 10 ? 2 : 1;
  return Math.max(0, Math.min(degree, places - 3));
}

/** Chebyshev polynomials of log x over its range, row by row. */
function basisOf(u: Float64Array, degree: number): Float64Array[] {
  const low = u.reduce((a, b) => Math.min(a, b));
  const high = u.reduce((a, b) => Math.max(a, b));
  return Array.from(u, (at) => {
    const v = high > low ? (2 * (at - low)) / (high - low) - 1 : 0;
    const row = Float64Array.of(1, v, 2 * v * v - 1, 4 * v * v * v - 3 * v);
    return row.subarray(0, degree + 1);
  });
}

interface Trend {
  readonly df: number;
  /** Residual sum of squares of the points that it was fitted to. */
  readonly rss: number;
  expected(index: number): number;
  leverage(index: number): number;
}

/** Least squares of the residuals of some points; null where fewer than two degrees of freedom are left. */
function trendOf(basis: readonly Float64Array[], residuals: Float64Array, some: readonly number[]): Trend | null {
  const p = basis[0]?.length ?? 0;
  const df = some.length - p;
  if (p === 0 || df < 2) return null;
  const square = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (const i of some) {
    const row = basis[i] as Float64Array;
    for (let j = 0; j < p; j++) {
      right[j] = (right[j] as number) + (row[j] as number) * (residuals[i] as number);
      for (let k = 0; k < p; k++)
        square[j * p + k] = (square[j * p + k] as number) + (row[j] as number) * (row[k] as number);
    }
  }
  const { values: inverse, rank } = pseudoInverse(square, p);
  if (rank < p) return null;
  const coefficients = Float64Array.from({ length: p }, (_, j) => dot(inverse.subarray(j * p, (j + 1) * p), right));
  const expected = (index: number): number => dot(basis[index] as Float64Array, coefficients);
  // Asked for every point after every removal: plain loops, without an array a point.
  const leverage = (index: number): number => {
    const row = basis[index] as Float64Array;
    let sum = 0;
    for (let j = 0; j < p; j++)
      for (let k = 0; k < p; k++) sum += (row[j] as number) * (inverse[j * p + k] as number) * (row[k] as number);
    return sum;
  };
  let rss = 0;
  for (const i of some) rss += ((residuals[i] as number) - expected(i)) ** 2;
  return { df, rss, expected, leverage };
}

/** The point with the largest externally studentised residual; null where none can be judged. */
function worstOf(trend: Trend, residuals: Float64Array, kept: readonly number[]): { at: number; t: number } | null {
  let at = -1;
  let largest = -1;
  for (let k = 0; k < kept.length; k++) {
    const i = kept[k] as number;
    const left = 1 - trend.leverage(i);
    if (left < LEAST_LEFT) continue;
    const miss = (residuals[i] as number) - trend.expected(i);
    const without = Math.max(0, trend.rss - (miss * miss) / left) / (trend.df - 1);
    const t = Math.abs(miss) / Math.sqrt(without * left);
    if (t > largest) {
      largest = t;
      at = k;
    }
  }
  return at < 0 ? null : { at, t: largest };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}
