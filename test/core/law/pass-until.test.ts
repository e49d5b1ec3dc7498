import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passUntil } from '../../../src/core/law/pass-until.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makeInput, OPTIONS } from './series.ts';

const rates: Partial<StudySeries> = { isLoss: false, better: 'higher', lower: 0, upper: 1, scale: 'params' };
const x = [3e7, 1e8, 3e8, 5e8, 8e8, 1.5e9, 2.4e9];
const law = (at: number): number => Math.exp(-2000 * at ** -0.4);

test('an exact law is found exactly, over five orders of magnitude', () => {
  const result = passUntil.fit(makeInput(x, x.map(law), rates), OPTIONS);
  assert.ok(result.ok);
  const { fit, predict } = result.value;
  assert.ok(Math.abs((fit.parameters['c'] ?? 0) / 2000 - 1) < 1e-9);
  assert.ok(Math.abs((fit.parameters['alpha'] ?? 0) - 0.4) < 1e-11);
  assert.ok(Math.abs(predict({ x: 1e10 }) / law(1e10) - 1) < 1e-9);
  assert.equal(fit.objective.name, 'log-squared');
  assert.match(fit.notes?.join() ?? '', /Averaging questions of different difficulty/);
});

test('predictions stay between 0 and 1 however far away', () => {
  const result = passUntil.fit(makeInput(x, x.map(law), rates), OPTIONS);
  assert.ok(result.ok);
  for (const at of [1, 1e3, 1e14, 1e30]) {
    const y = result.value.predict({ x: at });
    assert.ok(y >= 0 && y <= 1 && Number.isFinite(y), `${at}: ${y}`);
  }
});

test('what is no pass rate is refused; a guessing floor is said', () => {
  const percent = passUntil.fit(
    makeInput(
      x,
      x.map((at) => 100 * law(at)),
      rates,
    ),
    OPTIONS,
  );
  assert.ok(!percent.ok && /between 0 and 1/.test(percent.error.message));
  const error = passUntil.fit(
    makeInput(
      x,
      x.map((at) => 1 - law(at)),
      { ...rates, better: 'lower' },
    ),
    OPTIONS,
  );
  assert.ok(!error.ok);
  const chance = { value: 0.25, how: 'test', table: null, range: null };
  const floor = passUntil.fit(
    makeInput(
      x,
      x.map((at) => 0.25 + 0.5 * law(at)),
      { ...rates, chance },
    ),
    OPTIONS,
  );
  assert.ok(floor.ok);
  assert.match(floor.value.fit.notes?.join() ?? '', /Guessing passes here/);
});
