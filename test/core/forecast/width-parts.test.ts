import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backtest } from '../../../src/core/forecast/backtest.ts';
import { CURVE_SHRINK, RAMP, SCORE_SHRINK } from '../../../src/core/forecast/calibration.ts';
import { recentTrend } from '../../../src/core/forecast/recent-trend.ts';
import { halfWidth, outside, transferWidth, widthParts } from '../../../src/core/forecast/width-parts.ts';
import type { FittedLaw } from '../../../src/core/law/law.ts';
import { normalQuantile, tQuantile } from '../../../src/core/stats/distribution.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const scores = (families: number) =>
  makeSeries(
    Array.from({ length: 6 }, (_, i) => makePoint(10 ** i, 0.5, i, { family: `f${i % families}` })),
    { isLoss: false, better: 'higher', lower: 0, upper: 1 },
  );
/** Six points, two parameters, and what the law says of its own uncertainty: the se of the mean at a place. */
const fitted = (mean: number | null, more: object = {}): FittedLaw =>
  ({
    fit: { law: 'power', n: 6, rmse: 0.02, rmsle: 0.03 },
    freeParameters: 2,
    deltaError: () => (mean === null ? null : { mean, scale: 'y', df: 4 }),
    draws: () => new Float64Array(),
    ...more,
  }) as unknown as FittedLaw;
const asked = (families: number, law: FittedLaw, backtest: Backtest | null = null) => ({
  series: scores(families),
  fitted: law,
  backtest,
  level: 0.9,
});
const at = { x: 1e6 };
const near = (actual: number | undefined, expected: number): void => {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} against ${expected}`);
};

test('inside the data: the scatter, as t of its degrees of freedom, and what the parameters leave open', () => {
  const parts = widthParts(asked(1, fitted(0.01)), at, 0, 0.5, false);
  assert.deepEqual(Object.keys(parts ?? {}), ['scatter', 'parameters']);
  const t = tQuantile(0.95, 4);
  near(parts?.['scatter'], t * 0.02 * Math.sqrt(6 / 4));
  near(parts?.['parameters'], t * 0.01);
  near(widthParts(asked(1, fitted(0.01)), at, 0, 0.5, true)?.['parameters'], (t * 0.01) / 0.5);
});

test('parameters and rivals that say more than three times everything else are held there', () => {
  const parts = widthParts(asked(1, fitted(10, { spread: () => 10 })), at, 0, 0.5, false);
  const scatter = parts?.['scatter'] ?? Number.NaN;
  near(parts?.['rival laws'], 3 * scatter);
  near(parts?.['parameters'], 3 * scatter);
  near(
    widthParts(asked(1, fitted(null, { spread: () => 0.01 })), at, 0, 0.5, false)?.['rival laws'],
    normalQuantile(0.95) * 0.01,
  );
});

test('without an error of its own the spread of the resamples speaks, from twenty on', () => {
  const draws = (n: number) => () => Float64Array.from({ length: n }, (_, i) => 0.4 + (0.2 * i) / (n - 1));
  const of = (n: number) => widthParts(asked(1, fitted(null, { draws: draws(n) })), at, 0, 0.5, false)?.['parameters'];
  near(of(101), tQuantile(0.95, 4) * 0.5 * (0.84 - 0.16) * 0.2);
  assert.equal(of(19), undefined);
});

test('beyond the data past misses and other families come in, over the first part of a decade', () => {
  const miss = { law: 'power', horizon: 0.5, error: 0.05, fitted: 8, origin: 1, x: 1 };
  const tested = { misses: [miss, miss, miss] } as unknown as Backtest;
  const of = (horizon: number) => widthParts(asked(3, fitted(null), tested), at, horizon, 0.5, false);
  near(of(0.5)?.['past misses'], 0.05);
  near(of(RAMP / 2)?.['past misses'], 0.025);
  assert.equal(of(0)?.['past misses'], undefined);
  assert.equal(of(0)?.['other families'], undefined);
  near(of(0.5)?.['other families'], 1.5 * transferWidth(scores(3), normalQuantile(0.95)));
});

test('what the newest points say comes in whole for scores, and no wider than three times the rest for losses', () => {
  const points = Array.from({ length: 12 }, (_, i) => makePoint(10 ** (18 + i / 4), 3 - 0.2 * i, i));
  const losses = makeSeries(points);
  const last = points[11]?.x ?? 0;
  const place = { x: last * 10 ** 0.25 };
  const of = (series: StudySeries, y: number, log: boolean) =>
    widthParts({ series, fitted: fitted(null), backtest: null, level: 0.9 }, place, 0.25, y, log);
  const trend = recentTrend(losses, last, place.x) ?? Number.NaN;
  const z = normalQuantile(0.95) / 1.645;
  near(of(losses, Math.exp(trend + 0.01), true)?.['recent trend'], 0.01 * z);
  const far = of(losses, Math.exp(trend + 9), true);
  near(far?.['recent trend'], 3 * (far?.['scatter'] ?? Number.NaN));
  const rising = { ...losses, isLoss: false, better: 'higher' as const, lower: -1, upper: 4 };
  const scored = { ...rising, points: points.map((p, i) => ({ ...p, y: 0.2 * i })) };
  const newest = recentTrend(scored, last, place.x) ?? Number.NaN;
  near(of(scored, newest - 1, false)?.['recent trend'], z / SCORE_SHRINK);
});

test('families differ by a share of the metric, where there are two or more and the metric has ends', () => {
  assert.equal(transferWidth(scores(1), 1.645), 0);
  assert.equal(transferWidth(makeSeries([...scores(3).points]), 1.645), 0);
  const whole = transferWidth(scores(3), 1.645);
  assert.ok(whole > 0);
  near(transferWidth({ ...scores(3), upper: 100 }, 1.645), 100 * whole);
  const chance = { value: 0.25, how: 'test', table: null, range: null };
  near(transferWidth({ ...scores(3), chance }, 1.645), 0.75 * whole);
});

test('parts add in quadrature; beyond the data the measured factor comes in', () => {
  near(halfWidth({ a: 3, b: 4 }, true, 0), 5);
  near(halfWidth({ a: 3, b: 4 }, true, 1), 5 * CURVE_SHRINK);
  near(halfWidth({ a: 3, b: 4 }, false, 1), 5 * SCORE_SHRINK);
  assert.deepEqual([outside(-1), outside(0), outside(RAMP / 2), outside(RAMP), outside(9)], [0, 0, 0.5, 1, 1]);
});

test('nothing known, nothing said', () => {
  const empty = fitted(null, { fit: { law: 'power', n: 0, rmse: null, rmsle: null } });
  assert.equal(widthParts(asked(1, empty), at, 0, 0.5, false), null);
});
