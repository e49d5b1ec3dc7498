/**
 * The tokenizer of delimited text: one pass over UTF-16 code units that notes where every cell begins and ends, in typed
 * arrays, and builds no strings. It accepts everything and lists what is wrong.
 */

/** The cell stood in quotes (start and end exclude them). */
export const QUOTED = 1;
/** The cell holds doubled quotes that must be halved. */
export const ESCAPED = 2;

export interface CsvFault {
  readonly kind: 'unclosed-quote' | 'text-after-quote';
  readonly start: number;
  readonly end: number;
}

export interface CsvTokens {
  /** Of every cell, in file order. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly flags: Uint8Array;
  /** Index of the first cell of every row; one more entry than rows. Lines without any character are no rows. */
  readonly rowStart: Uint32Array;
  readonly rows: number;
  readonly cells: number;
  readonly faults: readonly CsvFault[];
  /** Start of the first line that is longer than the limit; −1 if none is. Tokenizing stops there. */
  readonly longLine: number;
}

const MAX_FAULTS = 200;

function grow32(a: Uint32Array): Uint32Array<ArrayBuffer> {
  const b = new Uint32Array(Math.ceil(a.length * 1.5) + 64);
  b.set(a);
  return b;
}

function grow8(a: Uint8Array): Uint8Array<ArrayBuffer> {
  const b = new Uint8Array(Math.ceil(a.length * 1.5) + 64);
  b.set(a);
  return b;
}

/** Cells to expect in the whole text, from its first 64 K units: keeps the arrays from growing by copies. */
function expectCells(text: string, delimiter: number, from: number): number {
  const probe = Math.min(text.length, from + 65536);
  let separators = 1;
  for (let i = from; i < probe; i++) {
    const c = text.charCodeAt(i);
    if (c === delimiter || c === 10) separators++;
  }
  return Math.ceil((separators / Math.max(1, probe - from)) * (text.length - from) * 1.08) + 64;
}

/**
 * Cuts text[from…] into cells.
 * @param delimiter one character
 * @param maxLine length of a line (UTF-16 units) beyond which tokenizing stops
 */
export function tokenizeCsv(text: string, delimiter: string, from: number, maxLine: number): CsvTokens {
  const sep = delimiter.charCodeAt(0);
  const length = text.length;
  const capacity = expectCells(text, sep, from);
  let start = new Uint32Array(capacity);
  let end = new Uint32Array(capacity);
  let flags = new Uint8Array(capacity);
  let rowStart = new Uint32Array(1024);
  let cells = 0;
  let rows = 0;
  const faults: CsvFault[] = [];
  const fault = (kind: CsvFault['kind'], a: number, b: number): void => {
    if (faults.length < MAX_FAULTS) faults.push({ kind, start: a, end: b });
  };
  let longLine = -1;
  // After one quote that never closes, quoted cells may no longer run over line ends: that keeps the pass linear.
  let oneLine = false;
  let i = from;
  let lineStart = from;
  let open = false; // a row is being filled
  while (i <= length) {
    if (!open) {
      // Skip empty lines.
      while (i < length) {
        const c = text.charCodeAt(i);
        if (c !== 10 && c !== 13) break;
        i++;
      }
      if (i >= length) break;
      if (rows + 1 >= rowStart.length) rowStart = grow32(rowStart);
      rowStart[rows] = cells;
      open = true;
      lineStart = i;
    }
    if (cells >= start.length) {
      start = grow32(start);
      end = grow32(end);
      flags = grow8(flags);
    }
    let cellStart = i;
    let cellEnd = -1;
    let flag = 0;
    let c = i < length ? text.charCodeAt(i) : -1;
    // Blanks before an opening quote.
    let q = i;
    while (q < length && (c = text.charCodeAt(q)) === 32) q++;
    if (q < length && c === 34) {
      let j = q + 1;
      let closed = false;
      while (j < length) {
        c = text.charCodeAt(j);
        if (c === 34) {
          if (text.charCodeAt(j + 1) === 34) {
            flag |= ESCAPED;
            j += 2;
            continue;
          }
          closed = true;
          break;
        }
        if (oneLine && (c === 10 || c === 13)) break;
        j++;
      }
      if (closed) {
        let k = j + 1;
        while (k < length && (c = text.charCodeAt(k)) === 32) k++;
        if (k >= length || c === sep || c === 10 || c === 13) {
          cellStart = q + 1;
          cellEnd = j;
          flag |= QUOTED;
          i = k;
        } else {
          // `"a"b`: take the cell as it stands, up to the next delimiter.
          fault('text-after-quote', q, j + 1);
          flag = 0;
        }
      } else {
        fault('unclosed-quote', q, Math.min(length, q + 1));
        oneLine = true;
        flag = 0;
      }
    }
    if (cellEnd < 0) {
      i = cellStart;
      while (i < length && (c = text.charCodeAt(i)) !== sep && c !== 10 && c !== 13) i++;
      cellEnd = i;
    }
    start[cells] = cellStart;
    end[cells] = cellEnd;
    flags[cells] = flag;
    cells++;
    if (i - lineStart > maxLine) {
      longLine = lineStart;
      break;
    }
    if (i >= length) {
      rows++;
      open = false;
      break;
    }
    c = text.charCodeAt(i);
    i++;
    if (c !== sep) {
      if (c === 13 && text.charCodeAt(i) === 10) i++;
      rows++;
      open = false;
    } else if (i === length) {
      // A delimiter at the very end opens one more, empty cell.
      if (cells >= start.length) {
        start = grow32(start);
        end = grow32(end);
        flags = grow8(flags);
      }
      start[cells] = i;
      end[cells] = i;
      cells++;
      rows++;
      open = false;
      break;
    }
  }
  if (open) rows++;
  if (rows >= rowStart.length) rowStart = grow32(rowStart);
  rowStart[rows] = cells;
  return { start, end, flags, rowStart, rows, cells, faults, longLine };
}
