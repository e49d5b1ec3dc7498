/** Pooling adjacent violators and the cross-check by simulation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isotonicCheck, isotonicFit } from '../../../src/core/shape/isotonic.ts';

test('pools violators by weight, in both directions', () => {
  assert.deepEqual([...isotonicFit([1, 3, 2, 4], [1, 1, 1, 1], true)], [1, 2.5, 2.5, 4]);
  assert.deepEqual([...isotonicFit([1, 3, 2, 4], [1, 1, 3, 1], true)], [1, 2.25, 2.25, 4]);
  assert.deepEqual([...isotonicFit([4, 2, 3, 1], [1, 1, 1, 1], false)], [4, 2.5, 2.5, 1]);
  assert.deepEqual([...isotonicFit([3, 2, 1], [1, 1, 1], true)], [2, 2, 2]);
});

test('a clear valley is unlikely under monotone curves, a monotone curve is not', () => {
  const se = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02];
  const valley = isotonicCheck([0.6, 0.45, 0.35, 0.34, 0.45, 0.6], se, 1);
  assert.ok(valley !== null && valley.p < 0.005 && valley.turn === 'valley');
  const rising = isotonicCheck([0.3, 0.33, 0.38, 0.4, 0.45, 0.5], se, 1);
  assert.ok(rising !== null && rising.gain === 0 && rising.p === 1 && rising.monotone === 'increasing');
  assert.equal(isotonicCheck([0.3, 0.4, 0.5, 0.6, 0.7], [0, 0.1, 0.1, 0.1, 0.1], 1), null);
  assert.deepEqual(
    isotonicCheck([0.5, 0.4, 0.45, 0.4, 0.5], [0.05, 0.05, 0.05, 0.05, 0.05], 4),
    isotonicCheck([0.5, 0.4, 0.45, 0.4, 0.5], [0.05, 0.05, 0.05, 0.05, 0.05], 4),
  );
});
