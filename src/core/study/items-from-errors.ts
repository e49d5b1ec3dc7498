/** How many questions stand behind accuracies whose file states errors but no count (lm-evaluation-harness 0.3, say). */
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
  const sorted = Float64Array.from(counts).sort();
  const median = sorted[sorted.length >> 1] as number;
  const near = counts.filter((count) => Math.abs(count / median - 1) <= AGREE).length;
  const items = Math.round(Math.abs(best.count / median - 1) <= AGREE ? best.count : median);
  return near === counts.length && items >= 10 && items <= 1e7 ? items : null;
}
