/** Some rows of a table as a table: every cell keeps its place in the file. */
import { copiedCells } from './copied.ts';
import type { RawTable } from './raw-table.ts';

/**
 * The rows that are kept, in their order.
 * @param keep per row of the table, 1 to keep it
 */
export function rowView(table: RawTable, keep: Uint8Array): RawTable {
  const rows = Uint32Array.from(keep.keys()).filter((row) => keep[row] === 1);
  // Beyond the rows there are no cells, as in every table.
  const rowOf = (row: number): number => rows[row] ?? -1;
  return copiedCells(table, {
    rowCount: rows.length,
    cell: (row, column) => table.cell(rowOf(row), column),
    cellSpan: (row, column) => table.cellSpan(rowOf(row), column),
    numbers: (column) => {
      const all = table.numbers(column);
      return Float64Array.from(rows, (row) => all[row] as number);
    },
  });
}
