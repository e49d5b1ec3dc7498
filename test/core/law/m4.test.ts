import assert from 'node:assert/strict';
import { test } from 'node:test';
import { m4 } from '../../../src/core/law/m4.ts';
import { testCurve } from './curve-tests.ts';
import { makeInput, OPTIONS } from './series.ts';

const given = testCurve('m4', 'M4', 0.0388);

test('the implicit curve is solved where bisection solves it, from end to end', () => {
  const x = Array.from({ length: 12 }, (_, i) => 10 ** (5 + i / 2));
  const result = m4.fit(makeInput(x, x.map(given.value)), OPTIONS);
  assert.ok(result.ok);
  for (let power = 0; power <= 30; power++) {
    const at = 10 ** power;
    const truth = given.value(at);
    assert.ok(
      Math.abs(result.value.predict({ x: at }) - truth) < 1e-6,
      `${at}: ${result.value.predict({ x: at })}, ${truth}`,
    );
  }
});
