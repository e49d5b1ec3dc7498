import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetEstimate } from '../../../src/core/passuntil/estimators.ts';
import { Forecaster } from '../../../src/core/passuntil/forecast.ts';
import { fitHierarchy } from '../../../src/core/passuntil/hierarchy.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { ALPHA, LN_C, simulate } from './simulated.ts';

const SIZES = [3e7, 1e8, 3e8, 5e8, 8e8, 1.5e9];
const PLAN = { instances: 30, sizes: SIZES, r: 3, cap: 100_000, sdLnC: 0.7, sdAlpha: 0.08 };

function forecast(seed: number, targets = [2.4e9]) {
  const groups = simulate(PLAN, createRandom(seed, 'forecast'));
  const { fits } = fitHierarchy(groups);
  const fitted = SIZES.map((params) => {
    const one = datasetEstimate(groups.map((g) => g.find((p) => p.params === params) as (typeof g)[number]));
    return { params, pu: one?.pu ?? 0, stderr: one?.stderr ?? null };
  });
  const settings = { level: 0.9, bootstrap: 200, seed: 1, name: 's' };
  const instances = groups.map((draws, i) => ({ draws, fit: fits[i] ?? null }));
  return new Forecaster(instances, fitted, settings).at(targets.map((params) => ({ params, actual: null })));
}

test('90 % intervals hold the expected PU of new instances in about 90 % of simulations', () => {
  const random = createRandom(1, 'truth');
  let truth = 0;
  for (let i = 0; i < 50_000; i++) {
    const alpha = ALPHA + 0.08 * random.normal();
    truth += Math.exp(-Math.exp(LN_C + 0.7 * random.normal() - alpha * Math.log(2.4))) / 50_000;
  }
  const runs = process.env['SCALING_LENS_LONG'] === '1' ? 400 : 25;
  let held = 0;
  for (let seed = 0; seed < runs; seed++) {
    const [one] = forecast(seed);
    if ((one?.low ?? 1) <= truth && truth <= (one?.high ?? 0)) held++;
  }
  const error = 3 * Math.sqrt(0.09 / runs);
  assert.ok(held / runs > 0.9 - error, `${held} of ${runs}`);
});

test('farther is not narrower, and the horizon is in decades beyond the last size', () => {
  const [near, far] = forecast(5, [1.5e9, 1.5e11]);
  assert.equal(near?.horizon, 0);
  assert.ok(Math.abs((far?.horizon ?? 0) - 2) < 1e-12);
  assert.ok((far?.y ?? 0) > (near?.y ?? 1) && (far?.high ?? 2) <= 1);
});

test('nothing fitted: refused with the reason', () => {
  const [none] = new Forecaster([], [], { level: 0.9, bootstrap: 100, seed: 1, name: 's' }).at([
    { params: 1e9, actual: 0.2 },
  ]);
  assert.deepEqual([none?.y, none?.low, none?.verdict, none?.actual], [null, null, 'not-identifiable', 0.2]);
});
