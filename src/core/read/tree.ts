/**
 * One shape for nested data, whether it was written as JSON, JSON lines or YAML: maps, lists and scalars that know
 * where they stand in the text. Maps are lists of entries, so a key called `__proto__` is a key like any other.
 */
import type { TextProblem } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly span: Span;
}
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly span: Span;
}
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, unquoted. */
  readonly raw: string;
  readonly span: Span;
}
export type Node = MapNode | ListNode | ScalarNode;

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

/** What a parser of nested data gives back. */
export interface ParsedTree {
  /** null: nothing could be read. */
  readonly root: Node | null;
  readonly problems: readonly TextProblem[];
  /** True when the text ended in the middle of a value. */
  readonly truncated: boolean;
}

const indexes = new WeakMap<MapNode, Map<string, Entry>>();

/** The entry of a key; of a key that stands twice, the last (as JSON.parse and YAML loaders do). */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  if (node?.kind !== 'map') return undefined;
  if (node.entries.length <= FEW) return node.entries.findLast((entry) => entry.key === key);
  return indexOf(node).get(key);
}

/** Entries up to which looking at each is faster than an index. */
const FEW = 8;

/** The entries of a map by key; of repeated keys the last. */
function indexOf(node: MapNode): ReadonlyMap<string, Entry> {
  let index = indexes.get(node);
  if (index === undefined) {
    index = new Map();
    for (const entry of node.entries) index.set(entry.key, entry);
    indexes.set(node, index);
  }
  return index;
}

/** The value at a path of keys; undefined where the path ends early. */
export function at(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let here = node;
  for (const key of path) here = entryOf(here, key)?.value;
  return here;
}

/** True if the map has all of the keys. */
export function has(node: Node | undefined, ...keys: readonly string[]): boolean {
  return keys.every((key) => entryOf(node, key) !== undefined);
}

/** The entries of a map, the last of each repeated key only; none if the node is no map. */
export function entriesOf(node: Node | undefined): readonly Entry[] {
  if (node?.kind !== 'map') return [];
  const { entries } = node;
  if (entries.length <= FEW) {
    // Each key against those before it: an index costs more.
    const repeated = entries.some((entry, i) => entries.findLastIndex(({ key }) => key === entry.key) !== i);
    if (!repeated) return entries;
  }
  const last = indexOf(node);
  return last.size === entries.length ? entries : [...last.values()];
}

/** The items of a list; none if the node is no list. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a string scalar. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A finite number: a number scalar, or a string that is nothing but a plain number. */
export function numberOf(node: Node | undefined): number | undefined {
  if (node?.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number') return Number.isFinite(node.value) ? node.value : undefined;
  if (typeof node.value !== 'string' || !/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(node.value))
    return undefined;
  const number = Number(node.value);
  return Number.isFinite(number) ? number : undefined;
}

/** The boolean of a scalar. */
export function flagOf(node: Node | undefined): boolean | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;
}

/** The scalar itself, unless it is null or absent. */
export function scalarOf(node: Node | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node : undefined;
}
