import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged, targetsOf } from '../../../src/core/forecast/targets.ts';
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
