/** Order statistics: quantiles, medians and ranges of numbers that may come unsorted. */

/**
 * Quantile by linear interpolation between order statistics (Hyndman & Fan type 7, numpy's default).
 *
 * @param sorted ascending, finite
 * @param p probability in [0, 1]
 * @returns NaN for an empty array
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const place = Math.min(Math.max(p, 0), 1) * (n - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, n - 1)] as number;
  return low + (high - low) * (place - below);
}

/** Ascending copy as doubles, numerically (not as text). */
export function sortedCopy(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** {@link quantileSorted} of unsorted values. */
export function quantile(values: Iterable<number>, p: number): number {
  return quantileSorted(sortedCopy(values), p);
}

/** The middle value. */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
