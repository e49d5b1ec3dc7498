import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText, series } from './tables.ts';

test('a row’s score with all that the row says', () => {
  const text = `model,params,tokens,seed,acc,acc_low,acc_high,n\na,1e9,2e10,0,0.5,0.4,0.6,100\na,1e9,2e10,1,0.6,,,0\nb,2e9,2e10,0,0.7,0.6,0.8,100\n`;
  const [first, second, third] = series(fromText(text), 'acc/acc').points.map((p) => p);
  assert.deepEqual([first?.model, first?.run, first?.n, first?.compute], ['a', 'a · 0', 100, 1.2e20]);
  assert.ok(Math.abs((first?.stderr ?? 0) - 0.2 / 3.919928) < 1e-12, 'a 95 % interval');
  assert.deepEqual([second?.run, second?.n, second?.stderr], ['a · 1', null, null]);
  assert.deepEqual([third?.row, third?.column, third?.loss], [2, 4, null]);
});

test('a standard deviation over the root of the items is a standard error', () => {
  const text = 'model,params,tokens,acc,acc_std,n\na,1e9,2e10,0.5,0.4,100\nb,2e9,2e10,0.6,0.4,1\n';
  const [first, second] = series(fromText(text), 'acc/acc').points.map((p) => p.stderr);
  assert.deepEqual([first, second], [0.04, 0.4]);
});
