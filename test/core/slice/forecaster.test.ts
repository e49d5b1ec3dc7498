/** The slice ensemble: bounds, monotony, width, the published comparison, and bad input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPage, withTables } from '../../../scripts/tables/page.ts';
import { CHOSEN, search } from '../../../scripts/tables/slice-choice.ts';
import { cutTask, flatCut, fullHinge, judge, STEPS } from '../../../scripts/tables/slice-evaluation.ts';
import { publicTasks, slicesTables, variantsTable } from '../../../scripts/tables/slices.ts';
import {
  FORECASTER_CONSTANTS,
  type ForecasterConstants,
  type ForecasterInput,
  fitSliceForecaster,
} from '../../../src/core/slice/forecaster.ts';
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

test('no worse than the best baseline on every public task, its constants chosen on the others', { skip }, () => {
  const tasks = publicTasks();
  assert.equal(tasks.length, 5);
  let wins = 0;
  let held = 0;
  for (const task of tasks) {
    const constants = CHOSEN[task.task] as ForecasterConstants;
    let inside = 0;
    let all = 0;
    for (const step of STEPS) {
      const cut = cutTask(task, step);
      const judged = judge(cut, constants);
      if (judged.mse <= cut.best.mse) wins++;
      inside += judged.inside;
      all += cut.held.length;
      // At every cut-off by itself, and not over wide ones that make up for a narrow one.
      assert.ok(judged.inside >= 0.75 * cut.held.length, `${task.task}: ${judged.inside} of ${cut.held.length}`);
      const hinge = fullHinge(task);
      const { low, high, refused } = judged.threshold;
      assert.equal(refused === null, hinge.lateRise, `${task.task}: ${refused}`);
      if (hinge.lateRise && low <= hinge.tau && hinge.tau <= high) held++;
      if (step > 0) continue;
      assert.ok(judged.mse <= cut.best.mse, `${task.task}: ${judged.mse} against ${cut.best.mse}`);
      if (hinge.lateRise) assert.ok(low <= hinge.tau && hinge.tau <= high, `${task.task}: ${low}..${high}`);
    }
    assert.ok(inside >= 0.9 * all, `${task.task}: ${inside} of ${all} inside 80 %`);
    const flat = flatCut(task);
    if (flat === null) continue;
    const stretch = judge(flat, constants);
    assert.ok(
      stretch.inside >= 0.75 * flat.held.length,
      `${task.task}, flat: ${stretch.inside} of ${flat.held.length}`,
    );
  }
  assert.ok(wins >= 14, `${wins} of 15 cuts`);
  assert.ok(held >= 8, `${held} of 9 threshold forecasts hold the hinge`);
});

test('the search gives the constants that are shipped, and docs/slices.md holds the tables as they come out', {
  skip: skip || process.env.SCALING_LENS_LONG !== '1',
}, () => {
  const found = search(publicTasks());
  assert.deepEqual(found.byTask, CHOSEN);
  assert.deepEqual(found.all, FORECASTER_CONSTANTS);
  const page = readPage('slices.md');
  const tables = new Map(slicesTables()).set('variants', variantsTable(found.variants));
  assert.equal(withTables(page, tables), page);
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

test('the interval is the shortest that holds its share of the draws', () => {
  const outcome = fitSliceForecaster(flatTask(30, 4), { draws: 200 });
  assert.ok(outcome.ok);
  for (const x of [22, 22.5, 23]) {
    const draws = [...outcome.value.drawsAt(x)].sort((a, b) => a - b);
    const { low, high } = outcome.value.intervalAt(x, 0.8);
    const mean = outcome.value.accuracyAt(x);
    assert.ok(draws.filter((draw) => draw >= low && draw <= high).length >= 160 && low <= mean && mean <= high);
    const lengths = draws.slice(0, 41).map((draw, i) => (draws[i + 159] as number) - draw);
    const shortest = Math.min(...lengths);
    // Nothing is longer than needed, but for the mean that it must hold.
    if (low < mean && mean < high)
      assert.ok(Math.abs(high - low - shortest) < 1e-12, `${high - low} against ${shortest}`);
    else assert.ok(high - low >= shortest - 1e-12);
  }
});

test('a score that rises from the start has no threshold, and that is said', () => {
  const flat = flatTask(30, 6);
  const rising = { ...flat, accuracy: flat.accuracy.map((y, i) => y + 0.15 * ((flat.x[i] as number) - 20)) };
  const outcome = fitSliceForecaster(rising);
  assert.ok(outcome.ok);
  assert.match(outcome.value.threshold(0.8).refused ?? '', /rising since the smallest third.*no threshold/);
  const still = fitSliceForecaster(flat);
  assert.ok(still.ok && still.value.threshold(0.8).refused === null);
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
