import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growTogether } from '../../../src/core/forecast/grow-together.ts';

test('sizes trained on a fixed number of tokens per parameter, or on one number of tokens, cannot be told from data', () => {
  const sizes = [1e8, 3e8, 1e9, 3e9];
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: 20 * params }))));
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: params ** -0.5 }))));
  assert.ok(growTogether(sizes.map((params) => ({ params, tokens: 1e11 }))));
  assert.ok(!growTogether(sizes.map((params, i) => ({ params, tokens: (i % 2 === 0 ? 20 : 200) * params }))));
});
