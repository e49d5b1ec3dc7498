import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastThreeBare } from '../../../src/core/forecast/form.ts';
import {
  backtestHierarchy,
  fitHierarchy,
  type ModelScores,
  modelScores,
  ratioOf,
} from '../../../src/core/forecast/hierarchy.ts';
import { leaveRightmostOut, type NormalisedTask, summariseA } from '../../../src/core/forecast/protocol.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { absent } from '../shape/reference-data.ts';
import { AXIS, benchmarkModels, scoreRows, tasksOf } from './predictability-data.ts';

test('models of several tasks are put together by name, sorted by scale, with NaN where a task was not measured', () => {
  const scores = { isLoss: false, lower: 0, upper: 100 } as const;
  const chance = { value: 20, how: 'test', table: null, range: null };
  const sizes = { params: 1e8, tokens: 2e10, family: 'f' };
  const first = [makePoint(1e20, 60, 0, { model: 'large' }), makePoint(1e18, 20, 1, { model: 'small', ...sizes })];
  const second = [makePoint(1e20, 50, 0, { model: 'large' }), makePoint(0, 50, 1, { model: 'no scale' })];
  const models = modelScores([
    makeSeries(first, { ...scores, better: 'higher', chance }),
    makeSeries(second, { ...scores, better: 'lower' }),
    makeSeries(second, { isLoss: true }),
  ]);
  assert.deepEqual(
    models.map(({ model, x, family }) => [model, x, family]),
    [
      ['small', 18, 'f'],
      ['large', 20, null],
    ],
  );
  assert.deepEqual(
    models.map(({ y }) => [...y]),
    [
      [0, Number.NaN, Number.NaN],
      [0.5, 0.5, Number.NaN],
    ],
  );
  assert.ok(Math.abs((models[0]?.trait ?? 0) - Math.log10(200)) < 1e-12);
});

test('tokens per parameter are known where both are', () => {
  assert.equal(ratioOf(1e9, 2e10), Math.log10(20));
  assert.deepEqual([ratioOf(null, 1), ratioOf(1, undefined), ratioOf(0, 1), ratioOf(1, -1)], [null, null, null, null]);
});

test('a family that stands above the trend is expected to stay above it', () => {
  const models: ModelScores[] = Array.from({ length: 24 }, (_, i) => {
    const good = i % 2 === 0;
    const y = (shift: number) => 1 / (1 + Math.exp(-1.2 * (i / 6 - 2 - shift) - (good ? 0.6 : -0.6)));
    return {
      model: `m${i}`,
      family: good ? 'good' : 'poor',
      x: 18 + i / 6,
      trait: null,
      y: Float64Array.of(y(0), y(0.5)),
    };
  });
  const fit = fitHierarchy(models, 2);
  assert.ok(fit !== null);
  const of = (family: string | null) => ({ x: 22.2, family, trait: null });
  assert.ok(fit.predict(0, of('good')) > fit.predict(0, of(null)));
  assert.ok(fit.predict(0, of('poor')) < fit.predict(0, of(null)));
  assert.ok(fit.mean(of('good')) > fit.mean(of('poor')));
  // The offsets are ±0.6 about a slope of 1.2; priors shrink both a little.
  assert.ok(Math.abs(fit.offset('good') - fit.offset('poor')) > 0.5);
  assert.ok(Math.abs(fit.slope - 1.2) < 0.15, `${fit.slope}`);
});

test('benchmarks together: single tasks within 9 points, the mean within 4.5, better than the mean of three', {
  skip: absent('predictability'),
}, () => {
  const { models, tasks } = benchmarkModels('bbh_fewshot');
  const result = backtestHierarchy(models, tasks);
  const single = result.single.withinOne?.mean ?? Number.NaN;
  const mean = result.mean.withinOne?.mean ?? Number.NaN;
  // The goal for the mean was 4.
  assert.ok(single <= 9 && mean <= 4.5, `${single}, ${mean}`);
  const plain = tasksOf(scoreRows(), 'bbh_fewshot', AXIS);
  const meanOfThree = (of: readonly NormalisedTask[]): number =>
    summariseA(
      '',
      of.map((task) => leaveRightmostOut(lastThreeBare, task)),
    ).withinOne?.mean ?? Number.NaN;
  assert.ok(single < meanOfThree(plain.tasks), `${single} against ${meanOfThree(plain.tasks)}`);
  assert.ok(mean < 0.6 * meanOfThree([plain.average]), `${mean} against ${meanOfThree([plain.average])}`);
});
