/** Correlation of two variables, and whether size and data of a set of runs can be told apart at all. */

/** |correlation| of ln N and ln D from which on a fit cannot say which of the two did it. */
const TOGETHER = 0.995;

/** Pearson's r of two lists of one length; 1 where either does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let meanA = 0;
  let meanB = 0;
  for (let i = 0; i < n; i++) {
    meanA += (a[i] as number) / n;
    meanB += (b[i] as number) / n;
  }
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < n; i++) {
    const u = (a[i] as number) - meanA;
    const v = (b[i] as number) - meanB;
    aa += u * u;
    bb += v * v;
    ab += u * v;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 1;
}

/**
 * Whether parameters and tokens grow together in all runs, so that their effects cannot be told apart.
 * @param runs those that know both
 */
export function growTogether(
  runs: readonly { readonly params: number | null; readonly tokens: number | null }[],
): boolean {
  const logs = (of: 'params' | 'tokens') => Float64Array.from(runs, (run) => Math.log(run[of] as number));
  return Math.abs(correlation(logs('params'), logs('tokens'))) >= TOGETHER;
}
