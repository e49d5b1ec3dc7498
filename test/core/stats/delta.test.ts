import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covariance, deltaDeviation } from '../../../src/core/stats/delta.ts';

test('a straight line: the textbook covariance', () => {
  const x = [0, 1, 2, 3, 4];
  const jacobian = Float64Array.from([...x.map(() => 1), ...x]);
  const result = covariance(jacobian, 5, 2, 3, null, [0, 1], 2);
  assert.ok(result !== null);
  // s² = 1; var(intercept) = 1/5 + 4/10, var(slope) = 1/10, cov = -2/10.
  assert.equal(result.df, 3);
  assert.ok(Math.abs(result.s - 1) < 1e-14);
  const expected = [0.6, -0.2, -0.2, 0.1];
  expected.forEach((value, i) => {
    assert.ok(Math.abs((result.values[i] ?? 0) - value) < 1e-13);
  });
  assert.ok(Math.abs(deltaDeviation(result, [1, 2]) - Math.sqrt(1 / 5)) < 1e-13);
});

test('held parameters have no variance; dependent ones do not blow up', () => {
  const x = [0, 1, 2, 3, 4];
  const held = covariance(Float64Array.from([...x.map(() => 1), ...x]), 5, 2, 4, null, [0], 1);
  assert.ok(held !== null);
  assert.ok(Math.abs((held.values[0] ?? 0) - 1 / 5) < 1e-14);
  assert.equal(held.values[3], 0);
  const twin = covariance(Float64Array.from([...x, ...x.map((v) => 2 * v)]), 5, 2, 3, null, [0, 1], 2);
  assert.ok(twin !== null && twin.rank === 1 && twin.condition > 1e10);
  assert.ok(twin.values.every(Number.isFinite));
});

test('no degrees of freedom, no covariance', () => {
  assert.equal(covariance(Float64Array.of(1, 1), 2, 1, 0, null, [0], 2), null);
});
