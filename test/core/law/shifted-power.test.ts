import assert from 'node:assert/strict';
import { test } from 'node:test';
import { power } from '../../../src/core/law/power.ts';
import { shiftedPower } from '../../../src/core/law/shifted-power.ts';
import { testCurve } from './curve-tests.ts';
import { makeInput, OPTIONS } from './series.ts';

testCurve('shifted-power', 'M3', 0.0507);

const x = Array.from({ length: 12 }, (_, i) => 10 ** (18 + i / 2));

/** Falls faster than any power law: the best shift lies below zero, where it may not go. */
const steepening = x.map((at) => 20 * at ** -0.05 * (1 - 0.01 * Math.log10(at / 1e18) ** 2));

test('without a shift it is the power law', () => {
  const exact = shiftedPower.fit(
    makeInput(
      x,
      x.map((at) => 20 * at ** -0.05),
    ),
    OPTIONS,
  );
  assert.ok(exact.ok && exact.value.fit.converged);
  const [b, g, c] = ['b', 'g', 'c'].map((name) => exact.value.fit.parameters[name] ?? Number.NaN) as [
    number,
    number,
    number,
  ];
  // What is left of a shift is below the rounding of y at the largest x.
  assert.ok(g * 10 ** 23.5 < 1e-6, `g = ${g}`);
  assert.ok(Math.abs(b / 20 - 1) < 1e-6 && Math.abs(c / 0.05 - 1) < 1e-6, `b = ${b}, c = ${c}`);
  assert.ok(Math.abs(exact.value.predict({ x: 1e26 }) / (20 * 1e26 ** -0.05) - 1) < 1e-4);
});

test('a shift on its bound is reported, without a standard error, and leaves the fit of the power law', () => {
  const shifted = shiftedPower.fit(makeInput(x, steepening), OPTIONS);
  const plain = power.fit(makeInput(x, steepening), OPTIONS);
  assert.ok(shifted.ok && plain.ok);
  const { fit } = shifted.value;
  assert.deepEqual(fit.atBound, ['g']);
  assert.equal(fit.parameters['g'], 0);
  assert.equal(fit.standardErrors?.['g'], null);
  for (const name of ['b', 'c'])
    assert.ok(Math.abs((fit.parameters[name] ?? 0) / (plain.value.fit.parameters[name] ?? 1) - 1) < 1e-6, name);
});

test('at the bound the cost rises with the shift, ever more', () => {
  const costs = [0, 1e-26, 1e-25, 1e-24, 1e-23].map((g) => {
    const held = shiftedPower.fit(makeInput(x, steepening), { ...OPTIONS, fix: { g } });
    assert.ok(held.ok, `${g}`);
    assert.equal(held.value.fit.parameters['g'], g);
    return held.value.fit.objective.value ?? Number.NaN;
  });
  for (const [i, cost] of costs.entries()) if (i > 0) assert.ok(cost > (costs[i - 1] as number), `${costs}`);
});

test('it levels off at b g^c, and is a factor 2^c above that at x = 1/g', () => {
  const [b, g, c] = [12, 1e-21, 0.12];
  const fitted = shiftedPower.fit(
    makeInput(
      x,
      x.map((at) => b * (1 / at + g) ** c),
    ),
    OPTIONS,
  );
  assert.ok(fitted.ok);
  const floor = b * g ** c;
  assert.ok(Math.abs(fitted.value.predict({ x: 1e40 }) / floor - 1) < 1e-5);
  assert.ok(Math.abs(fitted.value.predict({ x: 1 / g }) / (2 ** c * floor) - 1) < 1e-5);
});
