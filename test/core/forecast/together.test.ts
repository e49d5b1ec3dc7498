import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { OBSERVED_ID } from '../../../src/core/forecast/observed.ts';
import { forecastTogether, HIERARCHY_ID } from '../../../src/core/forecast/together.ts';
import type { Forecast } from '../../../src/core/report-model.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { Study, StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const CUT = 1e22;

/** Tasks of common slope, taken by families that stand apart by ±`apart` on the logit scale. */
function tasks(count: number, apart: number): StudySeries[] {
  const random = createRandom(7, 'together');
  return Array.from({ length: count }, (_, t) =>
    makeSeries(
      Array.from({ length: 28 }, (_x, i) => {
        const z = i / 6;
        const offset = i % 2 === 0 ? apart : -apart;
        const y = 1 / (1 + Math.exp(-1.2 * (z - 2.5 - 0.4 * t) - offset)) + 0.02 * random.normal();
        return makePoint(1e18 * 10 ** z, Math.min(1, Math.max(0, y)), i, {
          model: `m${i}`,
          family: i % 2 === 0 ? 'good' : 'poor',
        });
      }),
      { id: `t${t}`, task: `t${t}`, isLoss: false, better: 'higher', lower: 0, upper: 1 },
    ),
  );
}

const options = { level: 0.9, fitBelow: CUT, at: 'held-out' as const };
const reportsOf = (series: readonly StudySeries[]) =>
  series.map((one) =>
    analyseSeries(one, { manifest: null, series, tables: [] } as unknown as Study, {
      ...DEFAULT_OPTIONS,
      bootstrap: 0,
      fitBelow: CUT,
      at: 'held-out',
    }),
  );
const missOf = (forecast: readonly Forecast[]): number =>
  forecast.reduce((s, f) => s + Math.abs((f.y as number) - (f.actual as number)), 0) / forecast.length;

test('families that stand apart make several tasks worth fitting together, and the forecast says so', () => {
  const series = tasks(4, 0.7);
  const reports = reportsOf(series);
  const answers = forecastTogether(series, reports, options);
  assert.equal(answers.size, 4);
  for (const report of reports) {
    const answer = answers.get(report.id);
    assert.ok(answer !== undefined);
    assert.equal(answer.together.method, HIERARCHY_ID);
    assert.match(answer.together.why, /4 tasks fitted together/);
    assert.ok(answer.together.heldOut.hierarchy < answer.together.heldOut.own);
    assert.equal(answer.forecast.length, report.forecast.length);
    assert.ok(answer.forecast.every((f) => f.law === HIERARCHY_ID && f.low !== null && f.high !== null));
    assert.ok(missOf(answer.forecast) < 0.7 * missOf(report.forecast), `${missOf(answer.forecast)}`);
  }
});

test('a bare scale is forecast for the family that is named', () => {
  const series = tasks(3, 0.7);
  const reports = reportsOf(series);
  const at = (family?: string): number => {
    const answers = forecastTogether(series, reports, {
      ...options,
      at: [3e22],
      ...(family === undefined ? {} : { family }),
    });
    return answers.get('t0')?.forecast[0]?.y as number;
  };
  assert.ok(at('good') > at() && at() > at('poor'));
});

test('one task, few models, or a metric without bounds is left as it is', () => {
  const series = tasks(1, 0.7);
  assert.equal(forecastTogether(series, reportsOf(series), options).size, 0);
  const few = tasks(3, 0.7).map((s) => ({ ...s, points: s.points.filter((_, i) => i % 3 === 0) }));
  assert.equal(forecastTogether(few, reportsOf(few), options).size, 0);
});

test('another benchmark of the same models is used where it foretells the tasks, and only where it is known', () => {
  const random = createRandom(3, 'observed');
  const level = Array.from({ length: 28 }, () => 0.8 * random.normal());
  const make = (metric: string, t: number): StudySeries =>
    makeSeries(
      level.map((own, i) => {
        const z = i / 6;
        const y = 1 / (1 + Math.exp(-1.2 * (z - 2.2 - 0.3 * t) - own)) + 0.01 * random.normal();
        return makePoint(1e18 * 10 ** z, Math.min(1, Math.max(0, y)), i, { model: `m${i}`, family: `f${i % 2}` });
      }),
      { id: `${metric}/t${t}`, task: `t${t}`, metric, isLoss: false, better: 'higher', lower: 0, upper: 1 },
    );
  const asked = [make('exam', 0), make('exam', 1), make('exam', 2)];
  const others = [3, 4, 5, 6].map((t) => make('quiz', t));
  const reports = reportsOf(asked);
  const answers = forecastTogether([...asked, ...others], reports, options);
  for (const report of reports) {
    const answer = answers.get(report.id);
    assert.equal(answer?.together.method, OBSERVED_ID);
    assert.match(answer.together.why, /other benchmarks/);
    assert.ok(missOf(answer.forecast) < 0.7 * missOf(report.forecast));
  }
  // The larger models have not taken the other benchmark: it cannot help.
  const untaken = others.map((s) => ({ ...s, points: s.points.filter((p) => p.x < CUT) }));
  const without = forecastTogether([...asked, ...untaken], reports, options);
  assert.ok(
    [...without.values()].every((a) => a.together.method !== OBSERVED_ID && a.together.heldOut.observed === null),
  );
});
