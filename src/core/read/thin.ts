/**
 * Thinning rows of a stream to a bounded number: in every group (a series, or a run of it) the rows are sorted into bins of
 * equal width in log x, and a bin that grows too large keeps every second of its rows, then every fourth… The sample is
 * the same for the same file, covers the whole range of x, and always holds the rows of the smallest and largest x.
 */

/** A row that is kept: what the caller needs to write it down again. */
export interface KeptRow {
  readonly x: number;
  /** Position among all rows of the file. */
  readonly order: number;
  /** Zero-based line in the file. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

interface Bin {
  /** Every `stride`-th row that falls into the bin is kept. */
  stride: number;
  seen: number;
  rows: KeptRow[];
}

/** One series, or one run of a series. */
export interface ThinGroup {
  seen: number;
  kept: number;
  /** Bins are 2^width sixteenths of a decade wide. */
  width: number;
  readonly bins: Map<number, Bin>;
  first: KeptRow | null;
  last: KeptRow | null;
}

/** Rows without a scale share a bin. */
const NO_X = -1_000_000;
const PER_DECADE = 16;

export function newGroup(): ThinGroup {
  return { seen: 0, kept: 0, width: 0, bins: new Map(), first: null, last: null };
}

function binOf(x: number, width: number): number {
  return x > 0 ? Math.floor((Math.log10(x) * PER_DECADE) / 2 ** width) : NO_X;
}

/**
 * Offers a row to its group.
 * @param keep makes the record; called only where the row is kept for now
 * @returns by how many the rows kept in bins grew (0 or 1)
 */
export function offer(group: ThinGroup, x: number, keep: () => KeptRow): number {
  group.seen++;
  let row: KeptRow | null = null;
  if (group.first === null || x < group.first.x || (Number.isNaN(group.first.x) && !Number.isNaN(x)))
    group.first = row = keep();
  // Of equal ones the last in the file: the final checkpoint of a run.
  if (group.last === null || x >= group.last.x || Number.isNaN(group.last.x)) group.last = row ??= keep();
  const key = binOf(x, group.width);
  let bin = group.bins.get(key);
  if (bin === undefined) group.bins.set(key, (bin = { stride: 1, seen: 0, rows: [] }));
  if (bin.seen++ % bin.stride !== 0) return 0;
  bin.rows.push(row ?? keep());
  group.kept++;
  return 1;
}

/** Brings a group to at most `most` rows in bins, the fullest bin first. Returns how many rows went. */
export function thin(group: ThinGroup, most: number): number {
  const before = group.kept;
  while (group.kept > most) {
    let fullest: Bin | null = null;
    for (const bin of group.bins.values()) if (fullest === null || bin.rows.length > fullest.rows.length) fullest = bin;
    if (fullest === null) break;
    if (fullest.rows.length < 2) {
      if (group.bins.size < 2) break;
      widen(group);
      continue;
    }
    fullest.rows = fullest.rows.filter((_, k) => k % 2 === 0);
    fullest.stride *= 2;
    group.kept = total(group);
  }
  return before - group.kept;
}

function total(group: ThinGroup): number {
  let sum = 0;
  for (const bin of group.bins.values()) sum += bin.rows.length;
  return sum;
}

/** Joins neighbouring bins. */
function widen(group: ThinGroup): void {
  group.width++;
  const old = [...group.bins];
  group.bins.clear();
  for (const [key, bin] of old) join(group, key === NO_X ? NO_X : Math.floor(key / 2), bin);
}

function join(group: ThinGroup, key: number, bin: Bin): void {
  const there = group.bins.get(key);
  if (there === undefined) group.bins.set(key, bin);
  else {
    there.rows = [...there.rows, ...bin.rows].sort((a, b) => a.order - b.order);
    there.stride = Math.max(there.stride, bin.stride);
    there.seen += bin.seen;
  }
}

/** Adds the rows of one group to another. */
export function merge(into: ThinGroup, from: ThinGroup): void {
  while (from.width < into.width) widen(from);
  while (into.width < from.width) widen(into);
  for (const [key, bin] of from.bins) join(into, key, bin);
  into.seen += from.seen;
  into.kept = total(into);
  if (from.first !== null && (into.first === null || !(into.first.x <= from.first.x))) into.first = from.first;
  if (from.last !== null && (into.last === null || !(into.last.x > from.last.x))) into.last = from.last;
}

/** Everything that a group keeps, in any order, without repeats. */
export function keptRows(group: ThinGroup): Iterable<KeptRow> {
  const rows = new Set<KeptRow>();
  const orders = new Set<number>();
  const add = (row: KeptRow | null): void => {
    if (row === null || orders.has(row.order)) return;
    orders.add(row.order);
    rows.add(row);
  };
  for (const bin of group.bins.values()) for (const row of bin.rows) add(row);
  add(group.first);
  add(group.last);
  return rows;
}
