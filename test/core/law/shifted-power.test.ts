import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shiftedPower } from '../../../src/core/law/shifted-power.ts';
import { recover, SCENARIOS } from './recovery.ts';
import { checkRevisiting } from './revisiting.ts';
import { makeInput, OPTIONS } from './series.ts';
import { missing } from './shared-data.ts';

const scenario = SCENARIOS.find((entry) => entry.law === 'shifted-power');
assert.ok(scenario);

test('the truth is recovered from exact values', () => {
  const x = Array.from({ length: 16 }, (_, i) => 10 ** (scenario.from + ((scenario.to - scenario.from) * i) / 15));
  const result = shiftedPower.fit(makeInput(x, x.map(scenario.value)), OPTIONS);
  assert.ok(result.ok);
  const { fit } = result.value;
  assert.ok(fit.converged);
  for (const [name, value] of Object.entries(scenario.truth))
    assert.ok(Math.abs((fit.parameters[name] ?? 0) / value - 1) < 1e-5, `${name} = ${fit.parameters[name]}`);
  assert.deepEqual(fit.atBound, []);
});

test('intervals hold the truth about as often as they say', () => {
  for (const row of recover(scenario, 30, 60)) {
    assert.equal(row.fitted, 30);
    assert.ok(row.covered >= 21, `${row.parameter}: ${row.covered} of 30`);
  }
});

test('all curves of the benchmark', { skip: missing('revisiting') }, () => {
  checkRevisiting('shifted-power', 'M3', 1.01, 0.0507);
});
