/**
 * The rows of a stream of delimited text, block by block: each row is cut, counted, filtered, assigned to its series and
 * offered to the thinning. Memory is one block, the distinct labels and the rows that are kept.
 */
import type { WhereClause } from '../study/study.ts';
import { holds } from '../study/where.ts';
import { ByteTexts } from '../table/byte-texts.ts';
import { columnNumbers } from '../table/csv-numbers.ts';
import { type CsvTokens, cellSpan, isEscaped, isQuoted, rawEnd, tokenizeCsv } from '../table/csv-tokens.ts';
import { readModelName } from '../table/sizes.ts';
import type { BlockTaker } from './stream-chunks.ts';
import { type KeyColumn, MOST_CONDITIONS, type StreamPlan } from './stream-plan.ts';
import { type KeptRow, keptRows, merge, newGroup, offer, type ThinGroup, thin } from './thin.ts';

/** Rows that a stream is thinned to, in all and per series (or per run, where runs have checkpoints). */
export interface ThinLimits {
  readonly rows: number;
  readonly perGroup: number;
  /** A group is never thinned below this; so many groups are the most there can be. */
  readonly least: number;
}

export const THIN_LIMITS: ThinLimits = { rows: 120_000, perGroup: 4_000, least: 6 };

export interface StreamSettings {
  readonly plan: StreamPlan;
  readonly delimiter: string;
  readonly columnCount: number;
  readonly where: readonly (WhereClause & { readonly at: number })[];
  readonly maxLine: number;
  readonly limits: ThinLimits;
  readonly decode: (bytes: Uint8Array) => string;
}

interface Keyed {
  readonly group: ThinGroup;
  readonly codes: readonly number[];
}

/** The line of the file that a row was made of. */
export interface Original {
  readonly line: number;
  readonly bytes: () => Uint8Array;
}

/** Rows read and what became of them. */
export class RowThinner implements BlockTaker {
  readonly #settings: StreamSettings;
  #keys: KeyColumn[];
  #texts: ByteTexts[];
  /** From the codes of the keys, one after another, to a group: pairs of (number so far, code). */
  #pairs: Map<number, number>[] = [];
  #groups: Keyed[] = [];
  #lastCodes: Int32Array;
  #lastGroup: ThinGroup | null = null;
  #perGroup: number;
  #kept = 0;
  readonly #sizes = new Map<string, number>();
  #tokens: CsvTokens | undefined;
  /** Of the block, per row: the columns that make its size. */
  #factors: readonly Float64Array[] = [];
  #oneLine = false;
  #line: number;
  #afterReturn = false;
  rowsRead = 0;
  filtered = 0;
  ragged = 0;
  /** A line that is longer than any table's; the stream is refused then. */
  longLine = false;
  /** More series than can be kept; the stream is refused then. */
  tooMany = false;
  get stopped(): boolean {
    return this.longLine || this.tooMany;
  }

  /** Names of columns that no longer keep rows apart, with the reason. */
  readonly dropped: { readonly header: string; readonly why: 'names' | 'runs' }[] = [];

  /** @param line zero-based line at which the first block begins */
  constructor(settings: StreamSettings, line: number) {
    this.#settings = settings;
    this.#keys = [...settings.plan.keys];
    this.#texts = this.#keys.map(() => new ByteTexts());
    this.#lastCodes = new Int32Array(this.#keys.length).fill(-1);
    this.#pairs = this.#keys.map(() => new Map());
    this.#perGroup = settings.limits.perGroup;
    this.#line = line;
  }

