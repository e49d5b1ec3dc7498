import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { akimaSpline } from '../../../src/core/stats/akima.ts';

describe('akimaSpline', () => {
  // Values of scipy 1.17 Akima1DInterpolator(x, y, extrapolate=True) at the places below.
  const x = [0, 1, 2.5, 3, 4.2, 5, 7];
  const y = [1, 0.2, 0.1, 0.9, 2, 1.9, 5];
  const expected: readonly (readonly [number, number])[] = [
    [-0.5, 1.7284722222222224],
    [0.3, 0.6919833333333333],
    [1.4, -0.003699830549503713],
    [2.7, 0.38230226244343923],
    [3.9, 1.7907167368850234],
    [4.5, 2.0040415892964565],
    [6.1, 3.146946587423312],
    [7.5, 6.267930406441717],
  ];

  test('equals the reference implementation inside and beyond the ends', () => {
    const spline = akimaSpline(x, y);
    assert.ok(spline !== null);
    for (const [at, value] of expected)
      assert.ok(Math.abs(spline.at(at) - value) < 1e-12, `${at}: ${spline.at(at)} ${value}`);
    x.forEach((at, i) => assert.ok(Math.abs(spline.at(at) - y[i]!) < 1e-14));
  });

  test('two points give a line, a straight line stays one', () => {
    assert.equal(akimaSpline([0, 2], [1, 5])?.at(3), 7);
    const line = akimaSpline([0, 1, 2, 3], [1, 3, 5, 7]);
    assert.ok(Math.abs(line!.at(1.7) - 4.4) < 1e-14 && Math.abs(line!.at(-1) + 1) < 1e-14);
  });

  test('is null for too few points, repeated x and values that are not numbers', () => {
    assert.equal(akimaSpline([1], [1]), null);
    assert.equal(akimaSpline([0, 0, 1], [1, 2, 3]), null);
    assert.equal(akimaSpline([0, 1, 2], [1, Number.NaN, 3]), null);
  });
});
