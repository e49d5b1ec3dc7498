import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qrInPlace, upperTriangle } from '../../../src/core/stats/linear.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { createRowFold } from '../../../src/core/stats/row-fold.ts';

test('folding block by block gives the triangle and the right-hand side of the whole matrix', () => {
  const random = createRandom(3, 'row fold');
  const n = 57;
  const p = 4;
  const rows = Array.from({ length: n }, (_, i) => [1, i / n, Math.exp(-i / 9), random.normal()]);
  const target = rows.map(() => random.normal());
  const fold = createRowFold(p, 10);
  for (let from = 0; from < n; from += fold.rows) {
    const count = Math.min(fold.rows, n - from);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < p; j++) fold.block[j * fold.rows + i] = rows[from + i]?.[j] ?? NaN;
      fold.blockRhs[i] = target[from + i] ?? NaN;
    }
    fold.fold(count);
  }
  const whole = Float64Array.from({ length: n * p }, (_, k) => rows[k % n]?.[Math.floor(k / n)] ?? NaN);
  const rhs = Float64Array.from(target);
  qrInPlace(whole, n, p, rhs);
  const triangle = upperTriangle(whole, n, p);
  // Signs of the rows of R are free; those of the right-hand side follow them.
  for (let i = 0; i < p; i++) {
    const sign = Math.sign((fold.triangle[i * p + i] ?? 0) * (triangle[i * p + i] ?? 0));
    for (let j = i; j < p; j++)
      assert.ok(Math.abs((fold.triangle[i * p + j] ?? NaN) - sign * (triangle[i * p + j] ?? NaN)) < 1e-12);
    assert.ok(Math.abs((fold.rhs[i] ?? NaN) - sign * (rhs[i] ?? NaN)) < 1e-12);
  }
});
