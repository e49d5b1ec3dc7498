/** The tests that every monotone law of one variable passes: exact recovery, honest intervals, the learning-curve benchmark. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lawById } from '../../../src/core/law/registry.ts';
import { absent } from '../shape/reference-data.ts';
import { type Curve, curveOf, recover, scenarioOf } from './recovery.ts';
import { checkRevisiting } from './revisiting.ts';
import { makeInput, OPTIONS } from './series.ts';

/**
 * Registers the tests of a law.
 *
 * @param key the law's name in the benchmark's reference
 * @param testMean the reference's mean test RMSLE
 */
export function testCurve(law: string, key: string, testMean: number): Curve {
  const given = curveOf(law);
  test('the truth is recovered from exact values', () => {
    const x = Array.from({ length: 16 }, (_, i) => 10 ** (given.from + ((given.to - given.from) * i) / 15));
    const result = lawById(law)?.fit(makeInput(x, x.map(given.value)), OPTIONS);
    assert.ok(result?.ok);
    const { fit } = result.value;
    assert.ok(fit.converged);
    for (const [name, value] of Object.entries(given.truth))
      assert.ok(Math.abs((fit.parameters[name] ?? 0) / value - 1) < 1e-5, `${name} = ${fit.parameters[name]}`);
    assert.deepEqual(fit.atBound, []);
  });

  test('intervals hold the truth about as often as they say', () => {
    for (const row of recover(scenarioOf(law), 30, 60)) {
      assert.equal(row.fitted, 30);
      assert.ok(row.covered >= 21, `${row.parameter}: ${row.covered} of 30`);
    }
  });

  test('all curves of the benchmark', { skip: absent('revisiting') }, () => {
    checkRevisiting(law, key, 1.01, testMean);
  });
  return given;
}
