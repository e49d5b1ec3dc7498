/** A table with further spellings of a missing value, as a manifest names them (`-1`, `999`, `n.d.`). */
import { copiedCells } from './copied.ts';
import type { RawTable } from './raw-table.ts';

/** Cells whose trimmed text is one of the spellings count as empty; places stay. */
export function maskMissing(table: RawTable, spellings: readonly string[]): RawTable {
  if (spellings.length === 0) return table;
  const missing = new Set(spellings.map((s) => s.trim()));
  const cache = new Map<number, Float64Array>();
  const masked = (row: number, column: number): boolean => missing.has(table.cell(row, column).trim());
  return copiedCells(table, {
    cell: (row, column) => (masked(row, column) ? '' : table.cell(row, column)),
    numbers: (column) => {
      let values = cache.get(column);
      if (values === undefined) {
        values = Float64Array.from(table.numbers(column));
        for (let row = 0; row < values.length; row++) if (masked(row, column)) values[row] = Number.NaN;
        cache.set(column, values);
      }
      return values;
    },
  });
}
