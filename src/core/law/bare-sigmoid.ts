/**
 * The two-parameter sigmoid s(k (x - x0)) fitted to normalised scores, thousands of times: Levenberg–Marquardt with the
 * 2 × 2 normal equations written out, a grid of starts, and optionally the slope prior of laws.md §9.
 */
import { quantileSorted } from '../stats/quantile.ts';

export interface SigmoidBounds {
  /** Slope per decade. */
  readonly flattest: number;
  readonly steepest: number;
  /** log10 x of the half-way point. */
  readonly lowest: number;
  readonly highest: number;
}

/** Owen's bounds: x0 from 1e10 to 1e100 FLOP; a tenth of a decade is the fastest rise. */
export const OWEN_BOUNDS: SigmoidBounds = { flattest: 0.001, steepest: 100, lowest: 10, highest: 100 };

export interface SlopePrior {
  /** Mean of ln k. */
  readonly centre: number;
  readonly sd: number;
  /** Residual scale on normalised scores that the prior is weighed against. */
  readonly residual: number;
}

export interface BareSigmoid {
  readonly k: number;
  readonly x0: number;
  /** Sum of squared residuals, without the prior. */
  readonly rss: number;
  /** rss plus the penalty of the prior. */
  readonly cost: number;
}

const SLOPES = [0.5, 1.5, 4, 12] as const;
const ROUNDS = 60;

/**
 * @param x log10 of the scale, ascending
 * @param y normalised scores
 * @param prior null: plain least squares
 * @param warm a start known to be good, tried first
 * @returns null for fewer than two points
 */
export function fitBareSigmoid(
  x: Float64Array,
  y: Float64Array,
  prior: SlopePrior | null,
  bounds: SigmoidBounds = OWEN_BOUNDS,
  warm: { readonly k: number; readonly x0: number } | null = null,
): BareSigmoid | null {
  const n = x.length;
  if (n < 2) return null;
  const problem = { x, y, n, prior, bounds };
  const middle = quantileSorted(x, 0.5);
  let best: Optimum | null = warm === null ? null : descend(problem, Math.log(warm.k), warm.x0);
  const tryFrom = (k: number, place: number): void => {
    const end = descend(problem, Math.log(k), place);
    if (best === null || end.cost < best.cost) best = end;
  };
  const last = x[n - 1] as number;
  // Few starts on purpose without the prior: a search of the whole plane ends in steps between two neighbouring points,
  // which fit a little better and predict much worse.
  if (prior !== null) {
    if (warm === null) for (const place of [middle, last + 1.5, last + 4]) tryFrom(1.2, place);
    else tryFrom(1.2, middle);
  } else {
    for (const k of SLOPES) for (const place of [middle, last + 3]) tryFrom(k, place);
    tryFrom(4, last + 1.5);
  }
  const { a, b, cost } = best as unknown as Optimum;
  return { k: Math.exp(a), x0: b, rss: costOf({ ...problem, prior: null }, a, b), cost };
}

interface Optimum {
  readonly a: number;
  readonly b: number;
  readonly cost: number;
}

interface Problem {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly n: number;
  readonly prior: SlopePrior | null;
  readonly bounds: SigmoidBounds;
}

function penalty(prior: SlopePrior | null, a: number): number {
  return prior === null ? 0 : (((a - prior.centre) * prior.residual) / prior.sd) ** 2;
}

function costOf(p: Problem, a: number, b: number): number {
  const k = Math.exp(a);
  let sum = penalty(p.prior, a);
  for (let i = 0; i < p.n; i++) {
    const t = k * ((p.x[i] as number) - b);
    const miss = (t > 40 ? 1 : t < -40 ? 0 : 1 / (1 + Math.exp(-t))) - (p.y[i] as number);
    sum += miss * miss;
  }
  return sum;
}

/** Levenberg–Marquardt from one start, projected into the box. */
function descend(p: Problem, fromA: number, fromB: number): Optimum {
  const lowA = Math.log(p.bounds.flattest);
  const highA = Math.log(p.bounds.steepest);
  let a = Math.min(highA, Math.max(lowA, fromA));
  let b = Math.min(p.bounds.highest, Math.max(p.bounds.lowest, fromB));
  let cost = costOf(p, a, b);
  let damping = 1e-3;
  const w2 = p.prior === null ? 0 : (p.prior.residual / p.prior.sd) ** 2;
  for (let round = 0; round < ROUNDS; round++) {
    const k = Math.exp(a);
    let aa = w2;
    let ab = 0;
    let bb = 0;
    let ga = p.prior === null ? 0 : w2 * (a - p.prior.centre);
    let gb = 0;
    for (let i = 0; i < p.n; i++) {
      const d = (p.x[i] as number) - b;
      const t = k * d;
      if (t > 40 || t < -40) continue;
      const s = 1 / (1 + Math.exp(-t));
      const slope = s * (1 - s) * k;
      const ja = slope * d;
      const jb = -slope;
      const miss = s - (p.y[i] as number);
      aa += ja * ja;
      ab += ja * jb;
      bb += jb * jb;
      ga += ja * miss;
      gb += jb * miss;
    }
    // A parameter on its bound whose gradient points outwards stays there.
    const stuckA = (a <= lowA && ga > 0) || (a >= highA && ga < 0);
    const stuckB = (b <= p.bounds.lowest && gb > 0) || (b >= p.bounds.highest && gb < 0);
    if (stuckA && stuckB) break;
    let moved = false;
    let gain = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const da = aa * (1 + damping) + 1e-14;
      const db = bb * (1 + damping) + 1e-14;
      let stepA = 0;
      let stepB = 0;
      if (stuckA) stepB = -gb / db;
      else if (stuckB) stepA = -ga / da;
      else {
        const det = da * db - ab * ab;
        stepA = -(db * ga - ab * gb) / det;
        stepB = -(da * gb - ab * ga) / det;
      }
      const nextA = Math.min(highA, Math.max(lowA, a + Math.min(2, Math.max(-2, stepA))));
      const nextB = Math.min(p.bounds.highest, Math.max(p.bounds.lowest, b + stepB));
      const next = costOf(p, nextA, nextB);
      if (next < cost) {
        gain = cost - next;
        a = nextA;
        b = nextB;
        cost = next;
        damping = Math.max(1e-9, damping * 0.2);
        moved = true;
        break;
      }
      damping *= 5;
    }
    if (!moved || gain <= 1e-11 * cost) break;
  }
  return { a, b, cost };
}
