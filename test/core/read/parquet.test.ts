// Parquet, by a file written here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetSample, writeParquet } from './parquet-sample.ts';
import { read, readOne, rowsOf } from './shared.ts';

test('columns, numbers and texts', async () => {
  const table = await readOne('contents.parquet', parquetSample());
  assert.equal(table.format, 'open-llm-leaderboard');
  assert.deepEqual(rowsOf(table)[1], { eval_name: 'b', fullname: 'org/b-7b', '#Params (B)': '7', 'BBH Raw': '0.4' });
  assert.deepEqual([...table.numbers(3)], [0.3, 0.4, 0.6]);
  assert.match(table.notes.join(' '), /Raw columns are the scores/);
});

test('a file that ends early is refused with a reason', async () => {
  const { failure } = await read('x.parquet', parquetSample().slice(0, 150));
  assert.equal(failure?.code, 'file.malformed');
  assert.match(failure.message, /damaged or ends early/);
});

test('400 000 rows, each with its numbers', { timeout: 60_000 }, async () => {
  const rows = 400_000;
  const bytes = writeParquet([
    { name: 'N', doubles: Array.from({ length: rows }, (_, i) => i) },
    { name: 'loss', doubles: Array.from({ length: rows }, (_, i) => 1 / (i + 1)) },
    { name: 'D', doubles: Array.from({ length: rows }, (_, i) => 2 * i) },
    { name: 'C', doubles: Array.from({ length: rows }, (_, i) => 12 * i) },
  ]);
  const table = await readOne('big.parquet', bytes);
  const loss = table.numbers(1);
  assert.equal(table.rowCount, rows);
  assert.equal(loss[rows - 1], 1 / rows);
  assert.deepEqual([...table.numbers(3).subarray(0, 3)], [0, 12, 24]);
  assert.equal(table.numbers(2)[rows - 1], 2 * (rows - 1));
});
