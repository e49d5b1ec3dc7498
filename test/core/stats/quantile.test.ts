import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, quantileSorted, sortedCopy } from '../../../src/core/stats/quantile.ts';

test('quantiles as numpy computes them', () => {
  const values = [7, 1, 3, 10];
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile(values, 1), 10);
  assert.equal(median(values), 5);
  assert.ok(Math.abs(quantile(values, 0.9) - 9.1) < 1e-12);
  assert.ok(Number.isNaN(quantileSorted([], 0.5)));
  assert.deepEqual([...sortedCopy([10, 9, -1])], [-1, 9, 10]);
});
