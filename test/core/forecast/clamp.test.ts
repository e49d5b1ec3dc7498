import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clamp } from '../../../src/core/forecast/clamp.ts';
import { makeSeries } from '../law/series.ts';

test('a value stays inside the ends that the metric has, and only those', () => {
  const of = (lower: number | null, upper: number | null) =>
    [-1, 0.5, 2].map((y) => clamp(makeSeries([], { lower, upper }), y));
  assert.deepEqual(of(0, 1), [0, 0.5, 1]);
  assert.deepEqual(of(0, null), [0, 0.5, 2]);
  assert.deepEqual(of(null, 1), [-1, 0.5, 1]);
  assert.deepEqual(of(null, null), [-1, 0.5, 2]);
});
