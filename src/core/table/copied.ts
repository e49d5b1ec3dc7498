/** Copies of tables with some parts changed. Tables of nested formats are objects of a class, whose methods a spread loses. */
import type { RawTable } from './raw-table.ts';

/** The table with other parts. */
export function copiedTable(table: RawTable, changes: Partial<RawTable>): RawTable {
  return {
    ...table,
    header: (column) => table.header(column),
    headerSpan: (column) => table.headerSpan(column),
    cell: (row, column) => table.cell(row, column),
    cellSpan: (row, column) => table.cellSpan(row, column),
    numbers: (column) => table.numbers(column),
    ...changes,
  };
}
