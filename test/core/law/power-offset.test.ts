import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerOffset } from '../../../src/core/law/power-offset.ts';
import { testCurve } from './curve-tests.ts';
import { makeInput, OPTIONS } from './series.ts';

testCurve('power-offset', 'M2', 0.0641);

test('an offset that ends on its bound is reported, without a standard error', () => {
  const x = [1e18, 1e19, 1e20, 1e21, 1e22, 1e23];
  const y = x.map((at) => 20 * at ** -0.05 * (1 - 0.01 * Math.log10(at / 1e18) ** 2));
  const result = powerOffset.fit(makeInput(x, y), OPTIONS);
  assert.ok(result.ok);
  assert.deepEqual(result.value.fit.atBound, ['e']);
  assert.equal(result.value.fit.parameters['e'], 0);
  assert.equal(result.value.fit.standardErrors?.['e'], null);
  assert.ok(result.value.fit.notes?.some((note) => note.includes('bound')));
});

test('the same seed gives the same resamples, another seed others', () => {
  const x = Array.from({ length: 14 }, (_, i) => 10 ** (17 + i / 2));
  const y = x.map((at, i) => (1.7 + 800 * at ** -0.15) * (1 + 0.01 * Math.sin(7 * i)));
  const draws = (seed: number): number[] => {
    const result = powerOffset.fit(makeInput(x, y), { ...OPTIONS, bootstrap: 50, seed });
    assert.ok(result.ok);
    return [...result.value.draws({ x: 1e26 })];
  };
  assert.deepEqual(draws(1), draws(1));
  assert.notDeepEqual(draws(1), draws(2));
  assert.equal(draws(3).length, 50);
});
