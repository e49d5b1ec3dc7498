import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitHierarchy } from '../../../src/core/passuntil/hierarchy.ts';
import { fitInstance } from '../../../src/core/passuntil/instance-law.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { fixtureRows, lines, MISSING } from './fixture.ts';
import { ALPHA, LN_C, simulate } from './simulated.ts';

const SIZES = [3e7, 1e8, 3e8, 1e9];

test('the prior is learnt, and shrunk fits are nearer to the truth than fits alone', () => {
  const groups = simulate(
    { instances: 80, sizes: SIZES, r: 3, cap: 20_000, sdLnC: 0.6, sdAlpha: 0.06 },
    createRandom(2, 'h'),
  );
  const { prior, fits } = fitHierarchy(groups);
  assert.ok(Math.abs(prior.lnC.mean - LN_C) < 0.25 && Math.abs(prior.alpha.mean - ALPHA) < 0.06, JSON.stringify(prior));
  assert.ok(prior.lnC.sd > 0.35 && prior.lnC.sd < 0.9, JSON.stringify(prior));
  assert.ok(fits.every((f) => f?.converged === true));
  let [alone, shrunk] = [0, 0];
  for (const [i, group] of groups.entries()) {
    const own = fitInstance(group, null);
    if (own === null) continue;
    alone += (own.alpha - ALPHA) ** 2;
    shrunk += ((fits[i]?.alpha ?? 0) - ALPHA) ** 2;
  }
  assert.ok(shrunk < alone / 2, `${shrunk} against ${alone}`);
});

test('no instances, one instance, and instances without a pass do no harm', () => {
  assert.deepEqual(fitHierarchy([]).fits, []);
  const none = SIZES.map((params) => ({ params, passes: 0, trials: 100 }));
  const { fits } = fitHierarchy([none]);
  assert.ok(fits[0]?.converged);
});

test('on the fixture, all 60 instances are fitted and the mean prediction is near the truth', { skip: MISSING }, () => {
  const rows = fixtureRows().filter((r) => r.params <= 1.5e9);
  const names = lines('fixture_instance_fits.csv').map((c) => c[0] as string);
  const { fits } = fitHierarchy(names.map((n) => rows.filter((r) => r.instance === n)));
  const mean =
    fits.reduce((s, f) => s + Math.exp(-Math.exp((f?.lnC ?? 0) - (f?.alpha ?? 0) * Math.log(2.4e9))), 0) / 60;
  // Truth 0.2200; the reference's own prior gives 0.2168.
  assert.ok(Math.abs(mean - 0.22) < 0.012, `${mean}`);
});
