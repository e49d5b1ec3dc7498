import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged, targetsOf } from '../../../src/core/forecast/targets.ts';
import type { At } from '../../../src/core/law/law.ts';
import type { Forecast } from '../../../src/core/report-model.ts';
import type { StudyManifest } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const series = makeSeries([makePoint(1e20, 2, 0)], { scale: 'compute', task: 'mmlu', id: 'mmlu/loss', metric: 'loss' });
const manifest = (targets: readonly Readonly<Record<string, unknown>>[]): StudyManifest => ({
  file: 'scaling.yaml',
  name: null,
  seed: null,
  fits: [],
  holdout: null,
  targets,
  thresholds: null,
  uncertainty: null,
  findings: null,
});

test('a target of N and D is placed at 6ND, and only on the tasks it names', () => {
  const found = targetsOf(
    manifest([
      { name: 'big', N: 1e9, D: 2e10, expect: { mmlu: 1.9 } },
      { name: 'other', C: 1e22, tasks: ['gsm8k'] },
    ]),
    series,
    (x) => ({ x }),
  );
  assert.equal(found.length, 1);
  assert.ok(Math.abs((found[0]?.at.x ?? 0) / 1.2e20 - 1) < 1e-12);
  assert.equal(found[0]?.expect, 1.9);
});

test('a forecast is held to what is expected', () => {
  const [target] = targetsOf(manifest([{ name: 'big', C: 1e21, expect: { 'mmlu/loss': 1.9 } }]), series, (x) => ({
    x,
  }));
  assert.ok(target !== undefined);
  const forecast = { low: 1.8, high: 2 } as Forecast;
  assert.equal(judged(target, forecast).inside, true);
  assert.equal(judged(target, { ...forecast, high: 1.85 }).inside, false);
  assert.equal(judged(target, { ...forecast, low: null }).inside, null);
});

const targetOf = (target: Readonly<Record<string, unknown>>, scale: 'compute' | 'params' | 'tokens' = 'compute') =>
  targetsOf(manifest([target]), { ...series, scale }, (x) => ({ x, family: 'f' }) as At)[0];

test('what a target states stands at its place, beside what the study says of such a model; the rest stays unknown', () => {
  const all = { N: 2e9, D: 3e10, C: 5e20 };
  assert.deepEqual(targetOf({ name: 'a', ...all }), {
    name: 'a',
    at: { x: 5e20, family: 'f', params: 2e9, tokens: 3e10, compute: 5e20 },
    expect: null,
  });
  assert.deepEqual(targetOf({ C: 1e21 })?.at, { x: 1e21, family: 'f', compute: 1e21 });
  assert.deepEqual(targetOf(all, 'params')?.at.x, 2e9);
  assert.deepEqual(targetOf(all, 'tokens')?.at.x, 3e10);
  assert.deepEqual(targetOf({ N: 2e9 }, 'params')?.at, { x: 2e9, family: 'f', params: 2e9 });
});

test('a target that does not state the scale of a series, or states no number, has no place on it', () => {
  for (const target of [{ N: 1e9 }, { D: 1e9 }, { C: 'big' }, { C: Number.NaN }, {}])
    assert.equal(targetOf(target), undefined);
  assert.equal(targetOf({ C: 1e21 }, 'params'), undefined);
  assert.deepEqual(
    targetsOf(null, series, (x) => ({ x })),
    [],
  );
});

test('a target without a name is one, and tasks are named by task or by series', () => {
  assert.equal(targetOf({ C: 1e21 })?.name, 'target');
  assert.equal(targetOf({ C: 1e21, name: 7 })?.name, 'target');
  for (const tasks of [['mmlu'], ['x', 'mmlu/loss']]) assert.ok(targetOf({ C: 1e21, tasks }));
});

test('what is expected is looked up by series, by task and metric, by task, in that order', () => {
  const known = { 'mmlu/loss': 1, mmlu: 2 };
  assert.equal(targetOf({ C: 1e21, expect: known })?.expect, 1);
  assert.equal(targetOf({ C: 1e21, expect: { mmlu: 2, gsm8k: 3 } })?.expect, 2);
  for (const expect of [{ gsm8k: 3 }, { mmlu: 'low' }, 1.9, null])
    assert.equal(targetOf({ C: 1e21, expect })?.expect, null);
});

test('the ends of an interval belong to it', () => {
  const target = { name: 't', at: { x: 1 }, expect: 2 };
  const inside = (low: number, high: number) => judged(target, { low, high } as Forecast).inside;
  assert.deepEqual([inside(2, 3), inside(1, 2), inside(2.1, 3), inside(1, 1.9)], [true, true, false, false]);
  assert.equal(judged({ ...target, expect: null }, { low: 1, high: 3 } as Forecast).inside, null);
});
