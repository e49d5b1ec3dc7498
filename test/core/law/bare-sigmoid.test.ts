import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitBareSigmoid } from '../../../src/core/law/bare-sigmoid.ts';
import { SLOPE_PRIOR } from '../../../src/core/law/slope-prior.ts';
import { logistic } from '../../../src/core/stats/logistic.ts';

const x = Float64Array.from({ length: 20 }, (_, i) => 18 + i / 4);
const y = x.map((z) => logistic(1.7 * (z - 20.5)));

test('an exact sigmoid is found exactly without the prior, and near its slope with it', () => {
  const plain = fitBareSigmoid(x, y, null);
  assert.ok(plain !== null);
  assert.ok(Math.abs(plain.k - 1.7) < 1e-6 && Math.abs(plain.x0 - 20.5) < 1e-6);
  const prior = fitBareSigmoid(x, y, SLOPE_PRIOR);
  assert.ok(prior !== null && prior.k > 1.2 && prior.k < 1.7);
});

test('one point is no fit', () => {
  assert.equal(fitBareSigmoid(x.subarray(0, 1), y.subarray(0, 1), null), null);
});
