import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLinear } from '../../../src/core/stats/linear.ts';
import { createProjection, reduceColumn, solveProjection } from '../../../src/core/stats/varpro.ts';

test('the projection is the least-squares solution, for every choice of further columns', () => {
  const x = Float64Array.from({ length: 9 }, (_, i) => i - 4);
  const fixed = [x.map(() => 1), x];
  const y = x.map((v) => Math.cos(v));
  const weights = x.map((v) => 1 + v * v);
  const projection = createProjection(fixed, y, weights);
  const further = [3, 5, 2].map((s) => x.map((v) => Math.exp(v / s)));
  const table = further.map((column) => reduceColumn(projection, column));
  for (const chosen of [[], [0], [2], [0, 1], [2, 0]]) {
    const coefficients = new Float64Array(2 + chosen.length);
    const rss = solveProjection(
      projection,
      chosen.map((k) => table[k] as (typeof table)[number]),
      new Float64Array(coefficients.length ** 2),
      coefficients,
    );
    const exact = fitLinear([...fixed, ...chosen.map((k) => further[k] as Float64Array)], y, weights);
    assert.ok(exact !== null);
    assert.ok(Math.abs(rss / exact.rss - 1) < 1e-6, `${chosen}: ${rss} against ${exact.rss}`);
    coefficients.forEach((value, j) => assert.ok(Math.abs(value - (exact.coefficients[j] ?? NaN)) < 1e-4));
  }
});

test('a column of zeros cannot be solved', () => {
  const ones = new Float64Array(4).fill(1);
  const projection = createProjection([ones], ones, ones);
  const zeros = new Float64Array(4);
  const chosen = [reduceColumn(projection, zeros)];
  assert.equal(solveProjection(projection, chosen, new Float64Array(4), new Float64Array(2)), Number.POSITIVE_INFINITY);
});
