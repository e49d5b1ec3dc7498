import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLinear } from '../../../src/core/stats/linear.ts';
import { projectLinear } from '../../../src/core/stats/varpro.ts';

test('the projection is the least-squares solution', () => {
  const x = Float64Array.from({ length: 9 }, (_, i) => i - 4);
  const basis = [x.map(() => 1), x, x.map((v) => Math.exp(v / 3))];
  const y = x.map((v) => Math.cos(v));
  const weights = x.map((v) => 1 + v * v);
  const coefficients = new Float64Array(3);
  const rss = projectLinear(basis, y, weights, new Float64Array(9), coefficients);
  const exact = fitLinear(basis, y, weights);
  assert.ok(exact !== null);
  assert.ok(Math.abs(rss / exact.rss - 1) < 1e-7);
  for (let j = 0; j < 3; j++) assert.ok(Math.abs((coefficients[j] ?? 0) - (exact.coefficients[j] ?? 1)) < 1e-6);
});

test('a column of zeros cannot be solved', () => {
  const ones = new Float64Array(4).fill(1);
  const cost = projectLinear([ones, new Float64Array(4)], ones, ones, new Float64Array(4), new Float64Array(2));
  assert.equal(cost, Number.POSITIVE_INFINITY);
});
