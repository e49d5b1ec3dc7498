import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aggregateBacktests,
  benchmarkBacktest,
  degenerateWhy,
  meanOverTasks,
  normalisedTask,
} from '../../../src/core/forecast/benchmark.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

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
  const shorter = { ...b, points: [...b.points].slice(2) };
  const mean = meanOverTasks([a, shorter]);
  assert.equal(mean?.x.length, 14);
  const [record] = aggregateBacktests([a, b, scores('flat', () => 25)]);
  assert.deepEqual(record?.tasks, ['a', 'b']);
  assert.equal(record?.left[0]?.task, 'flat');
  const forms = record?.aggregate.protocolA.map((p) => p.form) ?? [];
  for (const form of ['hierarchy', 'sigmoid', 'sigmoid-plain', 'last', 'mean-3', 'mean', 'log-linear'])
    assert.ok(forms.includes(form), form);
});
