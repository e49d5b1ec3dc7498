/**
 * The tokenizer of delimited text: one pass over code units that notes where every cell ends, in typed arrays, and builds
 * no strings. It accepts everything and lists what is wrong. It works on whole texts and on blocks of a stream.
 */
import type { Span } from './span.ts';

export interface CsvFault {
  readonly kind: 'unclosed-quote' | 'text-after-quote';
  readonly start: number;
  readonly end: number;
}

export interface CsvTokens {
  /**
   * Of every cell, in file order: where the delimiter or line end after it stands. The highest bit says that the cell is
   * in quotes, the next one that it holds doubled quotes. The cell begins behind the cell before it, or with its row.
   */
  readonly ends: Uint32Array;
  /** Where every row begins in the text. Lines without any character are no rows. */
  readonly rowFrom: Uint32Array;
  /** Index of the first cell of every row; one more entry than rows. */
  readonly rowStart: Uint32Array;
  readonly rows: number;
  readonly cells: number;
  readonly faults: readonly CsvFault[];
  /** Start of the first line that is longer than the limit; −1 if none is. Tokenizing stops there. */
  readonly longLine: number;
  /** Where the first row begins that the block does not hold to its end; the length where every row is whole. */
  readonly rest: number;
  /** A quote was never closed: quoted cells no longer run over line ends. */
  readonly oneLine: boolean;
}

/** A block of a text and what is known of the text before it. */
export interface TokenInput {
  /**
   * Code units (or UTF-8 bytes). Unless the text ends with a line end there is one more element after `length`, which is
   * overwritten by one.
   */
  readonly units: Uint8Array;
  readonly from: number;
  /** At most 2^30. */
  readonly length: number;
  /** One ASCII character. */
  readonly delimiter: string;
  /** Length of a line beyond which tokenizing stops. */
  readonly maxLine: number;
  /** False for a block of a stream: a row without a line end is left to the next block (`rest`). */
  readonly last?: boolean;
  /** As the block before returned it. */
  readonly oneLine?: boolean;
  /** Arrays of an earlier block to write over. */
  readonly reuse?: CsvTokens;
}

const MAX_FAULTS = 200;
/** The cell stood in quotes. */
const QUOTED = 0x80000000;
/** The cell holds doubled quotes that must be halved. */
const ESCAPED = 0x40000000;
/** What an entry of `ends` says of the place, without the flags above it. */
export const PLACE = 0x3fffffff;

function grow(a: Uint32Array): Uint32Array {
  const b = new Uint32Array(Math.ceil(a.length * 1.5) + 64);
  b.set(a);
  return b;
}

/** Cells and rows to expect in the whole block, from its first 64 K units: keeps the arrays from growing by copies. */
function expect(units: Uint8Array, delimiter: number, from: number, length: number): { cells: number; rows: number } {
  const probe = Math.min(length, from + 65536);
  let separators = 1;
  let lines = 1;
  for (let i = from; i < probe; i++) {
    const c = units[i];
    if (c === delimiter) separators++;
    else if (c === 10 || c === 13) lines++;
  }
  const scale = (1.08 * (length - from)) / Math.max(1, probe - from);
  return { cells: Math.ceil((separators + lines) * scale) + 64, rows: Math.ceil(lines * scale) + 64 };
}

