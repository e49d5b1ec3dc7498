/**
 * Copies of tables with some parts changed. Tables of nested formats are objects of a class, whose methods a spread loses;
 * delimited ones make their text when it is read, which a spread does.
 */
import type { RawTable } from './raw-table.ts';

/** The table with other parts. */
export function copiedTable(table: RawTable, changes: Partial<RawTable>): RawTable {
  const methods: Partial<RawTable> = {
    header: (column) => table.header(column),
    headerSpan: (column) => table.headerSpan(column),
    cell: (row, column) => table.cell(row, column),
    cellSpan: (row, column) => table.cellSpan(row, column),
    numbers: (column) => table.numbers(column),
  };
  return Object.defineProperties({}, {
    ...Object.getOwnPropertyDescriptors(table),
    ...Object.getOwnPropertyDescriptors(methods),
    ...Object.getOwnPropertyDescriptors(changes),
  } as PropertyDescriptorMap) as RawTable;
}

/** The table with other parts, whose columns are read cell by cell: the parts change what the cells hold. */
export function copiedCells(table: RawTable, changes: Partial<RawTable>): RawTable {
  const { texts: _, ...rest } = Object.getOwnPropertyDescriptors(copiedTable(table, changes));
  return Object.defineProperties({}, rest as PropertyDescriptorMap) as RawTable;
}
