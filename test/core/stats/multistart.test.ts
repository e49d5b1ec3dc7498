import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeastSquaresProblem } from '../../../src/core/stats/levenberg-marquardt.ts';
import { multistart } from '../../../src/core/stats/multistart.ts';
import { createRefitSolver } from '../../../src/core/stats/refit.ts';
import { SQUARED } from '../../../src/core/stats/robust.ts';

/** (t² - 1)² + (tilt (t - 1))²: two valleys at t = ±1, the right one deeper when tilt > 0. */
const valleys = (tilt: number): LeastSquaresProblem => ({
  n: 3,
  p: 1,
  target: Float64Array.of(0, 0, 1),
  weights: null,
  lower: Float64Array.of(-5),
  upper: Float64Array.of(5),
  loss: SQUARED,
  priors: [],
  evaluate: (theta, values, jacobian) => {
    const t = theta[0] as number;
    values.set([t * t - 1, tilt * (t - 1), 0]);
    jacobian?.set([2 * t, tilt, 0]);
    return true;
  },
});

const options = { explore: 4, exploreIterations: 30, finish: 2, lm: {} };
const starts = [-2, -0.5, 0.5, 2].map((t) => Float64Array.of(t));

test('the deeper valley wins, and the starts that found it are counted', () => {
  const result = multistart(valleys(0.5), starts, options);
  assert.ok(result !== null && result.best.converged);
  assert.ok(Math.abs((result.best.theta[0] ?? 0) - 1) < 1e-9);
  assert.equal(result.tried, 4);
  assert.equal(result.atOptimum, 2);
  assert.equal(result.rival, null);
});

test('a valley as deep is a rival; the first start decides between equals', () => {
  const result = multistart(valleys(0), starts, options);
  assert.ok(result !== null);
  assert.ok(Math.abs((result.best.theta[0] ?? 0) + 1) < 1e-6);
  assert.ok(result.rival !== null && Math.abs((result.rival.theta[0] ?? 0) - 1) < 1e-3);
});

test('starts without a finite cost give nothing', () => {
  assert.equal(multistart({ ...valleys(1), evaluate: () => false }, starts, options), null);
});

test('a quick refit stops near the optimum and knows its bounds', () => {
  const solver = createRefitSolver(3, 1);
  const quick = solver.solve(valleys(0.5), Float64Array.of(1.3), 30);
  assert.ok(quick.converged && Math.abs((quick.theta[0] ?? 0) - 1) < 0.1);
  const precise = solver.solve(valleys(0.5), Float64Array.of(1.3), 60, 1e-12);
  assert.ok(precise.converged && Math.abs((precise.theta[0] ?? 0) - 1) < 1e-5);
  const bounded = solver.solve({ ...valleys(0.5), upper: Float64Array.of(0.8) }, Float64Array.of(0.2), 60, 1e-12);
  assert.ok(bounded.converged);
  assert.equal(bounded.theta[0], 0.8);
});
