// The jackknife of the task line: equal to refits by hand, and silent where it would mean nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetEstimate } from '../../../src/core/passuntil/estimators.ts';
import { type InstanceDraws, lineError } from '../../../src/core/passuntil/line-error.ts';
import { fitTaskLine, type TaskLine } from '../../../src/core/passuntil/task-law.ts';
import { tQuantile } from '../../../src/core/stats/distribution.ts';

const SIZES = [1e8, 3e8, 1e9, 3e9];

function draws(ease: number): InstanceDraws {
  return SIZES.map((params, s) => ({
    params,
    wanted: 5,
    passes: 5,
    trials: Math.round(5 + (400 * (1 + ((ease * 7 + s * 3) % 5) / 10)) / (ease * (s + 1))),
    capped: false,
  }));
}

function lineOf(instances: readonly InstanceDraws[], weighted: boolean): TaskLine {
  const sizes = SIZES.map((params) => {
    const here = instances.flatMap((one) => one.filter((draw) => draw.params === params));
    const estimate = datasetEstimate(here);
    assert.ok(estimate !== null);
    return { params, pu: estimate.pu, stderr: estimate.stderr };
  });
  const line = fitTaskLine(sizes, weighted);
  assert.ok(line !== null);
  return line;
}

for (const weighted of [false, true]) {
  test(`standard errors are those of refits without each instance (${weighted ? 'weighted' : 'plain'})`, () => {
    const instances = [1, 2, 3, 5, 8, 13].map(draws);
    // One question was not asked at the largest size.
    instances[2] = (instances[2] as InstanceDraws).slice(0, 3);
    const line = lineOf(instances, weighted);
    const error = lineError(line, instances, SIZES, weighted, 0.9);
    assert.ok(error !== null);
    const n = instances.length;
    const left = instances.map((_, i) => lineOf(instances.toSpliced(i, 1), weighted));
    for (const name of ['alpha', 'lnC'] as const) {
      const values = left.map((one) => one[name]);
      const mean = values.reduce((sum, v) => sum + v, 0) / n;
      const expected = Math.sqrt(((n - 1) / n) * values.reduce((sum, v) => sum + (v - mean) ** 2, 0));
      assert.ok(Math.abs((error.standardErrors[name] as number) / expected - 1) < 1e-9, name);
      const interval = error.intervals[name];
      assert.ok(interval !== null);
      assert.ok(Math.abs(interval.high - line[name] - tQuantile(0.95, n - 1) * expected) < 1e-9);
      assert.ok(Math.abs(interval.high + interval.low - 2 * line[name]) < 1e-9);
    }
    assert.ok((error.intervals.c?.low ?? 0) < Math.exp(line.lnC));
    assert.ok(Math.abs(Math.log(error.intervals.c?.high ?? 0) - (error.intervals.lnC?.high ?? 0)) < 1e-9);
  });
}

test('two instances, or a line that one instance alone holds up, have no error', () => {
  const two = [1, 2].map(draws);
  assert.equal(lineError(lineOf(two, false), two, SIZES, false, 0.9), null);
  const never: InstanceDraws = SIZES.map((params) => ({ params, wanted: 5, passes: 0, trials: 50, capped: true }));
  const alone = [draws(3), never, never, never];
  assert.equal(lineError(lineOf(alone, false), alone, SIZES, false, 0.9), null);
});

test('a c beyond doubles has no interval, the exponent keeps its own', () => {
  const instances = [1, 2, 3].map(draws);
  const line = { ...lineOf(instances, false), lnC: 800 };
  const error = lineError(line, instances, SIZES, false, 0.9);
  assert.equal(error?.intervals.c, null);
  assert.equal(error?.standardErrors.c, null);
  assert.ok(error?.intervals.alpha !== null);
});