/** Cuts units[from…length) into cells. Linear in the length whatever the text. */
export function tokenizeCsv(input: TokenInput): CsvTokens {
  const { units, length, maxLine, reuse } = input;
  const last = input.last ?? true;
  const sep = input.delimiter.charCodeAt(0);
  // Everything above is neither delimiter nor line end: one comparison for most characters.
  const top = Math.max(sep, 13);
  const size = reuse === undefined ? expect(units, sep, input.from, length) : null;
  let ends = reuse?.ends ?? new Uint32Array(size?.cells ?? 0);
  let rowFrom = reuse?.rowFrom ?? new Uint32Array(size?.rows ?? 0);
  let rowStart = reuse?.rowStart ?? new Uint32Array(size?.rows ?? 0);
  const faults: CsvFault[] = [];
  if (units.length > length) units[length] = 10;
  let oneLine = input.oneLine ?? false;
  let longLine = -1;
  let rest = length;
  let cells = 0;
  let rows = 0;
  let i = input.from;
  while (i < length) {
    // Empty lines are no rows (and neither is the `\n` of `\r\n`).
    let c = units[i] as number;
    if (c === 10 || c === 13) {
      i++;
      continue;
    }
    const lineStart = i;
    const firstCell = cells;
    if (rows + 1 >= rowStart.length) {
      rowStart = grow(rowStart);
      rowFrom = grow(rowFrom);
    }
    rowStart[rows] = cells;
    rowFrom[rows] = i;
    let whole = true;
    for (;;) {
      // One cell, from i to the delimiter or line end (the sentinel ends the last line).
      if (cells >= ends.length) ends = grow(ends);
      let flag = 0;
      c = units[i] as number;
      if (c === 34 || c === 32) {
        const quoted = closingQuote(units, i, length, sep, oneLine);
        if (quoted.closed) {
          flag = quoted.flag;
          i = quoted.at;
        } else if (quoted.at >= length && !last && length - lineStart <= maxLine) {
          // The next block may close it.
          whole = false;
          break;
        } else if (quoted.fault !== null) {
          if (faults.length < MAX_FAULTS) faults.push(quoted.fault);
          // After one quote that never closes, quoted cells no longer run over line ends: that keeps the pass linear.
          if (quoted.fault.kind === 'unclosed-quote') oneLine = true;
        }
      }
      while ((c = units[i] as number) > top || (c !== sep && c !== 10 && c !== 13)) i++;
      ends[cells++] = i + flag;
      if (c !== sep) break;
      i++;
    }
    if (i - lineStart > maxLine) longLine = lineStart;
    if (longLine >= 0 || !whole || (i >= length && !last)) {
      cells = firstCell;
      rest = lineStart;
      break;
    }
    i++;
    rows++;
  }
  rowStart[rows] = cells;
  return { ends, rowFrom, rowStart, rows, cells, faults, longLine, rest, oneLine };
}

interface Quoted {
  /** A whole quoted cell, which ends at `at`. */
  readonly closed: boolean;
  readonly at: number;
  readonly flag: number;
  readonly fault: CsvFault | null;
}

/** Looks for a quoted cell at `from`, blanks before and after the quotes allowed. */
function closingQuote(units: Uint8Array, from: number, length: number, sep: number, oneLine: boolean): Quoted {
  let q = from;
  while (units[q] === 32) q++;
  if (units[q] !== 34 || q >= length) return { closed: false, at: from, flag: 0, fault: null };
  let flag = QUOTED;
  let j = q + 1;
  for (;;) {
    let c = 0;
    while ((c = units[j] as number) !== 34 && j < length && !(oneLine && (c === 10 || c === 13))) j++;
    if (c !== 34 || j >= length || j + 1 >= length || units[j + 1] !== 34) break;
    flag = QUOTED + ESCAPED;
    j += 2;
  }
  if (j >= length || units[j] !== 34)
    return {
      closed: false,
      at: j,
      flag: 0,
      fault: { kind: 'unclosed-quote', start: q, end: Math.min(length, q + 1) },
    };
  let k = j + 1;
  while (units[k] === 32) k++;
  const c = units[k];
  // `"a"b`: the cell is taken as it stands, up to the next delimiter.
  if (c !== sep && c !== 10 && c !== 13)
    return { closed: false, at: from, flag: 0, fault: { kind: 'text-after-quote', start: q, end: j + 1 } };
  return { closed: true, at: k, flag, fault: null };
}

/** Where the raw cell (quotes and blanks included) of a row begins. `cell` counts through all rows. */
export function rawStart(tokens: CsvTokens, row: number, cell: number): number {
  return cell === tokens.rowStart[row]
    ? (tokens.rowFrom[row] as number)
    : ((tokens.ends[cell - 1] as number) & PLACE) + 1;
}

/** Where the raw cell ends: at its delimiter or line end. */
export function rawEnd(tokens: CsvTokens, cell: number): number {
  return (tokens.ends[cell] as number) & PLACE;
}

export function isQuoted(tokens: CsvTokens, cell: number): boolean {
  return (tokens.ends[cell] as number) >= QUOTED;
}

export function isEscaped(tokens: CsvTokens, cell: number): boolean {
  return ((tokens.ends[cell] as number) & ESCAPED) !== 0;
}

/** The place of a cell's content: without its quotes and the blanks around them. */
export function cellSpan(tokens: CsvTokens, units: Uint8Array, row: number, cell: number): Span {
  let start = rawStart(tokens, row, cell);
  let end = rawEnd(tokens, cell);
  if (isQuoted(tokens, cell)) {
    while (units[start] === 32) start++;
    while (units[end - 1] === 32) end--;
    start++;
    end--;
  }
  return { start, end };
}
