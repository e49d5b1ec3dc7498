/**
 * The tokenizer of delimited text: one pass over UTF-8 bytes that notes where every cell ends, in typed arrays, and builds
 * no strings. It accepts everything and lists what is wrong. It works on whole texts and on blocks of a stream. All places
 * are offsets in bytes. The loop itself is WebAssembly (src/kernel/csv.ts).
 */
import { csvKernel, KERNEL_DATA } from './csv-kernel.ts';
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
  /** UTF-8, or another encoding that agrees with ASCII; only read. */
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

function grown(a: Uint32Array, least: number): Uint32Array {
  const b = new Uint32Array(Math.max(Math.ceil(a.length * 1.5), least) + 64);
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

/** Bytes that are cut at once: what the kernel reads and writes for them stays in the processor's cache. */
const BLOCK = 1 << 16;
/** Behind a block: the line end that closes it, and as far as the kernel looks ahead. */
const AHEAD = 128;
const FAULTS: readonly CsvFault['kind'][] = ['unclosed-quote', 'text-after-quote'];

/**
 * Cuts units[from…length) into cells. Linear in the length whatever the text.
 * A quoted cell that runs over more than `maxLine` units counts as never closed.
 */
export function tokenizeCsv(input: TokenInput): CsvTokens {
  const { units, length, maxLine, reuse } = input;
  const last = input.last ?? true;
  const sep = input.delimiter.charCodeAt(0);
  const size = reuse === undefined ? expect(units, sep, input.from, length) : null;
  let ends = reuse?.ends ?? new Uint32Array(size?.cells ?? 0);
  let rowFrom = reuse?.rowFrom ?? new Uint32Array(size?.rows ?? 0);
  let rowStart = reuse?.rowStart ?? new Uint32Array(size?.rows ?? 0);
  const faults: CsvFault[] = [];
  let oneLine = input.oneLine ?? false;
  let longLine = -1;
  let cells = 0;
  let rows = 0;
  let at = input.from;
  let block = BLOCK;
  while (at < length && longLine < 0) {
    const taken = Math.min(block, length - at);
    const whole = at + taken === length;
    const toEnds = (KERNEL_DATA + taken + AHEAD) & ~7;
    const toRowFrom = toEnds + 4 * (taken + AHEAD);
    const toRowStart = toRowFrom + 4 * ((taken >> 1) + 2);
    const toFaults = toRowStart + 4 * ((taken >> 1) + 2);
    const kernel = csvKernel(toFaults + 12 * MAX_FAULTS);
    const { bytes, words } = kernel;
    bytes.set(units.subarray(at, at + taken), KERNEL_DATA);
    bytes[KERNEL_DATA + taken] = 10;
    kernel.tokenize(
      KERNEL_DATA,
      taken,
      at,
      sep,
      Math.min(maxLine, PLACE),
      whole && last,
      oneLine,
      cells,
      toEnds,
      toRowFrom,
      toRowStart,
      toFaults,
    );
    const results = new Int32Array(bytes.buffer, kernel.results.value, 6);
    const newCells = results[0] as number;
    const newRows = results[1] as number;
    const rest = results[2] as number;
    const faulty = results[5] as number;
    if ((results[3] as number) >= 0) longLine = at + (results[3] as number);
    oneLine = results[4] === 1;
    if (cells + newCells > ends.length) ends = grown(ends, cells + newCells);
    if (rows + newRows >= rowStart.length) {
      rowStart = grown(rowStart, rows + newRows + 1);
      rowFrom = grown(rowFrom, rows + newRows + 1);
    }
    ends.set(words.subarray(toEnds >> 2, (toEnds >> 2) + newCells), cells);
    rowFrom.set(words.subarray(toRowFrom >> 2, (toRowFrom >> 2) + newRows), rows);
    rowStart.set(words.subarray(toRowStart >> 2, (toRowStart >> 2) + newRows), rows);
    for (let k = 0, f = toFaults >> 2; k < faulty && faults.length < MAX_FAULTS; k++, f += 3) {
      const kind = FAULTS[(words[f] as number) - 2] as CsvFault['kind'];
      faults.push({ kind, start: words[f + 1] as number, end: words[f + 2] as number });
    }
    cells += newCells;
    rows += newRows;
    at += rest;
    if (whole) break;
    // A row longer than the block.
    if (rest === 0) block *= 2;
  }
  rowStart[rows] = cells;
  return { ends, rowFrom, rowStart, rows, cells, faults, longLine, rest: at, oneLine };
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
