/** First moments of lists of numbers, and how two lists move together. */

/** Arithmetic mean; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Pearson's r of two lists of one length, in [-1, 1] up to rounding; null where either does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const meanA = mean(a);
  const meanB = mean(b);
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    const u = (a[i] as number) - meanA;
    const v = (b[i] as number) - meanB;
    aa += u * u;
    bb += v * v;
    ab += u * v;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}
