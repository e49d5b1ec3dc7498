import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { rowView } from '../../../src/core/table/row-view.ts';

test('rows that are kept stand where they stood', () => {
  const table = parseCsv('model,n\na,1\nb,2\nc,3\n', { file: 'a.csv' });
  const view = rowView(table, Uint8Array.of(1, 0, 1));
  assert.equal(view.rowCount, 2);
  assert.deepEqual([view.cell(0, 0), view.cell(1, 0), view.cell(2, 0)], ['a', 'c', '']);
  assert.deepEqual([...view.numbers(1)], [1, 3]);
  assert.deepEqual(view.cellSpan(1, 1), table.cellSpan(2, 1));
  assert.equal(view.cellSpan(2, 1), null);
  assert.equal(view.header(1), 'n');
});
