import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pAmong, sharedBend } from '../../../src/core/passuntil/bend.ts';
import { fitHierarchy } from '../../../src/core/passuntil/hierarchy.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { simulate } from './simulated.ts';

const PLAN = { instances: 20, sizes: [3e7, 1e8, 2e8, 4e8, 8e8, 1.6e9], r: 5, cap: 100_000, sdLnC: 0.7, sdAlpha: 0.05 };

function test20(bend: number, seed: number) {
  const groups = simulate({ ...PLAN, bend }, createRandom(seed, 'bend'));
  return sharedBend(groups, fitHierarchy(groups).fits, 1);
}

test('a bend inside the instances is found with its sign and size', () => {
  for (const bend of [-0.12, 0.12]) {
    const found = test20(bend, 3);
    assert.ok(found !== null && found.p < 0.01 && found.method === 'simulated', JSON.stringify(found));
    assert.ok(Math.abs(found.b2 - bend) < 0.06, `${found.b2} for ${bend}`);
  }
});

test('straight laws of different difficulty are rarely called bent', () => {
  const runs = process.env['SCALING_LENS_LONG'] === '1' ? 300 : 16;
  let called = 0;
  for (let seed = 0; seed < runs; seed++) if ((test20(0, 100 + seed)?.p ?? 1) < 0.05) called++;
  assert.ok(called <= 0.08 * runs + 2, `${called} of ${runs}`);
});

test('the same data and seed give the same answer; too few instances none', () => {
  assert.deepEqual(test20(-0.05, 7), test20(-0.05, 7));
  const groups = simulate({ ...PLAN, instances: 4 }, createRandom(1, 'few'));
  assert.equal(sharedBend(groups, fitHierarchy(groups).fits, 1), null);
});

test('a bend is held against as many simulations as gave one', () => {
  // t = 2/√1.05 of a sample of mean 0 and variance 1 with 20 values; two-sided beyond t = 1.9518 with 19 degrees of freedom, integrated numerically.
  const sample = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.sqrt(19 / 20));
  assert.ok(Math.abs((pAmong(2, sample) ?? 0) - 0.0658602) < 1e-6, `${pAmong(2, sample)}`);
  assert.equal(pAmong(1, [0.5, 0.5, 0.5]), null);
});
