/**
 * Which quantity a series runs over: training FLOP where it is known, else parameters, else tokens, else steps; one
 * quantity per series, never a mixture.
 */
import type { ScaleKind } from '../report-model.ts';
import type { Draft } from './draft.ts';

type Quantity = 'compute' | 'params' | 'tokens' | 'steps';

export const QUANTITY_OF: Readonly<Record<Quantity, (d: Draft) => number | null>> = {
  compute: (d) => d.compute,
  params: (d) => d.params,
  tokens: (d) => d.tokens,
  steps: (d) => d.step,
};

export interface ScaleChoice {
  readonly scale: ScaleKind;
  readonly how: string;
  /** Sets x on every draft it is known for; NaN elsewhere. */
  readonly valueOf: (d: Draft) => number | null;
}

/** Words of the command line and the manifest for the four quantities. */
export function quantityWord(x: string): Quantity | null {
  const word = x.trim();
  if (word === 'C' || /^(?:compute|flops?)$/i.test(word)) return 'compute';
  if (word === 'N' || /^(?:params?|parameters)$/i.test(word)) return 'params';
  if (word === 'D' || /^tokens$/i.test(word)) return 'tokens';
  if (/^steps?$/i.test(word)) return 'steps';
  return null;
}

const NAMES: Readonly<Record<Quantity, string>> = {
  compute: 'training FLOP',
  params: 'parameters',
  tokens: 'training tokens',
  steps: 'training steps',
};

/** Share of points that must know a quantity before it may leave the others out. */
const ENOUGH = 0.6;

function distinctValues(
  drafts: readonly Draft[],
  of: (d: Draft) => number | null,
): { known: number; distinct: number } {
  const seen = new Set<number>();
  let known = 0;
  for (const d of drafts) {
    const v = of(d);
    if (v === null) continue;
    known++;
    if (seen.size < 50) seen.add(v);
  }
  return { known, distinct: seen.size };
}

/**
 * True where steps are known for every row and sizes for most, and each row is the end of a run of its own: then the rows are
 * models to compare by size, and no learning curve. A run that crashed has no size and is left out.
 */
function ends(
  full: { readonly q: Quantity } | undefined,
  most: { readonly q: Quantity } | undefined,
  drafts: readonly Draft[],
): boolean {
  if (full?.q !== 'steps' || most?.q !== 'params') return false;
  return new Set(drafts.map((d) => d.run)).size === drafts.length;
}

/**
 * Chooses the scale of one series; null if nothing says how large its models are.
 * @param pinned word or header that overrides the choice
 */
export function chooseScale(drafts: readonly Draft[], pinned: string | null, pinnedBy: string): ScaleChoice | null {
  if (pinned !== null) {
    const quantity = quantityWord(pinned);
    if (quantity !== null)
      return { scale: quantity, how: `${NAMES[quantity]}, ${pinnedBy}`, valueOf: QUANTITY_OF[quantity] };
    return {
      scale: pinned,
      how: `column “${pinned}”, ${pinnedBy}`,
      valueOf: (d) => (d.pinnedX !== undefined && Number.isFinite(d.pinnedX) ? d.pinnedX : null),
    };
  }
  const order: readonly Quantity[] = ['compute', 'params', 'tokens', 'steps'];
  const facts = order.map((q) => ({ q, ...distinctValues(drafts, QUANTITY_OF[q]) }));
  const total = drafts.length;
  const several = facts.filter((f) => f.distinct >= Math.min(2, total));
  const full = several.find((f) => f.known === total);
  const most = several.find((f) => f.known >= Math.max(2, ENOUGH * total) && f.known / total >= ENOUGH);
  const compute = facts[0] as (typeof facts)[number];
  const best =
    compute.distinct >= 2 && compute.known / total >= ENOUGH
      ? compute
      : ends(full, most, drafts)
        ? most
        : (full ?? most ?? several.find((f) => f.known > 0) ?? facts.find((f) => f.known > 0));
  if (best === undefined) return null;
  // One step number in a few names says nothing of the others.
  if (best.q === 'steps' && best.distinct < 2 && best.known < ENOUGH * total) return null;
  const rest = total - best.known;
  const how = `${NAMES[best.q]}, known for ${rest === 0 ? 'every point' : `${best.known} of ${total} points`}`;
  return { scale: best.q, how, valueOf: QUANTITY_OF[best.q] };
}
