/**
 * The values of a tree of maps, each with the keys that lead to it. Items of a list of maps, and the places of lists that
 * stand beside each other with one length, count as one step of the way, so that a curve per run is read like the rest.
 */
import type { Span } from '../table/span.ts';
import { isCountKey, kindOfKey } from './key-kinds.ts';
import { entriesOf, itemsOf, type ListNode, type MapNode, type Node, numberOf, type ScalarNode } from './tree.ts';

/** One step of the way to a value: a key, or a place in a list. */
export interface Part {
  readonly key: string;
  readonly span: Span | null;
  readonly index: boolean;
}

export interface Leaf {
  readonly path: readonly Part[];
  readonly value: ScalarNode;
}

/** Maps deeper than this hold no table of results. */
const MAX_DEPTH = 7;

/** Values of one tree of maps: each carries the keys of its way, and half a million of them are half a gigabyte. */
export const MOST_LEAVES = 500_000;

/**
 * The values below a node in their order, the first {@link MOST_LEAVES} and one of them. Lists that are no records and no
 * columns are left out.
 */
export function leavesOf(root: Node): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (node: Node, path: readonly Part[]): void => {
    if (path.length > MAX_DEPTH || leaves.length > MOST_LEAVES) return;
    if (node.kind === 'list') {
      if (isRecordList(node))
        node.items.forEach((item, i) => {
          walk(item, [...path, place(i)]);
        });
      return;
    }
    if (node.kind !== 'map') return;
    const together = commonLength(node);
    for (const { key, keySpan, value } of entriesOf(node)) {
      const part = { key, span: keySpan, index: false };
      if (value.kind === 'scalar') leaves.push({ path: [...path, part], value });
      else if (value.kind === 'list' && isScalarList(value)) {
        if (value.items.length !== together) continue;
        value.items.forEach((item, i) => {
          leaves.push({ path: [...path, place(i), part], value: item as ScalarNode });
        });
      } else walk(value, [...path, part]);
    }
  };
  walk(root, []);
  return leaves;
}

function place(i: number): Part {
  return { key: String(i), span: null, index: true };
}

function isRecordList(node: ListNode): boolean {
  return node.items.length > 0 && node.items.every((item) => item.kind === 'map');
}

function isScalarList(node: ListNode): boolean {
  return node.items.length > 0 && node.items.every((item) => item.kind === 'scalar');
}

/** The length that at least two lists of a map share; −1 where there are no such lists. */
function commonLength(node: MapNode): number {
  const counts = new Map<number, number>();
  for (const { value } of entriesOf(node)) {
    if (value.kind === 'list' && isScalarList(value))
      counts.set(itemsOf(value).length, (counts.get(itemsOf(value).length) ?? 0) + 1);
  }
  let best = -1;
  for (const [length, count] of counts) if (count >= 2 && length >= 2 && count > (counts.get(best) ?? 1)) best = length;
  return best;
}

/** Keys that say by themselves that results or sizes stand below them. */
const STRONG: ReadonlySet<string> = new Set(['metric', 'quantity', 'task', 'model', 'step', 'shots']);

/** Different keys that are looked at. */
const MOST_KEYS = 5_000;

/** Whether the keys of a value's way tell that it belongs to a study. */
export function isStrong({ path, value }: Leaf, judged: Map<string, boolean>): boolean {
  if (numberOf(value) === undefined) return false;
  return path.some(({ key, index }) => {
    // A single step count says nothing: jobs have steps, too.
    if (index || isCountKey(key)) return false;
    let strong = judged.get(key);
    if (strong === undefined) {
      // A dictionary of a hundred thousand words is no study: enough of them have been looked at.
      if (judged.size >= MOST_KEYS) return false;
      strong = STRONG.has(kindOfKey(key));
      judged.set(key, strong);
    }
    return strong;
  });
}
