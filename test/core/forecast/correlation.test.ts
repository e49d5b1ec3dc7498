import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correlation, growTogether } from '../../../src/core/forecast/correlation.ts';

test('of a line it is ±1, of what is balanced 0, in between by hand', () => {
  assert.ok(Math.abs(correlation([1, 2, 3], [5, 7, 9]) - 1) < 1e-15);
  assert.ok(Math.abs(correlation([1, 2, 3], [1e9, 0, -1e9]) + 1) < 1e-15);
  assert.equal(correlation([-1, 0, 1], [1, -2, 1]), 0);
  // Sums of squares 2 and 6, of products 3.
  assert.ok(Math.abs(correlation([1, 2, 3], [0, 3, 3]) - 3 / Math.sqrt(12)) < 1e-15);
});

test('what does not vary tells nothing apart', () => {
  assert.equal(correlation([1, 2, 3], [4, 4, 4]), 1);
  assert.equal(correlation([4], [5]), 1);
});

test('sizes trained on a fixed number of tokens per parameter, or on one number of tokens, cannot be told from data', () => {
  const sizes = [1e8, 3e8, 1e9, 3e9];
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: 20 * params }))));
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: params ** -0.5 }))));
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: 1e11 }))));
  assert.ok(!growTogether(sizes.map((params, i) => ({ params, tokens: (i % 2 === 0 ? 20 : 200) * params }))));
});
