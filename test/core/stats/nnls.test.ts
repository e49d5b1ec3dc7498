import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bestSubset } from '../../../src/core/stats/nnls.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

const random = createRandom(3, 'nnls');
const column = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function solve(columns: readonly Float64Array[], y: Float64Array): { b: Float64Array; gain: number } {
  const gram = Float64Array.from(columns.flatMap((c) => columns.map((d) => dot(c, d))));
  const right = Float64Array.from(columns, (c) => dot(c, y));
  const b = new Float64Array(columns.length);
  const gain = bestSubset(gram, right, columns.length, b);
  return { b, gain };
}

function residuals(columns: readonly Float64Array[], y: Float64Array, b: Float64Array): Float64Array {
  return y.map((value, i) => columns.reduce((rest, c, k) => rest - b[k]! * c[i]!, value));
}

/** Karush–Kuhn–Tucker: zero slope at positive coefficients, no descent into the allowed side at zero ones. */
function optimal(columns: readonly Float64Array[], y: Float64Array, b: Float64Array): boolean {
  const rest = residuals(columns, y, b);
  return columns.every((c, j) => {
    const slope = dot(rest, c);
    const scale = c.reduce((sum, value, i) => sum + Math.abs(value * y[i]!), 0);
    return b[j]! > 0 ? Math.abs(slope) < 1e-9 * scale : b[j] === 0 && slope < 1e-9 * scale;
  });
}

describe('nnls', () => {
  test('meets the optimality conditions on random problems', () => {
    let held = 0;
    for (let round = 0; round < 120; round++) {
      const columns = Array.from({ length: 1 + (round % 6) }, () => column(30));
      const y = column(30);
      const { b, gain } = solve(columns, y);
      if (gain < 0) {
        // Only when every column points away from y.
        assert.ok(columns.every((c) => dot(c, y) <= 0));
        continue;
      }
      assert.ok(optimal(columns, y, b), `round ${round}`);
      const rest = residuals(columns, y, b);
      assert.ok(Math.abs(dot(y, y) - dot(rest, rest) - gain) < 1e-9 * dot(y, y));
      if (b.includes(0)) held++;
    }
    assert.ok(held > 30, 'zero was hardly ever the answer');
  });

  test('finds the coefficients of data without noise', () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => 1 + i / 5);
    const columns = [x.map(() => 1), x, x.map((v) => v * v)];
    const { b } = solve(
      columns,
      x.map((v) => 3 + 0.5 * v + 2 * v * v),
    );
    for (const [j, value] of [3, 0.5, 2].entries()) assert.ok(Math.abs(b[j]! - value) < 1e-9, `${b}`);
  });

  test('refuses zero and infinite columns instead of returning NaN', () => {
    assert.equal(solve([new Float64Array(4)], Float64Array.of(1, 2, 3, 4)).gain, -1);
    assert.equal(solve([Float64Array.of(1, Number.POSITIVE_INFINITY)], Float64Array.of(1, 2)).gain, -1);
    assert.equal(bestSubset(Float64Array.of(0, 0, 0, 0), Float64Array.of(1, 1), 2, new Float64Array(2)), -1);
  });
});
