/** Tables whose header is not the first line: spreadsheets saved with blank lines above it. */
import { copiedCells } from './copied.ts';
import type { RawTable } from './raw-table.ts';

/** Blank lines above a header that are looked at. */
const MOST_BLANK = 5;

/** The table with its first line that holds anything as the header; the table itself where that is its header already. */
export function withLateHeader(table: RawTable): RawTable {
  const columns = Array.from({ length: table.columnCount }, (_, column) => column);
  if (table.columnCount < 2 || columns.some((column) => table.header(column).trim() !== '')) return table;
  let first = 0;
  const last = Math.min(MOST_BLANK, table.rowCount);
  while (first < last && columns.every((column) => table.cell(first, column).trim() === '')) first++;
  if (first >= last) return table;
  const from = first + 1;
  return copiedCells(table, {
    rowCount: table.rowCount - from,
    header: (column) => table.cell(first, column),
    headerSpan: (column) => table.cellSpan(first, column),
    cell: (row, column) => table.cell(row + from, column),
    cellSpan: (row, column) => table.cellSpan(row + from, column),
    numbers: (column) => table.numbers(column).slice(from),
    notes: [...table.notes, `${from} blank line${from === 1 ? '' : 's'} above the header`],
  });
}
