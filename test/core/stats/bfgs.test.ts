import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minimizeBfgs, type ObjectiveWithGradient } from '../../../src/core/stats/bfgs.ts';

const rosenbrock: ObjectiveWithGradient = (x, g) => {
  const [a = 0, b = 0] = x;
  g[0] = -400 * a * (b - a * a) - 2 * (1 - a);
  g[1] = 200 * (b - a * a);
  return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
};

describe('minimizeBfgs', () => {
  test('finds the end of the banana from the classic start', () => {
    const end = minimizeBfgs(rosenbrock, Float64Array.of(-1.2, 1));
    assert.ok(end.converged);
    assert.ok(Math.abs(end.x[0]! - 1) < 1e-8 && Math.abs(end.x[1]! - 1) < 1e-8);
    assert.ok(end.iterations < 60 && end.evaluations < 100);
  });

  test('a quadratic with the exact inverse Hessian takes one step', () => {
    const quadratic: ObjectiveWithGradient = (x, g) => {
      g[0] = 2 * x[0]! - 4;
      g[1] = 200 * x[1]! + 100;
      return (x[0]! - 2) ** 2 + 100 * (x[1]! + 0.5) ** 2;
    };
    const end = minimizeBfgs(quadratic, Float64Array.of(9, 9), { inverseHessian: Float64Array.of(0.5, 0, 0, 0.005) });
    assert.equal(end.iterations, 1);
    assert.ok(Math.abs(end.x[0]! - 2) < 1e-14 && Math.abs(end.x[1]! + 0.5) < 1e-14);
  });

  test('an objective of size 1e-9 is not taken for converged at the start', () => {
    const small: ObjectiveWithGradient = (x, g) => {
      const value = rosenbrock(x, g);
      g[0]! *= 1e-9;
      g[1]! *= 1e-9;
      return 1e-9 * value;
    };
    const end = minimizeBfgs(small, Float64Array.of(-1.2, 1), { gradientTolerance: 1e-16 });
    assert.ok(Math.abs(end.x[0]! - 1) < 1e-4, `${end.x[0]}`);
  });

  test('says when it stopped early, and walks around forbidden ground', () => {
    const cut = minimizeBfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 });
    assert.ok(!cut.converged && cut.stop === 'iterations');
    const stopped = minimizeBfgs(rosenbrock, Float64Array.of(-1.2, 1), { stop: () => true });
    assert.ok(!stopped.converged && stopped.stop === 'stopped');
    const barrier = minimizeBfgs((x, g) => {
      if (!(x[0]! > 0)) return Number.POSITIVE_INFINITY;
      g[0] = 1 - 1 / x[0]!;
      return x[0]! - Math.log(x[0]!);
    }, Float64Array.of(50));
    assert.ok(barrier.converged && Math.abs(barrier.x[0]! - 1) < 1e-7);
    const nowhere = minimizeBfgs(() => Number.NaN, Float64Array.of(1));
    assert.ok(!nowhere.converged && nowhere.stop === 'not-finite' && nowhere.value === Number.POSITIVE_INFINITY);
  });
});
