/**
 * Row filters by raw header: `condition = raw_loss`, `N >= 1e9`, `family in Pythia,OPT`. Numbers compare as numbers where
 * both sides are numbers, texts as texts.
 */
import { parseNumber } from '../table/numbers.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { WhereClause } from './study.ts';

/** True if a cell satisfies a clause. */
export function holds(cell: string, clause: WhereClause): boolean {
  const text = cell.trim();
  if (clause.op === 'in') {
    const list = clause.value
      .replace(/^[[(]|[\])]$/g, '')
      .split(',')
      .map((v) => v.trim().replace(/^["']|["']$/g, ''));
    return list.some((value) => holds(text, { column: clause.column, op: '=', value }));
  }
  const wanted = clause.value.trim().replace(/^(["'])(.*)\1$/, '$2');
  const a = parseNumber(text);
  const b = parseNumber(wanted);
  const numeric = !Number.isNaN(a) && !Number.isNaN(b);
  switch (clause.op) {
    case '=':
      return numeric ? a === b : text === wanted;
    case '!=':
      return numeric ? a !== b : text !== wanted;
    case '<':
      return numeric ? a < b : false;
    case '<=':
      return numeric ? a <= b : false;
    case '>':
      return numeric ? a > b : false;
    case '>=':
      return numeric ? a >= b : false;
  }
}

/** The column of a header as the user wrote it: exact first, then without case and padding; −1 if there is none. */
export function columnByHeader(table: RawTable, name: string): number {
  const wanted = name.trim();
  for (let c = 0; c < table.columnCount; c++) if (table.header(c).trim() === wanted) return c;
  for (let c = 0; c < table.columnCount; c++)
    if (table.header(c).trim().toLowerCase() === wanted.toLowerCase()) return c;
  return -1;
}

/**
 * Rows of a table that satisfy all clauses; null if every row does. Clauses about columns that the table does not have
 * leave its rows alone (another file of the study may have them).
 */
export function rowsWhere(table: RawTable, clauses: readonly WhereClause[]): Uint8Array | null {
  const active = clauses
    .map((clause) => ({ clause, column: columnByHeader(table, clause.column) }))
    .filter((c) => c.column >= 0);
  if (active.length === 0) return null;
  const keep = new Uint8Array(table.rowCount).fill(1);
  for (const { clause, column } of active) {
    for (let row = 0; row < table.rowCount; row++) {
      if (keep[row] === 1 && !holds(table.cell(row, column), clause)) keep[row] = 0;
    }
  }
  return keep;
}
