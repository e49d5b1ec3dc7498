/** The slice ensemble: bounds, monotony, width, the published comparison, and bad input. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bestBaseline, chooseRate, fullHinge, scoreTask } from '../../../scripts/tables/slice-evaluation.ts';
import { publicTasks, slicesTables, withTables } from '../../../scripts/tables/slices.ts';
import { DEFAULT_RATE, type ForecasterInput, fitSliceForecaster } from '../../../src/core/slice/forecaster.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { absent } from '../shape/reference-data.ts';

const skip = absent('slice-and-sandwich');

/** Models on a flat task whose easy group falls and hard group rises. */
function flatTask(n: number, seed: number): ForecasterInput {
  const random = createRandom(seed, 'flat');
  const x = Float64Array.from({ length: n }, (_, i) => 20 + (2.2 * i) / (n - 1));
  const noisy = (value: number, sd: number) => value + sd * random.normal();
  return {
    x,
    accuracy: x.map(() => noisy(0.25, 0.008)),
    tc: x.map(() => noisy(-0.57, 0.008)),
    groups: [
      x.map((v) => noisy(-0.43 - 0.05 * (v - 20), 0.015)),
      x.map(() => noisy(-0.57, 0.015)),
      x.map((v) => noisy(-0.71 + 0.06 * (v - 20), 0.015)),
    ],
  };
}

test('no worse than the best baseline on every public task, the rate chosen on the others', { skip }, () => {
  const tasks = publicTasks();
  assert.equal(tasks.length, 5);
  const scores = tasks.map((task) => scoreTask(task, task.cutoff));
  for (const [i, task] of scores.entries()) {
    const rate = chooseRate(scores.filter((_, j) => j !== i));
    const own = task.ensemble.get(rate);
    assert.ok(own);
    assert.ok(own.mse <= bestBaseline(task).mse, `${task.task}: ${own.mse} against ${bestBaseline(task).mse}`);
    const hinge = fullHinge(tasks[i] as (typeof tasks)[number]);
    if (hinge.lateRise) {
      assert.ok(
        own.low <= hinge.tau && hinge.tau <= own.high,
        `${task.task}: ${own.low}..${own.high} for ${hinge.tau}`,
      );
    } else assert.ok(own.alreadyRising > 0.5, `${task.task} rises from the start`);
  }
  assert.equal(chooseRate(scores), DEFAULT_RATE);
});

test('docs/slices.md holds the tables as they come out', {
  skip: skip || process.env.SCALING_LENS_LONG !== '1',
}, () => {
  const page = readFileSync(new URL('../../../docs/slices.md', import.meta.url), 'utf8');
  assert.equal(withTables(page, slicesTables()), page);
});

test('the forecast stays inside [0, 1] and never falls beyond the models', () => {
  const outcome = fitSliceForecaster(flatTask(30, 1));
  assert.ok(outcome.ok);
  let before = 0;
  for (let x = 22.2; x <= 32; x += 0.2) {
    const y = outcome.value.accuracyAt(x);
    const { low, high } = outcome.value.intervalAt(x, 0.8);
    assert.ok(y >= before - 1e-9 && y <= 1, `${x}: ${y} after ${before}`);
    assert.ok(low >= 0 && low <= y && y <= high && high <= 1);
    before = y;
  }
});

test('on a flat task the interval widens with distance and the turn is said to lie beyond', () => {
  const outcome = fitSliceForecaster(flatTask(30, 2));
  assert.ok(outcome.ok);
  const width = (x: number) => {
    const { low, high } = outcome.value.intervalAt(x, 0.8);
    return high - low;
  };
  assert.ok(width(22.3) < 0.1);
  assert.ok(width(23.2) > 2 * width(22.3));
  const { beyond, low, high } = outcome.value.threshold(0.8);
  assert.ok(beyond > 0.7, `beyond ${beyond}`);
  assert.ok(high > low);
});

test('the same seed gives the same draws', () => {
  const [a, b, c] = [3, 3, 4].map((seed) => {
    const outcome = fitSliceForecaster(flatTask(12, 1), { seed });
    assert.ok(outcome.ok);
    return outcome.value.drawsAt(23);
  });
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test('one badly trained model does not bend the forecast', () => {
  const good = flatTask(30, 5);
  const bad = { ...good, accuracy: good.accuracy.slice() };
  bad.accuracy[28] = 0.02;
  const [a, b] = [good, bad].map((input) => {
    const outcome = fitSliceForecaster(input);
    assert.ok(outcome.ok);
    return outcome.value.accuracyAt(22.6);
  });
  assert.ok(Math.abs((a as number) - (b as number)) < 0.02, `${a} and ${b}`);
});

test('bad input is refused with a typed message', () => {
  const good = flatTask(12, 1);
  const cut = (input: ForecasterInput, n: number): ForecasterInput => ({
    x: input.x.subarray(0, n),
    accuracy: input.accuracy.subarray(0, n),
    tc: input.tc.subarray(0, n),
    groups: input.groups.map((group) => group.subarray(0, n)),
  });
  const codes = [
    fitSliceForecaster(cut(good, 1)),
    fitSliceForecaster({ ...good, x: good.x.map(() => 21) }),
    fitSliceForecaster({ ...good, groups: [good.groups[0]?.subarray(1) ?? new Float64Array(0)] }),
    fitSliceForecaster({ ...good, tc: good.tc.map((value, i) => (i === 2 ? Number.NaN : value)) }),
    fitSliceForecaster({ ...good, accuracy: good.accuracy.map((value) => 100 * value) }),
  ].map((outcome) => (outcome.ok ? 'fitted' : outcome.error.code));
  assert.deepEqual(codes, ['too-few-models', 'too-few-models', 'lengths-differ', 'not-finite', 'out-of-range']);
});
