import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnByHeader, rowsWhere } from '../../../src/core/study/where.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';

const table = parseCsv('Name,N,kind\na,1e9,raw\nb,2B,exp\nc,,raw\n', { file: 'a.csv' });
const mask = (op: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in', column: string, value: string): number[] => [
  ...(rowsWhere(table, [{ column, op, value }]) ?? []),
];

test('clauses compare numbers as numbers and texts as texts', () => {
  assert.deepEqual(mask('=', 'kind', 'raw'), [1, 0, 1]);
  assert.deepEqual(mask('!=', 'kind', '"raw"'), [0, 1, 0]);
  assert.deepEqual(mask('=', 'N', '1000000000'), [1, 0, 0]);
  assert.deepEqual(mask('>', 'N', '1.5e9'), [0, 1, 0]);
  assert.deepEqual(mask('<=', 'N', '2e9'), [1, 1, 0]);
  assert.deepEqual(mask('in', 'Name', 'a, c'), [1, 0, 1]);
  assert.deepEqual(mask('in', 'Name', '[b]'), [0, 1, 0]);
});

test('headers by case, unknown headers leave every row', () => {
  assert.equal(columnByHeader(table, 'name'), 0);
  assert.equal(columnByHeader(table, 'nope'), -1);
  assert.equal(rowsWhere(table, [{ column: 'nope', op: '=', value: '1' }]), null);
});
