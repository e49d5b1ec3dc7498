/**
 * Delimited text as a table: CSV, TSV, semicolons and pipes. Tolerant: every row is kept, every fault is reported at its
 * place. Cells are sliced out of the text only when asked for.
 */
import { type ColumnTexts, CsvCells } from './csv-cells.ts';
import { detectDialect, PROBE } from './csv-dialect.ts';
import { tokenizeCsv } from './csv-tokens.ts';
import type { RawTable, TextProblem } from './raw-table.ts';
import { SourceText } from './source-text.ts';
import type { Span } from './span.ts';

/** Columns beyond which a table is refused (the widest published eval table has some 10³). */
export const MAX_COLUMNS = 20_000;
/** Bytes beyond which a line is refused. */
export const MAX_LINE = 4_000_000;
const MAX_PROBLEMS = 100;
/** Columns of numbers that one pass over the rows reads. */
const COLUMNS_AT_ONCE = 12;

export interface CsvOptions {
  readonly file: string;
  /** Format id where the caller knows it; 'csv' or 'tsv' otherwise. */
  readonly format?: string;
  /** A delimiter that overrides detection. */
  readonly delimiter?: string;
  /** With `;` between cells: whether `0,25` is a decimal. Found in the first rows when absent. */
  readonly decimalComma?: boolean;
}

/** Rows in which a decimal comma must show itself. */
const COMMA_ROWS = 200;

/** Whether a cell of the first rows can be nothing but a decimal with a comma. */
export function hasDecimalComma(rows: number, columns: number, cell: (row: number, column: number) => string): boolean {
  for (let row = 0; row < Math.min(rows, COMMA_ROWS); row++) {
    for (let column = 0; column < columns; column++)
      if (/^\s*-?\d+,(\d{1,2}|\d{4,})\s*$/.test(cell(row, column))) return true;
  }
  return false;
}

/** Says when a row would be whole if another delimiter split it, as where files were pasted together. */
function otherwiseSplit(row: string, delimiter: string, columns: number): string {
  const other = [',', ';', '\t', '|'].find((one) => one !== delimiter && row.split(one).length === columns);
  const named = (one: string): string => (one === '\t' ? 'a tab' : `“${one}”`);
  return other === undefined ? '' : ` (${named(other)} splits it, ${named(delimiter)} the header)`;
}

/** The line that starts at a byte, at most 120 characters on: enough to point at it. */
function lineHead(bytes: Uint8Array, start: number): Span {
  let end = start;
  for (let left = 120; left > 0 && end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13; end++) {
    // Bytes that go on with a character are none by themselves.
    if (((bytes[end] as number) & 0xc0) !== 0x80) left--;
  }
  return { start, end };
}

/** A table without columns: what a file becomes that holds none. */
function refused(source: SourceText, options: CsvOptions, problem: TextProblem): RawTable {
  return {
    file: options.file,
    format: options.format ?? 'csv',
    get text() {
      return source.text;
    },
    columnCount: 0,
    rowCount: 0,
    header: () => '',
    headerSpan: () => null,
    cell: () => '',
    cellSpan: () => null,
    numbers: () => new Float64Array(0),
    hints: new Map(),
    facts: [],
    layout: null,
    notes: [],
    problems: [problem],
  };
}

/** Control characters and replacement characters in the first 8 K units: text has next to none. */
function looksBinary(head: string): boolean {
  const n = Math.min(head.length, 8192);
  let odd = 0;
  for (let i = 0; i < n; i++) {
    const c = head.charCodeAt(i);
    if (c === 0) return true;
    if ((c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 12) || c === 0xfffd) odd++;
  }
  return odd > 8 && odd / n > 0.02;
}

/** Lines before the header: comments, and titles of one field above a table of several. Returns the header's row. */
function findHeader(cells: CsvCells, fields: number): number {
  let row = 0;
  while (row < cells.tokens.rows) {
    const width = cells.width(row);
    const title = fields > 1 && (width === 1 || (width < fields && cells.emptyFrom(row, 1)));
    const comment = cells.isComment(row);
    if (!(comment && width !== fields) && !title) return row;
    row++;
  }
  return 0;
}

