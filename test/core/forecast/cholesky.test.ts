import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choleskySolve } from '../../../src/core/forecast/cholesky.ts';

test('a positive definite system is solved, another one refused', () => {
  const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3);
  const solution = choleskySolve(matrix.slice(), Float64Array.of(1, -2, 3), 3);
  assert.ok(solution !== null);
  for (let i = 0; i < 3; i++) {
    let sum = 0;
    for (let j = 0; j < 3; j++) sum += (matrix[3 * i + j] as number) * (solution[j] as number);
    assert.ok(Math.abs(sum - ([1, -2, 3][i] as number)) < 1e-12);
  }
  assert.equal(choleskySolve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 2), null);
});
