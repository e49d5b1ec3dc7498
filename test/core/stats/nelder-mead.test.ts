import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minimizeNelderMead } from '../../../src/core/stats/nelder-mead.ts';

describe('minimizeNelderMead', () => {
  test('finds the end of the banana', () => {
    const end = minimizeNelderMead(([a = 0, b = 0]) => 100 * (b - a * a) ** 2 + (1 - a) ** 2, Float64Array.of(-1.2, 1));
    assert.ok(end.converged);
    assert.ok(Math.abs(end.x[0]! - 1) < 1e-7 && Math.abs(end.x[1]! - 1) < 1e-7);
  });

  test('takes kinks, forbidden ground and a zero coordinate', () => {
    const end = minimizeNelderMead(
      ([a = 0, b = 0]) => (b < -1 ? Number.NaN : Math.abs(a - 3) + Math.abs(b + 0.5)),
      Float64Array.of(0, 2),
    );
    assert.ok(end.converged && Math.abs(end.x[0]! - 3) < 1e-6 && Math.abs(end.x[1]! + 0.5) < 1e-6);
  });

  test('ends on request and with nothing to search', () => {
    assert.equal(minimizeNelderMead((x) => x[0]! ** 2, Float64Array.of(5), { maxIterations: 2 }).converged, false);
    assert.equal(minimizeNelderMead((x) => x[0]! ** 2, Float64Array.of(5), { stop: () => true }).iterations, 0);
    const point = minimizeNelderMead(() => 7, new Float64Array(0));
    assert.ok(point.converged && point.value === 7);
  });
});
