import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSolver, type LeastSquaresProblem } from '../../../src/core/stats/levenberg-marquardt.ts';
import { SQUARED } from '../../../src/core/stats/robust.ts';

/** Rosenbrock's valley as residuals 10 (b - a²) and 1 - a. */
const rosenbrock: LeastSquaresProblem = {
  n: 2,
  p: 2,
  target: new Float64Array(2),
  weights: null,
  lower: Float64Array.of(-10, -10),
  upper: Float64Array.of(10, 10),
  loss: SQUARED,
  priors: [],
  evaluate: (theta, values, jacobian) => {
    const a = theta[0] as number;
    values[0] = 10 * ((theta[1] as number) - a * a);
    values[1] = 1 - a;
    if (jacobian !== null) jacobian.set([-20 * a, -1, 10, 0]);
    return true;
  },
};

test('the bottom of a curved valley', () => {
  const run = createSolver(2, 2).solve(rosenbrock, Float64Array.of(-1.2, 1));
  assert.ok(run.converged);
  assert.ok(Math.abs((run.theta[0] ?? 0) - 1) < 1e-10);
  assert.ok(run.cost < 1e-20);
  assert.ok(run.iterations < 60, `${run.iterations} iterations`);
});

test('a bound in the way: the constrained optimum, reported', () => {
  const run = createSolver(2, 2).solve({ ...rosenbrock, upper: Float64Array.of(0.5, 10) }, Float64Array.of(-1.2, 1));
  assert.ok(run.converged);
  assert.deepEqual(run.atBound, [0]);
  assert.equal(run.theta[0], 0.5);
  assert.ok(Math.abs((run.theta[1] ?? 0) - 0.25) < 1e-8);
});

test('a start outside the bounds is moved inside, an undefined one is said', () => {
  const outside = createSolver(2, 2).solve(rosenbrock, Float64Array.of(-1e9, 1e9));
  assert.ok(outside.converged);
  const nowhere = createSolver(2, 2).solve({ ...rosenbrock, evaluate: () => false }, Float64Array.of(0, 0));
  assert.equal(nowhere.status, 'undefined-at-start');
  assert.equal(nowhere.converged, false);
});

test('priors pull, weights of zero remove', () => {
  const line: LeastSquaresProblem = {
    n: 3,
    p: 1,
    target: Float64Array.of(1, 1, 100),
    weights: Float64Array.of(1, 1, 0),
    lower: Float64Array.of(-1e9),
    upper: Float64Array.of(1e9),
    loss: SQUARED,
    priors: [{ index: 0, centre: 3, weight: 2 }],
    evaluate: (theta, values, jacobian) => {
      values.fill(theta[0] as number);
      jacobian?.fill(1);
      return true;
    },
  };
  const run = createSolver(3, 1, 1).solve(line, Float64Array.of(0));
  assert.ok(Math.abs((run.theta[0] ?? 0) - 2) < 1e-10, `${run.theta[0]} ${run.status} ${run.iterations}`);
  assert.ok(Math.abs(run.cost - 4) < 1e-10);
});

test('Huber: the median within the switch point', () => {
  const values = [0, 1, 2, 3, 1000];
  const location: LeastSquaresProblem = {
    n: 5,
    p: 1,
    target: Float64Array.from(values),
    weights: null,
    lower: Float64Array.of(-1e9),
    upper: Float64Array.of(1e9),
    loss: { kind: 'huber', delta: 0.5 },
    priors: [],
    evaluate: (theta, out, jacobian) => {
      out.fill(theta[0] as number);
      jacobian?.fill(1);
      return true;
    },
  };
  const run = createSolver(5, 1).solve(location, Float64Array.of(200));
  // Two below pull down by 0.5 each, two above up: 2 itself decides.
  assert.ok(Math.abs((run.theta[0] ?? 0) - 2) < 1e-8, `${run.theta[0]}`);
});
