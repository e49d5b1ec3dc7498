import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitInstance, type InstancePrior } from '../../../src/core/passuntil/instance-law.ts';
import { puAt } from '../../../src/core/passuntil/task-law.ts';
import { fixtureRows, lines, MISSING } from './fixture.ts';

const PRIOR: InstancePrior = { unit: 1e9, lnC: { mean: 0.9, sd: 1 }, alpha: { mean: 0.45, sd: 0.15 } };

test('every instance fit of the fixture, with and without prior, to 1e-4', { skip: MISSING }, () => {
  const rows = fixtureRows().filter((r) => r.params <= 1.5e9);
  let fitted = 0;
  let sum = 0;
  let all = 0;
  for (const c of lines('fixture_instance_fits.csv')) {
    const points = rows.filter((r) => r.instance === c[0]);
    const likelihood = fitInstance(points, null);
    if (c[2] === '') assert.equal(likelihood, null);
    else {
      assert.ok(likelihood?.converged);
      assert.ok(Math.abs(likelihood.alpha - Number(c[3])) < 1e-4, `${c[0]}: ${likelihood.alpha} ${c[3]}`);
      assert.ok(Math.abs(likelihood.lnC - likelihood.alpha * Math.log(1e9) - Number(c[2])) < 1e-4, c[0]);
      sum += puAt(likelihood.lnC, likelihood.alpha, Math.log(2.4e9));
      fitted++;
    }
    const prior = fitInstance(points, PRIOR);
    assert.ok(prior?.converged);
    all += puAt(prior.lnC, prior.alpha, Math.log(2.4e9)) / 60;
    assert.ok(Math.abs(prior.alpha - Number(c[5])) < 1e-4, c[0]);
    assert.ok(Math.abs(prior.lnC - prior.alpha * Math.log(1e9) - Number(c[4])) < 1e-4, c[0]);
  }
  assert.equal(fitted, 57);
  assert.ok(Math.abs(sum / fitted - 0.24320553108726942) < 1e-4);
  assert.ok(Math.abs(all - 0.21684336966769377) < 1e-4, `${all}`);
});

test('no passes and no prior: refused; with a prior: fitted', () => {
  const points = [
    { params: 1e8, passes: 0, trials: 100 },
    { params: 1e9, passes: 2, trials: 50 },
  ];
  assert.equal(fitInstance(points, null), null);
  assert.ok(fitInstance(points, PRIOR)?.converged);
});

test('a search that starts near a fit ends at the same one, and an offset that is a line only moves it', () => {
  const points = [1e7, 1e8, 1e9].map((params, i) => ({ params, passes: 5, trials: [400, 60, 12][i] as number }));
  const plain = fitInstance(points, null);
  const near = fitInstance(points, null, undefined, plain);
  assert.ok(plain !== null && near !== null);
  assert.ok(Math.abs(plain.lnC - near.lnC) < 1e-8 && Math.abs(plain.value - near.value) < 1e-9);
  const moved = fitInstance(points, null, (params) => 0.5 - 0.1 * Math.log(params));
  assert.ok(moved !== null && Math.abs(moved.alpha - (plain.alpha - 0.1)) < 1e-6);
  assert.ok(Math.abs(moved.lnC - (plain.lnC - 0.5)) < 1e-5);
});
