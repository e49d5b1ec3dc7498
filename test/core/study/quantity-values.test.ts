import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuantityValues, sizesOf, stepsOf } from '../../../src/core/study/quantity-values.ts';
import { parseCsv } from '../../../src/core/table/csv.ts';
import { columnFor, understandTable } from '../../../src/core/table/understand.ts';

const reading = (text: string) => understandTable(parseCsv(text, { file: 'runs.csv' }), null);
const unknown = () => new Float64Array(3).fill(Number.NaN);

test('what others read is copied before the first change, and only then', () => {
  const table = Float64Array.of(1e9, Number.NaN, 3e9);
  const values = new QuantityValues(table, true);
  values.set(0, 1e9);
  values.set(1, Number.NaN);
  assert.equal(values.values, table, 'nothing was changed');
  values.set(1, 2e9);
  assert.deepEqual([...values.values], [1e9, 2e9, 3e9]);
  assert.deepEqual([...table], [1e9, Number.NaN, 3e9]);
  const own = values.values;
  values.set(2, 4e9);
  assert.equal(values.values, own, 'copied once');
});

test('sizes of a column: the table’s own numbers where they are sizes, else in plain units and without what is none', () => {
  const plain = reading('model,params,acc\na,1e9,0.1\nb,2e9,0.2\nc,,0.3\n');
  const params = columnFor(plain, 'params');
  assert.equal(sizesOf(plain, params, unknown).values, plain.table.numbers(1));
  const billions = reading('model,params (B),acc\na,1,0.1\nb,-1,0.2\nc,3,0.3\n');
  assert.deepEqual([...sizesOf(billions, columnFor(billions, 'params'), unknown).values], [1e9, Number.NaN, 3e9]);
  assert.deepEqual([...sizesOf(plain, null, unknown).values], [Number.NaN, Number.NaN, Number.NaN]);
});

test('steps may be zero, but not infinite', () => {
  const logged = reading('step,loss\n0,3\n10,2\n20,1\n');
  assert.equal(stepsOf(logged, columnFor(logged, 'step'), unknown).values, logged.table.numbers(0));
  const odd = reading('step,loss\n0,3\n10,2\ninf,1\n');
  assert.deepEqual([...stepsOf(odd, columnFor(odd, 'step'), unknown).values].slice(0, 2), [0, 10]);
  assert.ok(!stepsOf(odd, columnFor(odd, 'step'), unknown).values.some((v) => v === Number.POSITIVE_INFINITY));
});
