/** The exact Kendall test on short ladders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kendallTrend } from '../../../src/core/shape/rank-trend.ts';

test('exact p values', () => {
  assert.deepEqual(kendallTrend([1, 2, 3]), { s: 3, p: 2 / 6 });
  assert.deepEqual(kendallTrend([1, 2, 3, 4]), { s: 6, p: 2 / 24 });
  assert.deepEqual(kendallTrend([5, 4, 3, 2, 1]), { s: -10, p: 2 / 120 });
  assert.deepEqual(kendallTrend([1, 2, 3, 5, 4]), { s: 8, p: (2 * 5) / 120 });
  assert.equal(kendallTrend([1, 1, 1, 1]).p, 1);
});
