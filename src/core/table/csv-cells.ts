/**
 * The cells of a tokenized text: places, texts, whole columns as numbers or as codes of their distinct texts. Columns are
 * read from the bytes; a string is made only for a cell that is asked for, or once per distinct text. Places are offsets
 * in bytes.
 */

import { ByteTexts } from './byte-texts.ts';
import { columnNumbers } from './csv-numbers.ts';
import { type CsvTokens, cellSpan, isEscaped, rawEnd, rawStart } from './csv-tokens.ts';
import { parseNumber } from './numbers.ts';
import type { SourceText } from './source-text.ts';
import type { Span } from './span.ts';

/** A column of repeated texts: one string per distinct cell. */
export interface ColumnTexts {
  /** Index into `values` per row. */
  readonly codes: Int32Array;
  /** The distinct texts as they stand, unquoted. */
  readonly values: readonly string[];
}

const QUOTE = 34;

export class CsvCells {
  readonly tokens: CsvTokens;
  readonly #source: SourceText;
  readonly #bytes: Uint8Array;

  constructor(source: SourceText, tokens: CsvTokens) {
    this.tokens = tokens;
    this.#source = source;
    this.#bytes = source.bytes;
  }

  /** Cells of a row. */
  width(row: number): number {
    return (this.tokens.rowStart[row + 1] as number) - (this.tokens.rowStart[row] as number);
  }

  /** The place of a cell's content, without quotes. The column must exist in the row. */
  span(row: number, column: number): Span {
    return cellSpan(this.tokens, this.#bytes, row, (this.tokens.rowStart[row] as number) + column);
  }

  /** The place of a row, from its first cell's content to its last one's. */
  rowSpan(row: number): Span {
    return { start: this.span(row, 0).start, end: this.span(row, this.width(row) - 1).end };
  }

  /** The cell's text, unquoted and unescaped. */
  at(row: number, column: number): string {
    const { start, end } = this.span(row, column);
    const raw = this.#source.slice(start, end);
    return isEscaped(this.tokens, (this.tokens.rowStart[row] as number) + column) ? raw.replaceAll('""', '"') : raw;
  }

  /** True if every cell of a row from `column` on is empty. */
  emptyFrom(row: number, column: number): boolean {
    for (let k = column; k < this.width(row); k++) {
      const { start, end } = this.span(row, k);
      if (end > start) return false;
    }
    return true;
  }

  /** True if the row's first character is `#`. */
  isComment(row: number): boolean {
    return this.#bytes[this.span(row, 0).start] === 35;
  }

  /** The number in one cell; NaN if there is none. */
  number(row: number, column: number): number {
    const { start, end } = this.span(row, column);
    return parseNumber(this.#source.slice(start, end));
  }

  /**
   * Columns as numbers, in one pass over the rows.
   * @param rows rows of the tokens, one per row of the table
   */
  numbers(rows: Uint32Array, columns: readonly number[], decimalComma: boolean): Float64Array[] {
    const slice = (start: number, end: number): string => this.#source.slice(start, end);
    return columnNumbers(this.#bytes, this.tokens, rows, columns, decimalComma, slice);
  }

  /** A column as codes of its distinct texts; texts are compared in the bytes, without strings. */
  texts(rows: Uint32Array, column: number): ColumnTexts {
    const { tokens } = this;
    const bytes = this.#bytes;
    const codes = new Int32Array(rows.length);
    const values: string[] = [];
    const known = new ByteTexts();
    // Cells whose bytes are not their text (quotes to halve) go by the string.
    const byString = new Map<string, number>();
    const codeOfEntry: number[] = [];
    const codeOf = (text: string): number => {
      let code = byString.get(text);
      if (code === undefined) {
        code = values.length;
        values.push(text);
        byString.set(text, code);
      }
      return code;
    };
    for (let row = 0; row < rows.length; row++) {
      const r = rows[row] as number;
      const cell = (tokens.rowStart[r] as number) + column;
      if (cell >= (tokens.rowStart[r + 1] as number)) {
        codes[row] = codeOf('');
        continue;
      }
      let start = rawStart(tokens, r, cell);
      let end = rawEnd(tokens, cell);
      if (bytes[start] === QUOTE || bytes[start] === 32) ({ start, end } = cellSpan(tokens, bytes, r, cell));
      const before = known.size;
      const entry = isEscaped(tokens, cell) ? -1 : known.codeOf(bytes, start, end);
      if (entry < 0) codes[row] = codeOf(this.at(r, column));
      else {
        // A new entry: the same text may have come in quotes, so the strings decide.
        if (known.size > before) codeOfEntry.push(codeOf(this.#source.slice(start, end)));
        codes[row] = codeOfEntry[entry] as number;
      }
    }
    return { codes, values };
  }
}
