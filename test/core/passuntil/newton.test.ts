import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimiseNewton } from '../../../src/core/passuntil/newton.ts';

test('a bowl in one step, and a curved valley to its bottom', () => {
  const bowl = minimiseNewton((a, b) => [(a - 1) ** 2 + 3 * (b + 2) ** 2, 2 * (a - 1), 6 * (b + 2), 2, 0, 6], 10, 10);
  assert.ok(bowl.converged && Math.abs(bowl.a - 1) < 1e-9 && Math.abs(bowl.alpha + 2) < 1e-9);
  const rosenbrock = minimiseNewton(
    (x, y) => {
      const d = y - x * x;
      return [
        (1 - x) ** 2 + 100 * d * d,
        -2 * (1 - x) - 400 * x * d,
        200 * d,
        2 - 400 * (y - 3 * x * x),
        -400 * x,
        200,
      ];
    },
    -1.2,
    1,
  );
  assert.ok(rosenbrock.converged && Math.abs(rosenbrock.a - 1) < 1e-6, JSON.stringify(rosenbrock));
});
