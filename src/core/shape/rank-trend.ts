/**
 * A trend without error bars: Kendall's exact test on a short ladder. With three to seven models and no standard errors
 * nothing can be said about a turn, but five or more sizes in strict order are already unlikely by chance.
 */

/** Kendall's S and the exact two-sided p (no ties in x; ties in y count zero, which keeps p conservative). */
export interface RankTrend {
  readonly s: number;
  readonly p: number;
}

/** Number of permutations of n items by their inversion count. */
function inversionCounts(n: number): Float64Array {
  let counts = Float64Array.of(1);
  for (let k = 2; k <= n; k++) {
    const next = new Float64Array(counts.length + k - 1);
    for (let i = 0; i < counts.length; i++) {
      for (let j = 0; j < k; j++) next[i + j] = (next[i + j] as number) + (counts[i] as number);
    }
    counts = next;
  }
  return counts;
}

/**
 * Mann-Kendall trend test by enumeration of inversion counts (exact for distinct values).
 *
 * @param y scores in size order, up to about 20
 */
export function kendallTrend(y: ArrayLike<number>): RankTrend {
  const n = y.length;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign((y[j] as number) - (y[i] as number));
  const counts = inversionCounts(n);
  const pairs = (n * (n - 1)) / 2;
  let total = 0;
  let extreme = 0;
  for (let inversions = 0; inversions < counts.length; inversions++) {
    const c = counts[inversions] as number;
    total += c;
    if (Math.abs(pairs - 2 * inversions) >= Math.abs(s)) extreme += c;
  }
  return { s, p: Math.min(1, extreme / total) };
}
