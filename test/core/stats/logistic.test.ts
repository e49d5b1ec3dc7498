import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logistic } from '../../../src/core/stats/logistic.ts';

test('values of the logistic function', () => {
  assert.equal(logistic(0), 0.5);
  // 1/(1 + e^-t) to twenty digits.
  for (const [t, expected] of [
    [1, 0.7310585786300048793],
    [-1, 0.2689414213699951207],
    [5, 0.9933071490757151444],
    [-20, 2.0611536181902036e-9],
  ] as const)
    assert.ok(Math.abs(logistic(t) / expected - 1) < 4e-16, `s(${t}) = ${logistic(t)}`);
});

test('far from zero it neither overflows nor loses digits', () => {
  // e^t/(1 + e^t) is e^t where e^t is below the rounding of one.
  for (const t of [-40, -300, -700, -745]) assert.equal(logistic(t), Math.exp(t));
  assert.ok(logistic(-745) > 0);
  assert.equal(logistic(-1e6), 0);
  assert.equal(logistic(1e6), 1);
  assert.equal(logistic(Number.NEGATIVE_INFINITY), 0);
  assert.equal(logistic(Number.POSITIVE_INFINITY), 1);
  assert.ok(Number.isNaN(logistic(Number.NaN)));
});

test('it rises, and both sides of zero add up to one', () => {
  let before = logistic(-50);
  for (let t = -49.5; t <= 36; t += 0.5) {
    const here = logistic(t);
    assert.ok(here > before, `at ${t}`);
    assert.ok(Math.abs(here + logistic(-t) - 1) < 3e-16, `at ${t}`);
    before = here;
  }
});