/**
 * Reads delimited text. Never throws; what cannot be read gives a table without columns and a problem that says why.
 * Time is linear in the text; memory is four bytes per cell beside the text's bytes, and the columns that were read.
 */
export function parseCsv(text: string | SourceText, options: CsvOptions): RawTable {
  const source = typeof text === 'string' ? SourceText.ofText(text) : text;
  const { bytes } = source;
  // A byte order mark has three bytes.
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const refuse = (code: TextProblem['code'], message: string, span: Span): RawTable =>
    refused(source, options, { code, severity: 'error', message, span: source.span(span) });
  const probe = source.head(PROBE + 1);
  if (bytes.length === from || (/^\s*$/.test(probe.slice(0, 4096)) && source.text.trim().length === 0)) {
    return refuse('data.missing', 'The file is empty.', { start: 0, end: 0 });
  }
  if (looksBinary(probe))
    return refuse('file.unrecognised', 'This is not text: the file holds binary data.', { start: 0, end: 0 });
  const dialect = detectDialect(probe);
  const delimiter = options.delimiter ?? dialect.delimiter;
  const tokens = tokenizeCsv({ units: bytes, from, length: bytes.length, delimiter, maxLine: MAX_LINE });
  const cells = new CsvCells(source, tokens);
  if (tokens.longLine >= 0) {
    return refuse(
      'file.too-large',
      `This line is longer than ${MAX_LINE / 1e6} million characters: this is no table of results.`,
      lineHead(bytes, tokens.longLine),
    );
  }
  if (tokens.rows === 0) return refuse('data.missing', 'The file holds no rows.', lineHead(bytes, from));
  const fields = options.delimiter === undefined ? dialect.fields : cells.width(0);
  const headerRow = findHeader(cells, fields);
  let columnCount = cells.width(headerRow);
  if (columnCount > MAX_COLUMNS) {
    return refuse(
      'file.too-large',
      `The header has ${columnCount} columns; more than ${MAX_COLUMNS} are not read.`,
      lineHead(bytes, tokens.rowFrom[headerRow] as number),
    );
  }
  const notes: string[] = [];
  const problems: TextProblem[] = [];
  const problem = (code: TextProblem['code'], severity: TextProblem['severity'], message: string, span: Span): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, severity, message, span: source.span(span) });
  };

  // A first row of nothing but numbers is data: the table has no header.
  let headless = columnCount > 1 && tokens.rows - headerRow > 1;
  for (let k = 0; headless && k < columnCount; k++) {
    if (Number.isNaN(cells.number(headerRow, k))) headless = false;
  }
  // A trailing delimiter on every line opens a column that is never filled.
  if (!headless && columnCount > 1 && cells.at(headerRow, columnCount - 1).trim() === '') {
    const trailing = columnCount - 1;
    let filled = false;
    for (let r = headerRow + 1; r < tokens.rows && !filled; r++)
      filled = cells.width(r) > trailing && !cells.emptyFrom(r, trailing);
    if (!filled) columnCount--;
  }
  const headers: string[] = [];
  for (let k = 0; k < columnCount; k++) {
    headers.push(headless ? `column ${k + 1}` : cells.at(headerRow, k).trim());
  }
  if (headless) {
    notes.push('No header: the first row holds only numbers.');
    problem(
      'file.malformed',
      'warning',
      'There is no header: the first row holds only numbers. Name the columns in the first line.',
      cells.span(headerRow, 0),
    );
  }
  const seen = new Map<string, number>();
  for (let k = 0; k < columnCount && !headless; k++) {
    const name = headers[k] as string;
    if (name === '') continue;
    if (seen.has(name))
      problem(
        'file.malformed',
        'warning',
        `Two columns are named “${name}”; the first one is used where only one can be.`,
        cells.span(headerRow, k),
      );
    else seen.set(name, k);
  }

  const firstData = headless ? headerRow : headerRow + 1;
  const rows = new Uint32Array(Math.max(0, tokens.rows - firstData));
  let rowCount = 0;
  let ragged = 0;
  const { rowStart } = tokens;
  for (let r = firstData; r < tokens.rows; r++) {
    const width = (rowStart[r + 1] as number) - (rowStart[r] as number);
    if (width !== columnCount) {
      if (cells.isComment(r)) continue;
      const whole = cells.rowSpan(r);
      if (width < columnCount) {
        if (whole.start === whole.end || source.slice(whole.start, whole.end).trim() === '') continue; // a line of blanks
        ragged++;
        problem(
          'file.malformed',
          'warning',
          `This row has ${width} of ${columnCount} cells${ragged > MAX_PROBLEMS ? '' : otherwiseSplit(source.slice(whole.start, whole.end), delimiter, columnCount)}; the missing ones count as empty.`,
          whole,
        );
      } else if (!cells.emptyFrom(r, columnCount)) {
        ragged++;
        const extra = { start: cells.span(r, columnCount).start, end: whole.end };
        problem(
          'file.malformed',
          'warning',
          `This row has ${width} cells, the header ${columnCount}; the cells beyond are not read.`,
          extra,
        );
      }
    }
    rows[rowCount++] = r;
  }
  if (ragged > MAX_PROBLEMS) notes.push(`${ragged} rows have more or fewer cells than the header.`);
  for (const fault of tokens.faults) {
    const message =
      fault.kind === 'unclosed-quote'
        ? 'This quote is never closed; the cell is read as it stands.'
        : 'There is text after the closing quote; the cell is read as it stands.';
    problem('file.malformed', fault.kind === 'unclosed-quote' ? 'error' : 'warning', message, {
      start: fault.start,
      end: fault.end,
    });
  }
  if (headerRow > 0)
    notes.push(`${headerRow} line${headerRow === 1 ? '' : 's'} above the header are not part of the table.`);
  if (rowCount === 0)
    problem(
      'data.missing',
      'warning',
      'There is a header but no row of data.',
      lineHead(bytes, tokens.rowFrom[headerRow] as number),
    );

  const used = rows.subarray(0, rowCount);
  const holds = (row: number, column: number): boolean =>
    row >= 0 && row < rowCount && column >= 0 && column < columnCount && column < cells.width(rows[row] as number);
  const cell = (row: number, column: number): string =>
    holds(row, column) ? cells.at(rows[row] as number, column) : '';

  let decimalComma: boolean | null = delimiter === ';' ? (options.decimalComma ?? null) : false;
  /** With `;` between cells, `0,25` is a decimal: true as soon as one cell can be nothing else. */
  const usesDecimalComma = (): boolean => {
    if (decimalComma !== null) return decimalComma;
    decimalComma = hasDecimalComma(rowCount, columnCount, cell);
    return decimalComma;
  };
  /** True if some of the first rows hold a number there. */
  const hopeful = (column: number): boolean => {
    for (let row = 0; row < Math.min(rowCount, 8); row++) if (/^\s*[-+]?\.?\d/.test(cell(row, column))) return true;
    return false;
  };

  const numbers = new Map<number, Float64Array>();
  const texts = new Map<number, ColumnTexts>();
  let lines: Uint32Array | null = null;
  return {
    file: options.file,
    format: options.format ?? (delimiter === '\t' ? 'tsv' : 'csv'),
    get text() {
      return source.text;
    },
    lineStarts: () => (lines ??= source.lineStarts()),
    columnCount,
    rowCount,
    header: (column) => headers[column] ?? '',
    headerSpan: (column) =>
      column < 0 || column >= columnCount
        ? null
        : source.span(headless ? lineHead(bytes, from) : cells.span(headerRow, column)),
    cell,
    cellSpan: (row, column) => (holds(row, column) ? source.span(cells.span(rows[row] as number, column)) : null),
    numbers: (column) => {
      const known = numbers.get(column);
      if (known !== undefined) return known;
      if (column < 0 || column >= columnCount) return new Float64Array(rowCount).fill(Number.NaN);
      const together = [column];
      for (let c = column + 1; c < columnCount && together.length < COLUMNS_AT_ONCE; c++)
        if (!numbers.has(c) && hopeful(c)) together.push(c);
      cells.numbers(used, together, usesDecimalComma()).forEach((values, k) => {
        numbers.set(together[k] as number, values);
      });
      return numbers.get(column) as Float64Array;
    },
    texts: (column) => {
      let found = texts.get(column);
      if (found === undefined) texts.set(column, (found = cells.texts(used, column)));
      return found;
    },
    hints: new Map(),
    facts: [],
    layout: null,
    notes,
    problems,
  };
}
