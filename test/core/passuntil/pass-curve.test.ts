// The pass rate's curve: its range, its band, and what has none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Forecaster } from '../../../src/core/passuntil/forecast.ts';
import { passCurve } from '../../../src/core/passuntil/pass-curve.ts';

const SIZES = [1e7, 1e8, 1e9];
const fitted = SIZES.map((params) => ({ params, pu: Math.exp(-20 * params ** -0.15), stderr: 0.01 }));
const settings = { level: 0.9, bootstrap: 0, seed: 1, name: 'curve' };

test('half a decade beyond the last fitted size, or as far as was asked', () => {
  const forecaster = new Forecaster([], fitted, settings);
  const curve = passCurve(forecaster, SIZES, 1e9, [], 0.9);
  assert.ok(curve !== null);
  assert.equal(curve.x[0], 1e7);
  assert.ok(Math.abs(Math.log10(curve.x.at(-1) as number) - 9.5) < 1e-9);
  assert.equal(curve.lastFitted, 1e9);
  const far = passCurve(forecaster, SIZES, 1e9, [1e12], 0.9);
  assert.ok(Math.abs(Math.log10(far?.x.at(-1) as number) - 12) < 1e-9);
  // Without instances the dataset's line is the forecast: the law's own values.
  for (const [i, x] of curve.x.entries())
    assert.ok(Math.abs((curve.y[i] as number) - Math.exp(-20 * x ** -0.15)) < 1e-9);
});

test('one size, or nothing to extrapolate, has no curve', () => {
  assert.equal(passCurve(new Forecaster([], fitted.slice(0, 1), settings), [1e7], 1e7, [], 0.9), null);
  const silent = SIZES.map((params) => ({ params, pu: 0, stderr: null }));
  assert.equal(passCurve(new Forecaster([], silent, settings), SIZES, 1e9, [], 0.9), null);
});
