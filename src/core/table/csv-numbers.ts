/**
 * Columns of a tokenized text as numbers. Plain decimals are read by the kernel (src/kernel/csv.ts), a window of rows at a
 * time; every cell that is something else is left to the grammar of numbers.ts.
 */
import { csvKernel, KERNEL_DATA } from './csv-kernel.ts';
import { type CsvTokens, cellSpan, PLACE } from './csv-tokens.ts';
import { parseDecimalComma, parseNumber } from './numbers.ts';

/** Rows, and bytes of text, that a window has at most (one row always fits): they stay in the processor's cache. */
const ROWS = 512;
const BLOCK = 1 << 16;

/**
 * Columns as numbers, in one pass over the rows: cells of a row stand side by side in memory. NaN where there is none.
 * @param rows rows of the tokens, ascending, one per number
 * @param decimalComma the comma stands between whole and fraction
 * @param slice the text between two places
 */
export function columnNumbers(
  units: Uint8Array,
  tokens: CsvTokens,
  rows: Uint32Array,
  columns: readonly number[],
  decimalComma: boolean,
  slice: (start: number, end: number) => string,
): Float64Array[] {
  const { ends, rowFrom, rowStart } = tokens;
  const width = columns.length;
  const out = columns.map(() => new Float64Array(rows.length));
  const endOf = (row: number): number => (ends[(rowStart[row + 1] as number) - 1] as number) & PLACE;
  for (let k = 0; k < rows.length && width > 0; ) {
    let count = Math.min(ROWS, rows.length - k);
    const first = rows[k] as number;
    const from = rowFrom[first] as number;
    while (count > 1 && endOf(rows[k + count - 1] as number) - from > BLOCK) count >>= 1;
    const last = rows[k + count - 1] as number;
    const to = endOf(last);
    const firstCell = rowStart[first] as number;
    const cells = (rowStart[last + 1] as number) - firstCell;

    const toEnds = (KERNEL_DATA + to - from + 8) & ~3;
    const toRowFrom = toEnds + 4 * cells;
    const toRowStart = toRowFrom + 4 * (last - first + 1);
    const toRows = toRowStart + 4 * (last - first + 2);
    const toColumns = toRows + 4 * count;
    const toOut = (toColumns + 4 * width + 7) & ~7;
    const toMissed = toOut + 8 * count * width;
    const kernel = csvKernel(toMissed + 4 * count * width);
    const { bytes, words, doubles } = kernel;
    bytes.set(units.subarray(from, to), KERNEL_DATA);
    words.set(ends.subarray(firstCell, firstCell + cells), toEnds >> 2);
    words.set(rowFrom.subarray(first, last + 1), toRowFrom >> 2);
    words.set(rowStart.subarray(first, last + 2), toRowStart >> 2);
    words.set(rows.subarray(k, k + count), toRows >> 2);
    words.set(columns, toColumns >> 2);
    // The kernel counts cells, rows and places through the whole text: it is told where their entry 0 would stand.
    const missed = kernel.numbers(
      KERNEL_DATA - from,
      toEnds - 4 * firstCell,
      toRowFrom - 4 * first,
      toRowStart - 4 * first,
      toRows,
      count,
      toColumns,
      width,
      decimalComma ? 44 : 46,
      toOut,
      toMissed,
    );
    out.forEach((values, j) => {
      const at = (toOut >> 3) + j * count;
      values.set(doubles.subarray(at, at + count), k);
    });
    for (let m = 0; m < missed; m++) {
      const which = words[(toMissed >> 2) + m] as number;
      const row = k + Math.floor(which / width);
      const column = which % width;
      const r = rows[row] as number;
      const { start, end } = cellSpan(tokens, units, r, (rowStart[r] as number) + (columns[column] as number));
      const text = slice(start, end);
      (out[column] as Float64Array)[row] = decimalComma ? parseDecimalComma(text) : parseNumber(text);
    }
    k += count;
  }
  return out;
}
