/**
 * Delimited text as a table: CSV, TSV, semicolons and pipes. Tolerant: every row is kept, every fault is reported at its
 * place. Cells are sliced out of the text only when asked for.
 */
import { detectDialect } from './csv-dialect.ts';
import type { CsvTokens } from './csv-tokens.ts';
import { ESCAPED, tokenizeCsv } from './csv-tokens.ts';
import { parseDecimalComma, parseNumberAt } from './numbers.ts';
import type { RawTable, TextProblem } from './raw-table.ts';
import type { Span } from './span.ts';

/** Columns beyond which a table is refused (the widest published eval table has some 10³). */
export const MAX_COLUMNS = 20_000;
/** UTF-16 units beyond which a line is refused. */
export const MAX_LINE = 4_000_000;
const MAX_PROBLEMS = 100;

export interface CsvOptions {
  readonly file: string;
  /** Format id where the caller knows it; 'csv' or 'tsv' otherwise. */
  readonly format?: string;
  /** A delimiter that overrides detection. */
  readonly delimiter?: string;
}

/** End of the line that starts at `start`, at most 120 units on: enough to point at it. */
function lineHead(text: string, start: number): Span {
  let end = start;
  while (end < text.length && end - start < 120 && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return { start, end };
}

/** A table without columns: what a file becomes that holds none. */
function refused(text: string, options: CsvOptions, problem: TextProblem): RawTable {
  return {
    file: options.file,
    format: options.format ?? 'csv',
    text,
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
function looksBinary(text: string): boolean {
  const n = Math.min(text.length, 8192);
  let odd = 0;
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 0) return true;
    if ((c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 12) || c === 0xfffd) odd++;
  }
  return odd > 8 && odd / n > 0.02;
}

function cellText(text: string, tokens: CsvTokens, index: number): string {
  const raw = text.slice(tokens.start[index], tokens.end[index]);
  return ((tokens.flags[index] as number) & ESCAPED) !== 0 ? raw.replaceAll('""', '"') : raw;
}

function rowWidth(tokens: CsvTokens, row: number): number {
  return (tokens.rowStart[row + 1] as number) - (tokens.rowStart[row] as number);
}

/** True if every cell of a row from `column` on is empty. */
function emptyFrom(tokens: CsvTokens, row: number, column: number): boolean {
  const last = tokens.rowStart[row + 1] as number;
  for (let k = (tokens.rowStart[row] as number) + column; k < last; k++) {
    if ((tokens.end[k] as number) > (tokens.start[k] as number)) return false;
  }
  return true;
}

/** Lines before the header: comments, and titles of one field above a table of several. Returns the header's row. */
function findHeader(text: string, tokens: CsvTokens, fields: number): number {
  let row = 0;
  while (row < tokens.rows) {
    const width = rowWidth(tokens, row);
    const comment = text.charCodeAt(tokens.start[tokens.rowStart[row] as number] as number) === 35;
    const title = fields > 1 && (width === 1 || (width < fields && emptyFrom(tokens, row, 1)));
    if (!(comment && width !== fields) && !title) return row;
    row++;
  }
  return 0;
}

/**
 * Reads delimited text. Never throws; what cannot be read gives a table without columns and a problem that says why.
 * Time is linear in the text; memory is nine bytes per cell beside the text.
 */
export function parseCsv(text: string, options: CsvOptions): RawTable {
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const refuse = (code: TextProblem['code'], message: string, span: Span): RawTable =>
    refused(text, options, { code, severity: 'error', message, span });
  const head = lineHead(text, from);
  if (text.length === from || (/^\s*$/.test(text.slice(from, from + 4096)) && text.trim().length === 0)) {
    return refuse('data.missing', 'The file is empty.', { start: 0, end: 0 });
  }
  if (looksBinary(text))
    return refuse('file.unrecognised', 'This is not text: the file holds binary data.', { start: 0, end: 0 });
  const dialect = detectDialect(text);
  const delimiter = options.delimiter ?? dialect.delimiter;
  const tokens = tokenizeCsv(text, delimiter, from, MAX_LINE);
  if (tokens.longLine >= 0) {
    return refuse(
      'file.too-large',
      `This line is longer than ${MAX_LINE / 1e6} million characters: this is no table of results.`,
      lineHead(text, tokens.longLine),
    );
  }
  if (tokens.rows === 0) return refuse('data.missing', 'The file holds no rows.', head);
  const fields = options.delimiter === undefined ? dialect.fields : rowWidth(tokens, 0);
  const headerRow = findHeader(text, tokens, fields);
  const headerFirst = tokens.rowStart[headerRow] as number;
  let columnCount = rowWidth(tokens, headerRow);
  if (columnCount > MAX_COLUMNS) {
    return refuse(
      'file.too-large',
      `The header has ${columnCount} columns; more than ${MAX_COLUMNS} are not read.`,
      lineHead(text, tokens.start[headerFirst] as number),
    );
  }
  const notes: string[] = [];
  const problems: TextProblem[] = [];
  const problem = (code: TextProblem['code'], severity: TextProblem['severity'], message: string, span: Span): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, severity, message, span });
  };
  const cellSpanAt = (index: number): Span => ({
    start: tokens.start[index] as number,
    end: tokens.end[index] as number,
  });

  // A first row of nothing but numbers is data: the table has no header.
  let headless = columnCount > 1 && tokens.rows - headerRow > 1;
  for (let k = 0; headless && k < columnCount; k++) {
    const index = headerFirst + k;
    if (Number.isNaN(parseNumberAt(text, tokens.start[index] as number, tokens.end[index] as number))) headless = false;
  }
  // A trailing delimiter on every line opens a column that is never filled.
  if (!headless && columnCount > 1 && cellText(text, tokens, headerFirst + columnCount - 1).trim() === '') {
    const trailing = columnCount - 1;
    let filled = false;
    for (let r = headerRow + 1; r < tokens.rows && !filled; r++)
      filled = rowWidth(tokens, r) > trailing && !emptyFrom(tokens, r, trailing);
    if (!filled) columnCount--;
  }
  const headers: string[] = [];
  for (let k = 0; k < columnCount; k++) {
    headers.push(headless ? `column ${k + 1}` : cellText(text, tokens, headerFirst + k).trim());
  }
  if (headless) {
    notes.push('No header: the first row holds only numbers.');
    problem(
      'file.malformed',
      'warning',
      'There is no header: the first row holds only numbers. Name the columns in the first line.',
      cellSpanAt(headerFirst),
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
        cellSpanAt(headerFirst + k),
      );
    else seen.set(name, k);
  }

  const firstData = headless ? headerRow : headerRow + 1;
  const rows = new Uint32Array(Math.max(0, tokens.rows - firstData));
  let rowCount = 0;
  let ragged = 0;
  for (let r = firstData; r < tokens.rows; r++) {
    const width = rowWidth(tokens, r);
    if (width !== columnCount) {
      const first = tokens.rowStart[r] as number;
      if (text.charCodeAt(tokens.start[first] as number) === 35) continue; // a comment line
      const whole = {
        start: tokens.start[first] as number,
        end: tokens.end[(tokens.rowStart[r + 1] as number) - 1] as number,
      };
      if (width < columnCount) {
        if (whole.start === whole.end || text.slice(whole.start, whole.end).trim() === '') continue; // a line of blanks
        ragged++;
        problem(
          'file.malformed',
          'warning',
          `This row has ${width} of ${columnCount} cells; the missing ones count as empty.`,
          whole,
        );
      } else if (!emptyFrom(tokens, r, columnCount)) {
        ragged++;
        const extra = { start: tokens.start[first + columnCount] as number, end: whole.end };
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
      lineHead(text, tokens.start[headerFirst] as number),
    );

  const indexOf = (row: number, column: number): number => {
    if (row < 0 || row >= rowCount || column < 0 || column >= columnCount) return -1;
    const r = rows[row] as number;
    return column < rowWidth(tokens, r) ? (tokens.rowStart[r] as number) + column : -1;
  };

  let decimalComma: boolean | null = delimiter === ';' ? null : false;
  /** With `;` between cells, `0,25` is a decimal: true as soon as one cell can be nothing else. */
  const usesDecimalComma = (): boolean => {
    if (decimalComma !== null) return decimalComma;
    decimalComma = false;
    for (let row = 0; row < Math.min(rowCount, 200) && !decimalComma; row++) {
      for (let column = 0; column < columnCount; column++) {
        const index = indexOf(row, column);
        if (index >= 0 && /^\s*-?\d+,(\d{1,2}|\d{4,})\s*$/.test(text.slice(tokens.start[index], tokens.end[index]))) {
          decimalComma = true;
          break;
        }
      }
    }
    return decimalComma;
  };

  const cache = new Map<number, Float64Array>();
  return {
    file: options.file,
    format: options.format ?? (delimiter === '\t' ? 'tsv' : 'csv'),
    text,
    columnCount,
    rowCount,
    header: (column) => headers[column] ?? '',
    headerSpan: (column) =>
      column < 0 || column >= columnCount ? null : headless ? lineHead(text, from) : cellSpanAt(headerFirst + column),
    cell: (row, column) => {
      const index = indexOf(row, column);
      return index < 0 ? '' : cellText(text, tokens, index);
    },
    cellSpan: (row, column) => {
      const index = indexOf(row, column);
      return index < 0 ? null : cellSpanAt(index);
    },
    numbers: (column) => {
      const known = cache.get(column);
      if (known !== undefined) return known;
      const values = new Float64Array(rowCount);
      const comma = usesDecimalComma();
      for (let row = 0; row < rowCount; row++) {
        const r = rows[row] as number;
        const first = tokens.rowStart[r] as number;
        const index = first + column;
        if (column < 0 || index >= (tokens.rowStart[r + 1] as number) || column >= columnCount) {
          values[row] = Number.NaN;
          continue;
        }
        const a = tokens.start[index] as number;
        const b = tokens.end[index] as number;
        values[row] = comma ? parseDecimalComma(text.slice(a, b)) : parseNumberAt(text, a, b);
      }
      cache.set(column, values);
      return values;
    },
    hints: new Map(),
    facts: [],
    layout: null,
    notes,
    problems,
  };
}
