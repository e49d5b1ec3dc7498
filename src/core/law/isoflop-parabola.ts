/**
 * The kernel of "Approach 2": a least-squares parabola through the losses of one compute budget, and the straight lines
 * through the vertices of all budgets. Abscissae are centred before they are squared.
 */
import { fitLine } from '../stats/linear.ts';

/** y = q2 x² + q1 x + q0 about `centre`: q's belong to (x - centre). */
interface Parabola {
  readonly q0: number;
  readonly q1: number;
  readonly q2: number;
  readonly centre: number;
  /** Place of the vertex; NaN for a straight line. */
  readonly vertex: number;
  /** Value at the vertex. */
  readonly bottom: number;
  readonly rss: number;
  /** Standard error of q2; NaN without degrees of freedom. */
  readonly q2Error: number;
}

/** Smallest curvature (loss per decade²) that counts as a minimum in the public implementation. */
const LEAST_CURVATURE = 1e-10;

/**
 * Weighted least-squares parabola; null for fewer than three distinct x. weights: null or counts of a resample.
 */
export function fitParabola(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Parabola | null {
  const n = x.length;
  let total = 0;
  let centre = 0;
  let meanY = 0;
  let used = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i]!;
    total += w;
    centre += w * x[i]!;
    meanY += w * y[i]!;
    if (w > 0) used++;
  }
  if (!(total > 0) || used < 3) return null;
  centre /= total;
  meanY /= total;
  // Orthogonal polynomials 1, d, d² - c d - m keep the three coefficients from leaning on each other.
  let s2 = 0;
  let s3 = 0;
  let s1y = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i]!;
    const d = x[i]! - centre;
    s2 += w * d * d;
    s3 += w * d * d * d;
    s1y += w * d * (y[i]! - meanY);
  }
  if (!(s2 > 0)) return null;
  const lean = s3 / s2;
  const mean2 = s2 / total;
  let pp = 0;
  let py = 0;
  let s4 = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i]!;
    const d = x[i]! - centre;
    const p = d * d - lean * d - mean2;
    pp += w * p * p;
    py += w * p * (y[i]! - meanY);
    s4 += w * d ** 4;
  }
  if (!(pp > 1e-12 * s4)) return null;
  const q2 = py / pp;
  const q1 = s1y / s2 - lean * q2;
  const q0 = meanY - mean2 * q2;
  let rss = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i]!;
    const d = x[i]! - centre;
    rss += w * (y[i]! - q0 - d * (q1 + d * q2)) ** 2;
  }
  return {
    q0,
    q1,
    q2,
    centre,
    vertex: centre - q1 / (2 * q2),
    bottom: q0 - (q1 * q1) / (4 * q2),
    rss,
    q2Error: used > 3 ? Math.sqrt(rss / (used - 3) / pp) : Number.NaN,
  };
}

/** Runs of one budget: parameters, tokens and loss, all positive. */
export interface BudgetRows {
  /** FLOP. */
  readonly compute: number;
  readonly params: Float64Array;
  readonly tokens: Float64Array;
  readonly loss: Float64Array;
}

interface BudgetOptimum {
  readonly paramsOpt: number;
  readonly tokensOpt: number;
  /** Loss at the vertex over parameters. */
  readonly loss: number;
  /** Both vertices lie inside the sampled range. */
  readonly inside: boolean;
}

/**
 * Vertex of one budget from independent parabolas of L on log10 N and on log10 D (a + b is 1 only where tokens are exactly
 * C/(6N)); a sentence where there is none.
 */
export function budgetOptimum(rows: BudgetRows, weights: ArrayLike<number> | null = null): BudgetOptimum | string {
  const logN = rows.params.map(Math.log10);
  const logD = rows.tokens.map(Math.log10);
  const overN = fitParabola(logN, rows.loss, weights);
  const overD = fitParabola(logD, rows.loss, weights);
  if (overN === null || overD === null) return 'fewer than three distinct model sizes';
  if (!(overN.q2 >= LEAST_CURVATURE) || !(overD.q2 >= LEAST_CURVATURE)) {
    return `the parabola opens downward or is flat (curvature ${Math.min(overN.q2, overD.q2).toPrecision(3)})`;
  }
  const paramsOpt = 10 ** overN.vertex;
  const tokensOpt = 10 ** overD.vertex;
  if (!Number.isFinite(paramsOpt) || !Number.isFinite(tokensOpt) || !(paramsOpt > 0) || !(tokensOpt > 0)) {
    return 'the vertex is beyond the range of numbers';
  }
  return { paramsOpt, tokensOpt, loss: overN.bottom, inside: within(overN.vertex, logN) && within(overD.vertex, logD) };
}

function within(value: number, range: Float64Array): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < range.length; i++) {
    low = Math.min(low, range[i]!);
    high = Math.max(high, range[i]!);
  }
  return value >= low && value <= high;
}

/** log10 N_opt = a log10 C + log10 N0, and the same for D. */
export interface ScalingLines {
  readonly a: number;
  readonly b: number;
  /** log10 of the coefficients N0 and D0. */
  readonly lgN0: number;
  readonly lgD0: number;
}

/** Straight lines through the vertices of at least two distinct budgets; null otherwise. */
export function scalingLines(
  optima: readonly { readonly compute: number; readonly paramsOpt: number; readonly tokensOpt: number }[],
  weights: ArrayLike<number> | null = null,
): ScalingLines | null {
  if (new Set(optima.map((o) => o.compute)).size < 2) return null;
  const lgC = optima.map((o) => Math.log10(o.compute));
  const n = fitLine(
    lgC,
    optima.map((o) => Math.log10(o.paramsOpt)),
    weights,
  );
  const d = fitLine(
    lgC,
    optima.map((o) => Math.log10(o.tokensOpt)),
    weights,
  );
  return { a: n.slope, b: d.slope, lgN0: n.intercept, lgD0: d.intercept };
}
