/** Whether size and data of a set of runs can be told apart at all. */
import { correlation } from '../stats/moments.ts';

/** |correlation| of ln N and ln D from which on a fit cannot say which of the two did it. */
const TOGETHER = 0.995;

/**
 * Whether parameters and tokens grow together in all runs, or one of them does not vary, so that their effects cannot be
 * told apart.
 * @param runs those that know both
 */
export function growTogether(
  runs: readonly { readonly params: number | null; readonly tokens: number | null }[],
): boolean {
  const logs = (of: 'params' | 'tokens') => Float64Array.from(runs, (run) => Math.log(run[of] as number));
  const r = correlation(logs('params'), logs('tokens'));
  return r === null || Math.abs(r) >= TOGETHER;
}
