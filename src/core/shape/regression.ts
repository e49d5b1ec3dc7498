/**
 * Shape from eight or more models without needing their standard errors: a linear trend, a searched break, two straight
 * lines on its sides and a flat-then-rise curve, all with heteroscedasticity-robust (HC3) tests. Follows Simonsohn's
 * two-lines test (2018) with the hinge break in place of his Robin-Hood step: a quadratic term alone never makes a U,
 * since a saturating curve has one too.
 */
import type { ShapeLabel } from '../report-model.ts';
import { tCdf, tQuantile } from '../stats/distribution.ts';
import { mean } from '../stats/moments.ts';
import { aicc } from '../stats/summary.ts';
import { breakCandidates, flatThenRise, twoSlopeBreak } from './hinge.ts';

/** Slope with its HC3 test. */
export interface RobustSlope {
  readonly slope: number;
  readonly se: number;
  readonly p: number;
}

/** Everything regression mode computed; slopes per decade of x, breaks in log10 of the scale, oriented units. */
export interface RegressionResult {
  readonly label: ShapeLabel;
  readonly emergent: boolean;
  readonly lateRise: boolean;
  /** p of what decided: the larger of the two sides' p for U and inverted-U, else the slope's. */
  readonly p: number;
  readonly linear: RobustSlope & { readonly intercept: number; readonly sse: number };
  readonly quadratic: { readonly p: number; readonly vertex: number | null } | null;
  readonly twoLines: { readonly breakpoint: number; readonly low: RobustSlope; readonly high: RobustSlope } | null;
  readonly hinge: {
    readonly tau: number;
    readonly slope: number;
    readonly intercept: number;
    readonly sse: number;
    /** AICc(linear) - AICc(hinge) and AICc(constant) - AICc(hinge); positive favours the hinge. */
    readonly overLinear: number;
    readonly overConstant: number;
  } | null;
  readonly range: number;
  /** Change over the whole range that the data cannot exclude (flat when below 0.10). */
  readonly largestChange: number;
}

const LEVERAGE_CAP = 1 - 1e-8;

const quantiles = new Map<number, number>();

/** 95 % quantile of t, kept per df: it takes a root search and the df repeat from series to series. */
function upperT(df: number): number {
  const known = quantiles.get(df);
  if (known !== undefined) return known;
  const value = tQuantile(0.95, df);
  quantiles.set(df, value);
  return value;
}

function pOf(t: number, df: number): number {
  if (Number.isNaN(t)) return 1;
  if (!Number.isFinite(t)) return 0;
  return Math.min(1, 2 * tCdf(-Math.abs(t), df));
}

function ratio(b: number, se: number): number {
  return b === 0 ? 0 : b / se;
}

/** Straight line on x[from..to) with HC3 standard error of the slope; `df` is that of the model it belongs to. */
export function robustLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  from: number,
  to: number,
  df: number,
): RobustSlope & { readonly intercept: number; readonly sse: number } {
  const n = to - from;
  let mx = 0;
  let my = 0;
  for (let i = from; i < to; i++) {
    mx += x[i] as number;
    my += y[i] as number;
  }
  mx /= n;
  my /= n;
  let sxx = 0;
  let sxy = 0;
  for (let i = from; i < to; i++) {
    const d = (x[i] as number) - mx;
    sxx += d * d;
    sxy += d * ((y[i] as number) - my);
  }
  if (sxx === 0) {
    let sse = 0;
    for (let i = from; i < to; i++) sse += ((y[i] as number) - my) ** 2;
    return { slope: 0, se: Number.POSITIVE_INFINITY, p: 1, intercept: my, sse };
  }
  const slope = sxy / sxx;
  let sse = 0;
  let meat = 0;
  for (let i = from; i < to; i++) {
    const d = (x[i] as number) - mx;
    const e = (y[i] as number) - my - slope * d;
    sse += e * e;
    const h = Math.min(1 / n + (d * d) / sxx, LEVERAGE_CAP);
    meat += (d * (e / (1 - h))) ** 2;
  }
  const se = Math.sqrt(meat) / sxx;
  return { slope, se, p: pOf(ratio(slope, se), df), intercept: my - slope * mx, sse };
}

/** Quadratic term of y on (1, x, x²) with its HC3 p, by orthogonalising x² against (1, x). Needs three distinct x. */
function quadratic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly p: number; readonly vertex: number | null } | null {
  const n = x.length;
  const mx = mean(x);
  const my = mean(y);
  let s2 = 0;
  let s3 = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - mx;
    s2 += d * d;
    s3 += d * d * d;
    sxy += d * ((y[i] as number) - my);
  }
  if (s2 === 0) return null;
  const a = s2 / n;
  const b = s3 / s2;
  let s22 = 0;
  let s2y = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - mx;
    const q = d * d - a - b * d;
    s22 += q * q;
    s2y += q * ((y[i] as number) - my);
  }
  if (s22 <= 1e-20 * a * a * n) return null;
  const b1 = sxy / s2;
  const b2 = s2y / s22;
  let meat = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - mx;
    const q = d * d - a - b * d;
    const e = (y[i] as number) - my - b1 * d - b2 * q;
    const h = Math.min(1 / n + (d * d) / s2 + (q * q) / s22, LEVERAGE_CAP);
    meat += (q * (e / (1 - h))) ** 2;
  }
  const se = Math.sqrt(meat) / s22;
  const tilt = b1 - b * b2;
  return { p: pOf(ratio(b2, se), n - 3), vertex: b2 === 0 ? null : mx - tilt / (2 * b2) };
}

