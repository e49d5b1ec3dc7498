import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceCount } from '../../../src/core/passuntil/counts.ts';
import { instanceRates } from '../../../src/core/passuntil/instance-rates.ts';

const count = (params: number, wanted: number, passes: number, trials: number): InstanceCount => ({
  instance: 'q',
  task: 't',
  model: `m${params}`,
  params,
  loss: null,
  table: 0,
  row: 0,
  wanted,
  passes,
  trials,
  capped: passes < wanted,
});

test('a stopped draw, a capped one and one without a pass, sizes ascending', () => {
  const rates = instanceRates([count(1e9, 5, 5, 101), count(1e7, 5, 0, 1000), count(1e8, 5, 2, 1000)], 0.9);
  assert.deepEqual(
    rates.map(({ params, pu, capped }) => [params, pu, capped]),
    [
      [1e7, 0, true],
      [1e8, 0.002, true],
      [1e9, 0.04, false],
    ],
  );
  const [none, few, stopped] = rates;
  assert.deepEqual([none?.low, none?.stderr, none?.lnP], [0, null, null]);
  // No pass in n trials: the upper end solves (1 − p)^n = 0.05.
  assert.ok(Math.abs((none?.high ?? 0) - (1 - 0.05 ** (1 / 1000))) < 1e-9);
  assert.ok((few?.low ?? 1) < 0.002 && (few?.high ?? 0) > 0.002);
  assert.equal(stopped?.stderr, Math.sqrt((0.04 * 0.96) / 99));
  assert.ok(Math.abs((stopped?.lnP?.mean ?? 0) - (1.5061176684318003 - Math.log(101))) < 1e-12);
});

test('one pass has an interval, and no unbiased rate', () => {
  const [rate] = instanceRates([count(1e8, 1, 1, 10)], 0.9);
  assert.deepEqual([rate?.pu, rate?.stderr], [null, null]);
  assert.ok(rate !== undefined && rate.low > 0 && rate.high < 1 && rate.low < 0.1 && rate.high > 0.1);
});
