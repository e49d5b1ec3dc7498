import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correlation, mean } from '../../../src/core/stats/moments.ts';

test('the mean of a list, and of none', () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.ok(Number.isNaN(mean([])));
});

test('the correlation of a line is ±1, of what is balanced 0, in between by hand', () => {
  assert.ok(Math.abs((correlation([1, 2, 3], [5, 7, 9]) ?? 0) - 1) < 1e-15);
  assert.ok(Math.abs((correlation([1, 2, 3], [1e9, 0, -1e9]) ?? 0) + 1) < 1e-15);
  assert.equal(correlation([-1, 0, 1], [1, -2, 1]), 0);
  // Sums of squares 2 and 6, of products 3.
  assert.ok(Math.abs((correlation([1, 2, 3], [0, 3, 3]) ?? 0) - 3 / Math.sqrt(12)) < 1e-15);
});

test('what does not vary correlates with nothing', () => {
  assert.equal(correlation([1, 2, 3], [4, 4, 4]), null);
  assert.equal(correlation([4], [5]), null);
});
