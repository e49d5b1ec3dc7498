/** How many questions stand behind accuracies whose file states errors but no count (lm-evaluation-harness 0.3, say). */
import { sortedCopy } from '../stats/quantile.ts';
import type { Draft } from './draft.ts';

/** Estimates further apart than this are no common count: clustered or bootstrapped errors, or several data sets. */
const AGREE = 0.02;

/**
 * The count n that makes every standard error the sample standard deviation of right and wrong answers over √n, as the
 * harness writes it: s² = p(1 − p)/(n − 1), so n = p(1 − p)/s² + 1. Null where the rows do not agree on one.
 * @param unit 100 for percent, 1 for fractions
 */
export function itemsFromErrors(drafts: readonly Pick<Draft, 'y' | 'stderr' | 'n'>[], unit: number): number | null {
  const counts: number[] = [];
  let best = { count: Number.NaN, spread: 0 };
  for (const { y, stderr, n } of drafts) {
    if (n !== null) return null;
    if (stderr === null || stderr === 0) continue;
    const p = y / unit;
    const spread = p * (1 - p);
    // Near 0 and 1 a rounded score decides the result.
    if (!(spread > 0.02)) continue;
    const count = spread / (stderr / unit) ** 2 + 1;
    counts.push(count);
    if (spread > best.spread) best = { count, spread };
  }
  if (counts.length < 2) return null;
  // One of the counts and not the mean of two: of two estimates the mean would be near both at twice the distance.
  const middle = sortedCopy(counts)[counts.length >> 1] as number;
  if (!counts.every((count) => Math.abs(count / middle - 1) <= AGREE)) return null;
  const items = Math.round(best.count);
  return items >= 10 && items <= 1e7 ? items : null;
}
