import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InstanceCount, readCounts } from '../../../src/core/passuntil/counts.ts';
import { countsTable } from '../../../src/core/passuntil/counts-table.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';

test('what is written is read back, whatever the names hold', () => {
  const row = (instance: string, more: Partial<InstanceCount> = {}): InstanceCount => ({
    wanted: 3,
    passes: 3,
    trials: 40,
    capped: false,
    instance,
    task: 'a, b',
    model: 'say "m"',
    params: 3e7,
    loss: null,
    table: 0,
    row: 0,
    ...more,
  });
  const rows = [row('q1'), row('two\nlines', { row: 1, passes: 1, trials: 100, capped: true })];
  const { rows: back, findings } = readCounts([parseCsv(countsTable(rows), { file: 'x.csv' })]);
  assert.deepEqual(findings, []);
  assert.deepEqual(back, rows);
});
