import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSolver, type LeastSquaresProblem } from '../../../src/core/stats/levenberg-marquardt.ts';
import { quantileSorted, sortedCopy } from '../../../src/core/stats/quantile.ts';
import { createRandom, resampleCounts } from '../../../src/core/stats/random.ts';
import { createRefitSolver } from '../../../src/core/stats/refit.ts';
import { SQUARED } from '../../../src/core/stats/robust.ts';

const N = 24;
const REFITS = 400;
const u = Float64Array.from({ length: N }, (_, i) => (6 * i) / (N - 1));

/** ln(e + b exp(-c u)), theta = (e, ln b, c). */
function levellingOff(target: Float64Array, weights: Float64Array | null): LeastSquaresProblem {
  return {
    n: N,
    p: 3,
    target,
    weights,
    lower: Float64Array.of(0, -700, 0),
    upper: Float64Array.of(10, 700, 700),
    loss: SQUARED,
    priors: [],
    evaluate: (theta, values, jacobian) => {
      const [e = 0, lnB = 0, c = 0] = theta;
      for (let i = 0; i < N; i++) {
        const at = u[i] as number;
        const fall = Math.exp(lnB - c * at);
        values[i] = Math.log(e + fall);
        if (jacobian === null) continue;
        jacobian[i] = 1 / (e + fall);
        jacobian[N + i] = fall / (e + fall);
        jacobian[2 * N + i] = (-at * fall) / (e + fall);
      }
      return true;
    },
  };
}

/** Ends of the 90 % intervals of quick refits, in widths of those of careful ones, at their largest distance. */
function distance(truth: Float64Array, method: 'residual' | 'case'): number {
  const random = createRandom(11, method);
  const target = new Float64Array(N);
  const weights = method === 'case' ? new Float64Array(N).fill(1) : null;
  const problem = levellingOff(target, weights);
  const exact = new Float64Array(N);
  problem.evaluate(truth, exact, null);
  for (let i = 0; i < N; i++) target[i] = (exact[i] as number) + 0.01 * random.normal();
  const careful = createSolver(N, 3);
  const best = careful.solve(problem, truth).theta;
  const fitted = new Float64Array(N);
  problem.evaluate(best, fitted, null);
  const quick = createRefitSolver(N, 3);
  quick.anchor(problem, best, method === 'residual');
  const draws = [0, 1, 2].map(() => ({ quick: new Float64Array(REFITS), careful: new Float64Array(REFITS) }));
  for (let b = 0; b < REFITS; b++) {
    if (weights !== null) resampleCounts(random, weights);
    else for (let i = 0; i < N; i++) target[i] = (fitted[i] as number) + 0.01 * random.normal();
    const run = quick.refit(problem, 100);
    assert.ok(run.converged);
    const settled = careful.solve(problem, best);
    assert.ok(settled.converged);
    draws.forEach((draw, j) => {
      draw.quick[b] = run.theta[j] as number;
      draw.careful[b] = settled.theta[j] as number;
    });
  }
  let most = 0;
  for (const draw of draws) {
    const [near, far] = [sortedCopy(draw.quick), sortedCopy(draw.careful)];
    const width = quantileSorted(far, 0.95) - quantileSorted(far, 0.05);
    for (const share of [0.05, 0.95])
      most = Math.max(most, Math.abs(quantileSorted(near, share) - quantileSorted(far, share)) / width);
  }
  return most;
}

test('intervals of quick refits end where those of careful ones do, within three hundredths of their width', () => {
  for (const method of ['residual', 'case'] as const) {
    const inside = distance(Float64Array.of(1.7, 0.5, 0.6), method);
    assert.ok(inside < 0.03, `${method}: ${inside}`);
    // Half of these end on the bound e = 0.
    const onBound = distance(Float64Array.of(0.01, 0.5, 0.3), method);
    assert.ok(onBound < 0.03, `${method} on the bound: ${onBound}`);
  }
});

test('a step that would leave the bounds goes along them', () => {
  // The free optimum is at (3, -2).
  const slopes = [1, 1, 0, 1, 2, 1];
  const target = Float64Array.of(1, -1, -2);
  const bowl: LeastSquaresProblem = {
    n: 3,
    p: 2,
    target,
    weights: null,
    lower: Float64Array.of(-5, -5),
    upper: Float64Array.of(1, 5),
    loss: SQUARED,
    priors: [],
    evaluate: (theta, values, jacobian) => {
      const [a = 0, b = 0] = theta;
      for (let i = 0; i < 3; i++) values[i] = a * (slopes[i] as number) + b * (slopes[3 + i] as number);
      jacobian?.set(slopes);
      return true;
    },
  };
  const solver = createRefitSolver(3, 2);
  const free = solver.solve({ ...bowl, upper: Float64Array.of(5, 5) }, Float64Array.of(0, 0), 20, 1e-12);
  assert.ok(free.converged && Math.abs((free.theta[0] ?? 0) - 3) < 1e-6 && Math.abs((free.theta[1] ?? 0) + 2) < 1e-6);
  // Held at 1: residuals b, 2 b + 2, b + 2 are least at b = -1.
  const held = solver.solve(bowl, Float64Array.of(0, 0), 2, 1e-12);
  assert.equal(held.theta[0], 1);
  assert.ok(Math.abs((held.theta[1] ?? 0) + 1) < 1e-3, `${held.theta[1]}`);
});
