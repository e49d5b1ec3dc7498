import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../src/core/stats/random.ts';
import {
  SOFTPLUS_LAST,
  SOFTPLUS_STEPS,
  SOFTPLUS_TABLE,
  SOFTPLUS_TERMS,
  softplus,
} from '../../../src/core/stats/softplus.ts';

const random = createRandom(4, 'softplus');

test('ln(1 + e^t) to a few units in the last place, on both sides and far out', () => {
  for (let i = 0; i < 20_000; i++) {
    const t = 90 * (random.uniform() - 0.5);
    const exact = (t > 0 ? t : 0) + Math.log1p(Math.exp(-Math.abs(t)));
    assert.ok(Math.abs(softplus(t) / exact - 1) < 2e-15, `${t}: ${softplus(t)} for ${exact}`);
  }
  assert.equal(softplus(0), Math.LN2);
  assert.equal(softplus(800), 800);
  assert.equal(softplus(-800), 0);
  assert.equal(softplus(-100), Math.exp(-100));
  assert.ok(Number.isNaN(softplus(NaN)));
});

test("the series' slope is the logistic function", () => {
  for (let i = 0; i < 5000; i++) {
    const size = SOFTPLUS_LAST * random.uniform();
    const k = Math.round(size * SOFTPLUS_STEPS);
    const r = size - k / SOFTPLUS_STEPS;
    let slope = 0;
    for (let j = SOFTPLUS_TERMS - 1; j > 0; j--)
      slope = slope * r + j * (SOFTPLUS_TABLE[k * SOFTPLUS_TERMS + j] as number);
    const exact = Math.exp(-size) / (1 + Math.exp(-size));
    assert.ok(Math.abs(-slope / exact - 1) < 1e-13, `${size}`);
  }
});
