import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aicc, bic, summarise } from '../../../src/core/stats/summary.ts';

test('criteria by hand', () => {
  // n = 10, RSS = 1, k = 2: k' = 3.
  assert.ok(Math.abs(aicc(1, 10, 2) - (10 * Math.log(0.1) + 6 + 24 / 6)) < 1e-12);
  assert.ok(Math.abs(bic(1, 10, 2) - (10 * Math.log(0.1) + 3 * Math.log(10))) < 1e-12);
  assert.equal(aicc(1, 4, 2), Number.POSITIVE_INFINITY);
  assert.equal(aicc(0, 10, 2), aicc(1e-40, 10, 2));
});

test('errors in y and in ln y', () => {
  const summary = summarise([1, 2, 4], [1, 2, 2], 1, 'ln y');
  assert.ok(Math.abs((summary.rmse ?? 0) - Math.sqrt(4 / 3)) < 1e-15);
  assert.ok(Math.abs((summary.rmsle ?? 0) - Math.log(2) / Math.sqrt(3)) < 1e-15);
  assert.ok(Math.abs((summary.r2 ?? 0) - (1 - 4 / (14 / 3))) < 1e-14);
  assert.equal(summary.aicc, null);
});

test('what does not exist is null', () => {
  assert.equal(summarise([1, 2], [-1, 2], 1, 'y').rmsle, null);
  assert.equal(summarise([1, 1], [1, 1], 1, 'y').r2, null);
  assert.equal(summarise([1, 2, 3, 4, 5], [1, 2, 3, 4, -5], 1, 'ln y').bic, null);
});
