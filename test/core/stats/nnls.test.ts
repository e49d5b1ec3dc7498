import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bestSubset, nnls, nnlsBySubsets } from '../../../src/core/stats/nnls.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

const random = createRandom(3, 'nnls');
const column = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());

/** Karush–Kuhn–Tucker: zero slope at positive coefficients, no descent into the allowed side at zero ones. */
function optimal(
  columns: readonly Float64Array[],
  y: Float64Array,
  b: Float64Array,
  weights: Float64Array | null,
): boolean {
  return columns.every((c, j) => {
    let slope = 0;
    let scale = 0;
    for (let i = 0; i < y.length; i++) {
      let r = y[i]!;
      columns.forEach((d, k) => {
        r -= b[k]! * d[i]!;
      });
      slope += (weights?.[i] ?? 1) * r * c[i]!;
      scale += Math.abs(c[i]! * y[i]!);
    }
    return b[j]! > 0 ? Math.abs(slope) < 1e-9 * scale : b[j] === 0 && slope < 1e-9 * scale;
  });
}

describe('nnls', () => {
  test('meets the optimality conditions on random problems, few columns and many', () => {
    for (let round = 0; round < 60; round++) {
      const n = 30;
      const k = 1 + (round % 9);
      const columns = Array.from({ length: k }, () => column(n));
      const y = column(n);
      const weights = round % 2 === 0 ? null : Float64Array.from({ length: n }, () => random.uniform() + 0.1);
      const result = nnls(columns, y, weights);
      if (result === null) {
        // Only when every column points away from y.
        assert.ok(columns.every((c) => c.reduce((sum, value, i) => sum + value * y[i]! * (weights?.[i] ?? 1), 0) <= 0));
        continue;
      }
      assert.ok(optimal(columns, y, result.coefficients, weights), `round ${round}, ${k} columns`);
      assert.deepEqual(
        result.atZero,
        [...result.coefficients.keys()].filter((j) => result.coefficients[j] === 0),
      );
    }
  });

  test('keeps digits where the residual vanishes', () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => 1 + i / 50);
    const columns = [x.map(() => 1), x, x.map((v) => v * v)];
    const y = x.map((v) => 3 + 0.5 * v + 2 * v * v);
    const result = nnlsBySubsets(columns, y);
    assert.ok(result !== null && result.rss < 1e-24);
    for (const [j, b] of [3, 0.5, 2].entries()) assert.ok(Math.abs(result.coefficients[j]! - b) < 1e-9);
  });

  test('refuses zero and infinite columns instead of returning NaN', () => {
    assert.equal(nnlsBySubsets([new Float64Array(4)], Float64Array.of(1, 2, 3, 4)), null);
    assert.equal(nnlsBySubsets([Float64Array.of(1, Number.POSITIVE_INFINITY)], Float64Array.of(1, 2)), null);
    const b = new Float64Array(2);
    assert.equal(bestSubset(Float64Array.of(0, 0, 0, 0), Float64Array.of(1, 1), 2, b), -1);
  });
});