/** What the rules need besides the points: chance and the best attainable value, oriented; null when unknown. */
export interface RegressionContext {
  readonly chance: number | null;
  readonly best: number | null;
}

/**
 * Regression mode (eight or more points sorted by x, at least three distinct x).
 *
 * @param x log10 of the scale, ascending
 * @param y oriented scores (higher is better)
 */
export function regressionShape(x: Float64Array, y: Float64Array, context: RegressionContext): RegressionResult {
  const n = x.length;
  const range = (x[n - 1] as number) - (x[0] as number);
  const linear = robustLine(x, y, 0, n, n - 2);
  const middle = mean(y);
  let size = 0;
  let sst = 0;
  for (let i = 0; i < n; i++) {
    sst += ((y[i] as number) - middle) ** 2;
    size = Math.max(size, Math.abs(y[i] as number));
  }
  const candidates = breakCandidates(x);
  const broken = twoSlopeBreak(x, y, candidates);
  let twoLines: RegressionResult['twoLines'] = null;
  if (broken !== null) {
    // The four-column design (1, low slope, high slope, jump) splits into one line per side, df n - 4 for both.
    const low = robustLine(x, y, 0, broken.at, n - 4);
    const high = robustLine(x, y, broken.at, n, n - 4);
    twoLines = { breakpoint: broken.c, low, high };
  }
  const rise = flatThenRise(x, y, candidates);
  let hinge: RegressionResult['hinge'] = null;
  if (rise !== null) {
    // Exact fits would give -∞; below rounding error the sums of squares are equal for our purposes.
    const floor = Math.max(n * (size * 1e-14) ** 2, Number.MIN_VALUE * 1e30);
    const own = aicc(Math.max(rise.sse, floor), n, 3);
    hinge = {
      tau: rise.tau,
      slope: rise.slope,
      intercept: rise.intercept,
      sse: rise.sse,
      overLinear: aicc(Math.max(linear.sse, floor), n, 2) - own,
      overConstant: aicc(Math.max(sst, floor), n, 1) - own,
    };
  }
  const lateRise = hinge !== null && hinge.slope > 0 && hinge.overLinear >= 4 && hinge.overConstant >= 10;
  const half = Number.isFinite(linear.se) ? upperT(n - 2) * linear.se * range : Number.POSITIVE_INFINITY;
  const largestChange = Math.abs(linear.slope) * range + half;
  let label: ShapeLabel;
  let p = linear.p;
  let emergent = false;
  const opposite = twoLines !== null && twoLines.low.slope * twoLines.high.slope < 0;
  if (twoLines !== null && opposite && twoLines.low.p < 0.05 && twoLines.high.p < 0.05) {
    label = twoLines.low.slope < 0 ? 'u-shaped' : 'inverted-u';
    p = Math.max(twoLines.low.p, twoLines.high.p);
  } else {
    emergent = lateRise && hinge !== null && isEmergent(x, y, hinge.tau, context);
    if (emergent) label = 'positive';
    else if (linear.p < 0.05) label = linear.slope > 0 ? 'positive' : 'inverse';
    else if (lateRise) label = 'positive';
    else label = largestChange < 0.1 ? 'flat' : 'inconclusive';
  }
  return {
    label,
    emergent,
    lateRise,
    p,
    linear,
    quadratic: quadratic(x, y),
    twoLines,
    hinge,
    range,
    largestChange,
  };
}

/**
 * The strict rule for emergence on top of a late rise: flat at the base before the break (within 5 % of what can be
 * gained), at least 10 % gained by the top models, and half a decade of models before the break.
 */
function isEmergent(x: Float64Array, y: Float64Array, tau: number, context: RegressionContext): boolean {
  const n = x.length;
  let left = 0;
  let sum = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    highest = Math.max(highest, y[i] as number);
    if ((x[i] as number) < tau) {
      left++;
      sum += y[i] as number;
    }
  }
  if (left === 0) return false;
  const before = sum / left;
  const base = context.chance ?? before;
  const best = context.best ?? highest;
  const gain = best - base;
  if (!(gain > 0)) return false;
  const topCount = Math.min(n, Math.max(3, Math.ceil(0.1 * n)));
  let top = 0;
  for (let i = n - topCount; i < n; i++) top += y[i] as number;
  top /= topCount;
  const span = (x[left - 1] as number) - (x[0] as number);
  return before <= base + 0.05 * gain && top - base >= 0.1 * gain && span >= 0.5;
}
