import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brent, minimizeScan } from '../../../src/core/stats/scan.ts';

describe('minimizeScan', () => {
  test('takes the deepest of several valleys and counts them', () => {
    const found = minimizeScan((x) => Math.sin(5 * x) + 0.1 * (x - 3) ** 2, 0.1, 8, { geometric: false });
    assert.ok(found !== null && found.valleys >= 4);
    let best = Number.POSITIVE_INFINITY;
    for (let x = 0.1; x < 8; x += 1e-4) best = Math.min(best, Math.sin(5 * x) + 0.1 * (x - 3) ** 2);
    assert.ok(found.value <= best + 1e-12 && found.atOptimum === 1 && !found.atEdge);
  });

  test('says when the minimum lies at an end, or nowhere', () => {
    assert.equal(minimizeScan((x) => x, 1, 2)?.atEdge, true);
    assert.equal(
      minimizeScan(() => Number.NaN, 1, 2),
      null,
    );
  });

  test('brent finds a smooth minimum to half the digits', () => {
    const end = brent((x) => (x - Math.PI) ** 2, 0, 3, 10);
    assert.ok(Math.abs(end.x - Math.PI) < 1e-7);
  });
});
