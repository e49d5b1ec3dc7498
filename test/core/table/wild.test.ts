// Tables that the rules have not seen: the share of columns that are read as a researcher would read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { understandTable } from '../../../src/core/table/understand.ts';
import { LAYOUTS, SIZES, type WildColumn } from './wild-layouts.ts';

function csvOf(columns: readonly WildColumn[]): string {
  const rows = [columns.map(([header]) => header).join(',')];
  for (let row = 0; row < 24; row++) {
    const size = (SIZES[row % SIZES.length] as number) * (1 + 0.05 * Math.floor(row / SIZES.length));
    rows.push(columns.map(([, cell]) => cell(size, row)).join(','));
  }
  return rows.join('\n');
}

const wrong: string[] = [];
let columnsJudged = 0;
for (const [name, columns] of Object.entries(LAYOUTS)) {
  const reading = understandTable(parseCsv(csvOf(columns), { file: `${name}.csv` }), null);
  columns.forEach(([header, , roles, unit], index) => {
    columnsJudged++;
    const column = reading.columns[index];
    const role = column?.role == null || column.role === 'ignore' ? '-' : column.role;
    const right = roles.split(' ').includes(role) && (unit === undefined || column?.unit === unit);
    if (!right)
      wrong.push(`${name}: “${header}” is ${role} (${column?.unit ?? ''}; ${column?.how ?? ''}), not ${roles}`);
  });
}

test('columns of tables that the rules have not seen: at least 95 in 100 right', () => {
  const share = 1 - wrong.length / columnsJudged;
  assert.ok(columnsJudged > 150 && share >= 0.95, `${(100 * share).toFixed(1)} %:\n${wrong.join('\n')}`);
});