  /**
   * Takes the next block.
   * @param units the block and what lies behind it
   * @param originals what to keep of each row in its place, and its line: where the block was made of something else
   * @returns where the first row begins that the block does not hold whole
   */
  take(units: Uint8Array, length: number, last: boolean, originals: readonly Original[] | null = null): number {
    const { delimiter, maxLine } = this.#settings;
    const tokens = tokenizeCsv({
      units,
      from: 0,
      length,
      delimiter,
      maxLine,
      last,
      oneLine: this.#oneLine,
      ...(this.#tokens === undefined ? {} : { reuse: this.#tokens }),
    });
    this.#tokens = tokens;
    this.#oneLine = tokens.oneLine;
    if (tokens.longLine >= 0) {
      this.longLine = true;
      return length;
    }
    this.#factors = columnNumbers(
      units,
      tokens,
      Uint32Array.from({ length: tokens.rows }, (_, row) => row),
      this.#settings.plan.factors.map(({ column }) => column),
      false,
      (a, b) => this.#settings.decode(units.subarray(a, b)),
    );
    let at = 0;
    for (let row = 0; row < tokens.rows && !this.tooMany; row++) {
      const from = tokens.rowFrom[row] as number;
      this.#countLines(units, at, from);
      const end = rawEnd(tokens, (tokens.rowStart[row + 1] as number) - 1);
      this.#row(units, tokens, row, from, end, originals?.[row] ?? null);
      // Only a cell in quotes runs over line ends.
      if (hasQuotes(tokens, row)) this.#countLines(units, from, end);
      else this.#afterReturn = false;
      at = end;
    }
    this.#countLines(units, at, tokens.rest);
    return tokens.rest;
  }

