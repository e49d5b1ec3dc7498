import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLine, fitLinear, pseudoInverse } from '../../../src/core/stats/linear.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

test('a parabola through exact points', () => {
  const x = of(-2, -1, 0, 1, 2, 3);
  const fit = fitLinear(
    [x.map(() => 1), x, x.map((v) => v * v)],
    x.map((v) => 2 - 3 * v + 0.5 * v * v),
  );
  assert.ok(fit !== null);
  [2, -3, 0.5].forEach((value, j) => {
    assert.ok(Math.abs((fit.coefficients[j] ?? 0) - value) < 1e-13);
  });
  assert.ok(fit.rss < 1e-26);
  assert.equal(fit.rank, 3);
});

test('weights: a weight of two is the point twice', () => {
  const x = of(0, 1, 2, 3);
  const y = of(1, 3, 2, 5);
  const weighted = fitLinear([x.map(() => 1), x], y, of(1, 2, 1, 1));
  const doubled = fitLinear([of(1, 1, 1, 1, 1), of(0, 1, 1, 2, 3)], of(1, 3, 3, 2, 5));
  assert.ok(weighted !== null && doubled !== null);
  assert.ok(Math.abs((weighted.coefficients[1] ?? 0) - (doubled.coefficients[1] ?? 1)) < 1e-13);
  assert.ok(Math.abs(weighted.rss - doubled.rss) < 1e-13);
  const line = fitLine(x, y, of(1, 2, 1, 1));
  assert.ok(Math.abs(line.slope - (doubled.coefficients[1] ?? 1)) < 1e-13);
  assert.ok(Math.abs(line.rss - doubled.rss) < 1e-13);
});

test('dependent columns share the coefficient, scales of 1e±12 do not matter', () => {
  const x = of(1, 2, 3, 4);
  const twice = fitLinear(
    [x, x.map((v) => 2 * v)],
    x.map((v) => 10 * v),
  );
  assert.ok(twice !== null);
  assert.equal(twice.rank, 1);
  assert.ok(twice.rss < 1e-20);
  const wide = fitLinear(
    [x.map(() => 1e-12), x.map((v) => v * 1e12)],
    x.map((v) => 3 + 2 * v),
  );
  assert.ok(wide !== null && wide.rank === 2);
  assert.ok(Math.abs((wide.coefficients[1] ?? 0) / 2e-12 - 1) < 1e-12);
});

test('nothing to fit is null', () => {
  assert.equal(fitLinear([of(1)], of()), null);
  assert.equal(fitLinear([of(1, Number.NaN)], of(1, 2)), null);
  assert.equal(fitLine([2, 2, 2], [1, 2, 3]).slope, 0);
});

test('the pseudo-inverse drops singular directions', () => {
  const inverse = pseudoInverse(of(2, 0, 0, 1e-14), 2);
  assert.equal(inverse.rank, 1);
  assert.ok(Math.abs((inverse.values[0] ?? 0) - 0.5) < 1e-15);
  assert.equal(inverse.values[3], 0);
  assert.ok(inverse.condition > 1e13);
});
