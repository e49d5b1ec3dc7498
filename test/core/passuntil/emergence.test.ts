import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emergenceVerdict } from '../../../src/core/passuntil/emergence.ts';
import { datasetEstimate } from '../../../src/core/passuntil/estimators.ts';
import { fitHierarchy } from '../../../src/core/passuntil/hierarchy.ts';
import type { SizeEstimate } from '../../../src/core/passuntil/task-law.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { type SimulatedPoint, simulate } from './simulated.ts';

const SIZES = [3e7, 1e8, 2e8, 4e8, 8e8, 1.6e9];

function verdict(groups: SimulatedPoint[][]) {
  const sizes = SIZES.flatMap((params): SizeEstimate[] => {
    const one = datasetEstimate(groups.flatMap((g) => g.filter((p) => p.params === params)));
    return one === null ? [] : [{ params, pu: one.pu, stderr: one.stderr }];
  });
  return emergenceVerdict(sizes, groups, fitHierarchy(groups).fits, 1);
}

test('a noiseless mixture of straight laws is heterogeneity, not accelerated emergence', () => {
  // Trials as fixed in advance, so many that rounding is all the noise there is.
  const trials = 1e12;
  const groups = Array.from({ length: 30 }, (_, i) => {
    const lnC = 0.9 + 1.6 * (i / 29 - 0.5);
    return SIZES.map((params) => {
      const p = Math.exp(-Math.exp(lnC - 0.33 * Math.log(params / 1e9)));
      return { params, wanted: trials, passes: Math.round(p * trials), trials, capped: true };
    });
  });
  const found = verdict(groups);
  assert.equal(found.dataset?.label, 'accelerated', 'the dataset is concave by averaging alone');
  assert.ok((found.dataset?.t ?? 0) < -3, `${found.dataset?.t}`);
  assert.equal(found.label, 'heterogeneity');
  assert.ok(Math.abs((found.heterogeneityB2 ?? 0) - (found.dataset?.b2 ?? 1)) < 1e-3);
  assert.match(found.statement, /not called accelerated/);
});

test('instances that bend themselves are accelerated, or sub-scaling', () => {
  const plan = { instances: 25, sizes: SIZES, r: 5, cap: 100_000, sdLnC: 0.4, sdAlpha: 0.04 };
  assert.equal(verdict(simulate({ ...plan, bend: -0.15 }, createRandom(4, 'e'))).label, 'accelerated');
  assert.equal(verdict(simulate({ ...plan, bend: 0.15 }, createRandom(4, 'e'))).label, 'sub-scaling');
});

test('too few sizes or instances cannot tell', () => {
  const found = verdict(
    simulate(
      { instances: 3, sizes: SIZES.slice(0, 3), r: 5, cap: 1000, sdLnC: 0.4, sdAlpha: 0.04 },
      createRandom(4, 'e'),
    ),
  );
  assert.equal(found.label, 'cannot tell');
  assert.equal(found.instances, null);
});