  #countLines(units: Uint8Array, from: number, to: number): void {
    let lines = 0;
    let afterReturn = this.#afterReturn;
    for (let i = from; i < to; i++) {
      const c = units[i] as number;
      if (c > 13) {
        afterReturn = false;
        continue;
      }
      if (c === 10) {
        if (!afterReturn) lines++;
        afterReturn = false;
      } else if (c === 13) {
        lines++;
        afterReturn = true;
      } else afterReturn = false;
    }
    this.#afterReturn = afterReturn;
    this.#line += lines;
  }

  #row(units: Uint8Array, tokens: CsvTokens, row: number, from: number, end: number, original: Original | null): void {
    const first = tokens.rowStart[row] as number;
    const width = (tokens.rowStart[row + 1] as number) - first;
    const { columnCount, where, decode, plan } = this.#settings;
    if (width !== columnCount) {
      if (units[from] === 35) return;
      if (width < columnCount && blank(units, from, end)) return;
      this.ragged++;
    }
    this.rowsRead++;
    for (const clause of where) {
      if (clause.at >= width || !holds(cellText(units, tokens, row, first + clause.at, decode), clause)) {
        this.filtered++;
        return;
      }
    }
    const group = this.#groupOf(units, tokens, row, first, width);
    if (group === null) return;
    let x = plan.factors.length === 0 && plan.namedSizes < 0 ? Number.NaN : 1;
    plan.factors.forEach(({ log10 }, k) => {
      const value = (this.#factors[k] as Float64Array)[row] as number;
      x *= log10 ? 10 ** value : value;
    });
    if (plan.namedSizes >= 0 && plan.namedSizes < width) {
      const name = cellText(units, tokens, row, first + plan.namedSizes, decode);
      let size = this.#sizes.get(name);
      if (size === undefined) {
        if (this.#sizes.size > 100_000) this.#sizes.clear();
        size = readModelName(name).params?.value ?? Number.NaN;
        this.#sizes.set(name, size);
      }
      if (!Number.isNaN(size) || plan.factors.length === 0) x *= size;
    }
    const order = this.rowsRead;
    const line = original?.line ?? this.#line;
    this.#kept += offer(
      group,
      x,
      (): KeptRow => ({ x, order, line, bytes: original?.bytes() ?? units.slice(from, end) }),
    );
    if (group.kept > this.#perGroup) this.#kept -= thin(group, this.#perGroup);
    if (this.#kept > this.#settings.limits.rows) this.#tighten();
  }

  #groupOf(units: Uint8Array, tokens: CsvTokens, row: number, first: number, width: number): ThinGroup | null {
    const keys = this.#keys;
    const codes = this.#lastCodes;
    let same = this.#lastGroup !== null;
    for (let k = 0; k < keys.length; k++) {
      const { column, kind } = keys[k] as KeyColumn;
      const texts = this.#texts[k] as ByteTexts;
      let code = -1;
      if (column < width) {
        const { start, end } = cellSpan(tokens, units, row, first + column);
        code = texts.codeOf(units, start, end);
        if (kind === 'maybe' && texts.size > MOST_CONDITIONS) {
          this.#drop((key) => key.column === column, 'names');
          return this.#groupOf(units, tokens, row, first, width);
        }
      }
      if (code !== codes[k]) {
        codes[k] = code;
        same = false;
      }
    }
    if (same) return this.#lastGroup;
    const group = this.#find([...codes]).group;
    this.#lastGroup = group;
    const { rows, least } = this.#settings.limits;
    if (this.#groups.length * least > rows) {
      const runs = keys.some((key) => key.kind === 'run');
      if (runs || keys.some((key) => key.kind === 'maybe')) {
        this.#drop((key) => key.kind === (runs ? 'run' : 'maybe'), runs ? 'runs' : 'names');
        return this.#groupOf(units, tokens, row, first, width);
      }
      this.tooMany = true;
      return null;
    }
    return group;
  }

  #find(codes: readonly number[]): Keyed {
    let at = 0;
    for (let k = 0; k < codes.length; k++) {
      // Codes and groups stay far below 2^26 each.
      const key = at * 2 ** 26 + (codes[k] as number) + 1;
      const pairs = this.#pairs[k] as Map<number, number>;
      let next = pairs.get(key);
      if (next === undefined) {
        next = k === codes.length - 1 ? this.#groups.length : pairs.size;
        if (k === codes.length - 1) this.#groups.push({ group: newGroup(), codes });
        pairs.set(key, next);
      }
      at = next;
    }
    if (codes.length === 0 && this.#groups.length === 0) this.#groups.push({ group: newGroup(), codes });
    return this.#groups[at] as Keyed;
  }

  /** Takes columns out of the key and joins the groups that only they kept apart. */
  #drop(which: (key: KeyColumn) => boolean, why: 'names' | 'runs'): void {
    const keep = this.#keys.map((key) => !which(key));
    for (const key of this.#keys) if (which(key)) this.dropped.push({ header: key.header, why });
    const old = this.#groups;
    this.#keys = this.#keys.filter((_, k) => keep[k]);
    this.#texts = this.#texts.filter((_, k) => keep[k]);
    this.#pairs = this.#keys.map(() => new Map());
    this.#groups = [];
    this.#lastGroup = null;
    this.#lastCodes = new Int32Array(this.#keys.length).fill(-1);
    this.#kept = 0;
    for (const { group, codes } of old) {
      const into = this.#find(codes.filter((_, k) => keep[k])).group;
      merge(into, group);
      thin(into, this.#perGroup);
    }
    for (const { group } of this.#groups) this.#kept += group.kept;
  }

  /** Halves what a group may keep until everything fits. */
  #tighten(): void {
    const { rows, least } = this.#settings.limits;
    while (this.#kept > 0.75 * rows && this.#perGroup > least) {
      this.#perGroup = Math.max(least, Math.floor(this.#perGroup / 2));
      for (const { group } of this.#groups) this.#kept -= thin(group, this.#perGroup);
    }
  }

  /** The rows kept, in the order of the file. */
  rows(): KeptRow[] {
    return this.#groups.flatMap(({ group }) => [...keptRows(group)]).sort((a, b) => a.order - b.order);
  }

  /** Groups in which every row was kept, and those that were thinned. */
  counts(): { readonly groups: number; readonly thinned: number } {
    let thinned = 0;
    for (const { group } of this.#groups) if (group.seen > [...keptRows(group)].length) thinned++;
    return { groups: this.#groups.length, thinned };
  }
}

function hasQuotes(tokens: CsvTokens, row: number): boolean {
  const next = tokens.rowStart[row + 1] as number;
  for (let cell = tokens.rowStart[row] as number; cell < next; cell++) if (isQuoted(tokens, cell)) return true;
  return false;
}

function blank(units: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (units[i] !== 32 && units[i] !== 9) return false;
  return true;
}

function cellText(
  units: Uint8Array,
  tokens: CsvTokens,
  row: number,
  cell: number,
  decode: (bytes: Uint8Array) => string,
): string {
  const { start, end } = cellSpan(tokens, units, row, cell);
  const text = decode(units.subarray(start, end));
  return isEscaped(tokens, cell) ? text.replaceAll('""', '"') : text;
}
