/**
 * The cells of a tokenized text: places, texts, whole columns as numbers or as codes of their distinct texts. Columns are
 * read from the code units; a string is made only for a cell that is asked for, or once per distinct text.
 */

import { ByteTexts } from './byte-texts.ts';
import { type CsvTokens, cellSpan, isEscaped, PLACE, rawEnd, rawStart } from './csv-tokens.ts';
import { parseDecimalComma, parseNumberAt, type Slice } from './numbers.ts';
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
  readonly text: string;
  readonly units: Uint8Array;
  readonly tokens: CsvTokens;
  readonly #slice: Slice;

  constructor(text: string, units: Uint8Array, tokens: CsvTokens) {
    this.text = text;
    this.units = units;
    this.tokens = tokens;
    this.#slice = (start, end) => text.slice(start, end);
  }

  /** Cells of a row. */
  width(row: number): number {
    return (this.tokens.rowStart[row + 1] as number) - (this.tokens.rowStart[row] as number);
  }

  /** The place of a cell's content, without quotes. The column must exist in the row. */
  span(row: number, column: number): Span {
    return cellSpan(this.tokens, this.units, row, (this.tokens.rowStart[row] as number) + column);
  }

  /** The place of a row, from its first cell's content to its last one's. */
  rowSpan(row: number): Span {
    return { start: this.span(row, 0).start, end: this.span(row, this.width(row) - 1).end };
  }

  /** The cell's text, unquoted and unescaped. */
  at(row: number, column: number): string {
    const { start, end } = this.span(row, column);
    const raw = this.text.slice(start, end);
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
    return this.units[this.span(row, 0).start] === 35;
  }

  /** The number in one cell; NaN if there is none. */
  number(row: number, column: number): number {
    const { start, end } = this.span(row, column);
    return parseNumberAt(this.units, start, end, this.#slice);
  }

  /**
   * Columns as numbers, in one pass over the rows: cells of a row stand side by side in memory.
   * @param rows rows of the tokens, one per row of the table
   * @param columns ascending
   */
  numbers(rows: Uint32Array, columns: readonly number[], decimalComma: boolean): Float64Array[] {
    const { tokens, units } = this;
    const { ends, rowFrom, rowStart } = tokens;
    const out = columns.map(() => new Float64Array(rows.length));
    for (let row = 0; row < rows.length; row++) {
      const r = rows[row] as number;
      const first = rowStart[r] as number;
      const next = rowStart[r + 1] as number;
      for (let k = 0; k < columns.length; k++) {
        const cell = first + (columns[k] as number);
        const values = out[k] as Float64Array;
        if (cell >= next) {
          values[row] = Number.NaN;
          continue;
        }
        let start = cell === first ? (rowFrom[r] as number) : ((ends[cell - 1] as number) & PLACE) + 1;
        let end = ends[cell] as number;
        if (end > PLACE) {
          const inner = cellSpan(tokens, units, r, cell);
          start = inner.start;
          end = inner.end;
        }
        values[row] = decimalComma
          ? parseDecimalComma(this.#slice(start, end))
          : parseNumberAt(units, start, end, this.#slice);
      }
    }
    return out;
  }

  /** A column as codes of its distinct texts; texts are compared in the code units, without strings. */
  texts(rows: Uint32Array, column: number): ColumnTexts {
    const { tokens, units } = this;
    const codes = new Int32Array(rows.length);
    const values: string[] = [];
    const known = new ByteTexts();
    // Cells whose bytes are not their text (quotes to halve, letters beyond ASCII) go by the string.
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
      if (units[start] === QUOTE || units[start] === 32) ({ start, end } = cellSpan(tokens, units, r, cell));
      const before = known.size;
      const entry = isEscaped(tokens, cell) ? -1 : known.codeOf(units, start, end, true);
      if (entry < 0) codes[row] = codeOf(this.at(r, column));
      else {
        // A new entry: the same text may have come in quotes, so the strings decide.
        if (known.size > before) codeOfEntry.push(codeOf(this.text.slice(start, end)));
        codes[row] = codeOfEntry[entry] as number;
      }
    }
    return { codes, values };
  }
}
