/**
 * BIG-bench's two numbers for a ladder of sizes: linearity (steady change) and breakthroughness (one sudden step).
 * Both ignore noise and the spacing of sizes, so they compare only within one ladder.
 */
import { median } from '../stats/quantile.ts';

/** L and B of a ladder; a value that does not exist is null with the reason. */
export interface LinearityResult {
  /** Signed improvement: sign(argmax - argmin) * (max - min), in oriented units. */
  readonly improvement: number;
  readonly linearity: number | null;
  readonly breakthroughness: number | null;
  /** Why a value is null, or null when both exist. "∞" means a median step of zero with a nonzero improvement. */
  readonly reason: string | null;
}

/**
 * Linearity L = I / sqrt(mean z²) and breakthroughness B = I / sqrt(median z²), z the successive differences in size
 * order. Ties of the extremes take the first index; all values equal give 0; a zero median with I ≠ 0 makes B infinite,
 * reported as null (Xia et al. 2023, App. D.3, eq. 4, after BIG-bench, App. B).
 *
 * @param y oriented scores (higher is better) in size order
 */
export function linearityOf(y: ArrayLike<number>): LinearityResult {
  const n = y.length;
  if (n < 2) {
    return { improvement: 0, linearity: null, breakthroughness: null, reason: 'needs at least two models' };
  }
  let hi = 0;
  let lo = 0;
  for (let i = 1; i < n; i++) {
    if ((y[i] as number) > (y[hi] as number)) hi = i;
    if ((y[i] as number) < (y[lo] as number)) lo = i;
  }
  const spread = (y[hi] as number) - (y[lo] as number);
  if (spread === 0) return { improvement: 0, linearity: 0, breakthroughness: 0, reason: null };
  const improvement = Math.sign(hi - lo) * spread;
  const squares = new Float64Array(n - 1);
  let sum = 0;
  for (let i = 0; i < n - 1; i++) {
    const z = (y[i + 1] as number) - (y[i] as number);
    squares[i] = z * z;
    sum += z * z;
  }
  const middle = median(squares);
  const linearity = improvement / Math.sqrt(sum / (n - 1));
  if (middle === 0) {
    return {
      improvement,
      linearity,
      breakthroughness: null,
      reason: `breakthroughness is ${improvement < 0 ? '-' : ''}∞: the median step between sizes is zero; rank by the improvement (${improvement})`,
    };
  }
  return { improvement, linearity, breakthroughness: improvement / Math.sqrt(middle), reason: null };
}
