/**
 * The papers' own shape rules, without error bars or tests, reported beside ours so that a reader can see where a
 * published label came from and what it rests on.
 */
import type { ShapeLabel } from '../report-model.ts';
import { linearityOf } from './linearity.ts';

/** Labels by published rules; null where a rule does not say. */
export interface PaperRules {
  /** Wei et al. (arXiv 2211.02011): interior minimum below both ends = U; by symmetry inverted-U; else the sign of last - first. */
  readonly wei: ShapeLabel;
  /** BIG-bench: the sign of linearity. */
  readonly bigBench: ShapeLabel;
  /** Interior points that the published rule's U rests on. */
  readonly interiorPoints: number;
}

/**
 * Applies the published rules to oriented scores in size order (higher is better; at least two points). Wei et al. print
 * the rule for U, inverse and positive; the inverted-U by symmetry is ours and only used when there is no U.
 */
export function paperRules(y: ArrayLike<number>): PaperRules {
  const k = y.length;
  let lo = 0;
  let hi = 0;
  for (let i = 1; i < k; i++) {
    if ((y[i] as number) < (y[lo] as number)) lo = i;
    if ((y[i] as number) > (y[hi] as number)) hi = i;
  }
  const first = y[0] ?? 0;
  const last = y[k - 1] ?? 0;
  const bySign = (value: number): ShapeLabel => (value > 0 ? 'positive' : value < 0 ? 'inverse' : 'flat');
  let wei = bySign(last - first);
  if (lo > 0 && lo < k - 1 && (y[lo] as number) < first && (y[lo] as number) < last) wei = 'u-shaped';
  else if (hi > 0 && hi < k - 1 && (y[hi] as number) > first && (y[hi] as number) > last) wei = 'inverted-u';
  return { wei, bigBench: bySign(linearityOf(y).improvement), interiorPoints: Math.max(0, k - 2) };
}
