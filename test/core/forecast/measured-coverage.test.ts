import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backtest, Miss } from '../../../src/core/forecast/backtest.ts';
import { CURVE_SHRINK, MEASURED, SCORE_SHRINK } from '../../../src/core/forecast/calibration.ts';
import { measuredCoverage } from '../../../src/core/forecast/measured-coverage.ts';
import { transferWidth } from '../../../src/core/forecast/width-parts.ts';
import type { FittedLaw } from '../../../src/core/law/law.ts';
import { normalQuantile } from '../../../src/core/stats/distribution.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const fitted = { fit: { law: 'power' } } as FittedLaw;
const losses = makeSeries([makePoint(1, 2, 0)]);

/** Origins 1 … n, each with a miss at the next place but one; the last `wild` of them far off. */
function tested(n: number, wild: number, change: Partial<Miss> = {}): Backtest {
  const misses = Array.from({ length: n }, (_, i): Miss => {
    const error = i >= n - wild ? 1 : i % 2 === 0 ? 0.01 : -0.01;
    return {
      law: 'power',
      horizon: 0.1,
      error,
      fitted: 8,
      origin: i + 1,
      x: i + 1.5,
      noise: 0.01,
      spread: 0,
      ...change,
    };
  });
  return { misses } as unknown as Backtest;
}

const own = (backtest: Backtest, horizon = 0.2) => measuredCoverage(losses, fitted, backtest, 0.9, horizon).own;

test('each miss is held to the interval of the origins before it', () => {
  // The first three origins have too few before them.
  assert.deepEqual(own(tested(12, 0)), { covered: 1, count: 9 });
  assert.deepEqual(own(tested(12, 1)), { covered: 8 / 9, count: 9 });
});

test('nothing is said of too few, of none, of fits to a handful of points, of misses beyond the distance', () => {
  assert.equal(own(tested(7, 0)), null);
  assert.equal(measuredCoverage(losses, fitted, null, 0.9, 0.2).own, null);
  assert.equal(own(tested(12, 0, { fitted: 5 })), null);
  assert.equal(own(tested(12, 0, { horizon: 0.5 }), 0.2), null);
  assert.equal(own(tested(12, 0, { horizon: 0.5 }), 0.5)?.count, 9);
});

test('what was measured on public data is quoted by kind of metric', () => {
  const scores = makeSeries([makePoint(1, 0.5, 0)], { isLoss: false, lower: 0, upper: 1 });
  const quoted = (series: typeof losses) => measuredCoverage(series, fitted, null, 0.9, 0.2);
  assert.deepEqual(quoted(losses), { level: 0.9, covered: MEASURED.curve.covered, on: MEASURED.curve.on, own: null });
  assert.equal(quoted(scores).on, MEASURED.scores.on);
});

/** Each miss of a size, at origins 1 … 12, with the noise of its fit. */
const alike = (horizon: number, error: number, noise: number, spread = 0): Backtest =>
  ({
    misses: Array.from(
      { length: 12 },
      (_, i): Miss => ({
        law: 'power',
        horizon,
        // The first three are the past that the others are held to.
        error: i < 3 ? 0 : error,
        fitted: 8,
        origin: i + 1,
        x: i + 1.5,
        noise,
        spread,
      }),
    ),
  }) as unknown as Backtest;

/** Where the first miss after the quiet ones stops being inside, by bisection: the half-width that it was held to. */
function heldTo(of: (error: number) => Backtest, series = losses, level = 0.9): number {
  let [inside, outside] = [0, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2;
    // All misses are alike: the first sees nothing but quiet ones before it.
    const covered = measuredCoverage(series, fitted, of(middle), level, 1).own?.covered ?? Number.NaN;
    if (covered === 1) inside = middle;
    else outside = middle;
  }
  return inside;
}

test('the interval of a backtest is noise and spread of rivals at the level, times the measured factor', () => {
  const z = normalQuantile(0.95);
  assert.ok(Math.abs(heldTo((e) => alike(0.1, e, 0.04)) - CURVE_SHRINK * z * 0.04) < 1e-9);
  assert.ok(Math.abs(heldTo((e) => alike(0.1, e, 0.03, 0.04)) - CURVE_SHRINK * z * 0.05) < 1e-9);
  const half = normalQuantile(0.75);
  assert.ok(Math.abs(heldTo((e) => alike(0.1, e, 0.04), losses, 0.5) - CURVE_SHRINK * half * 0.04) < 1e-9);
});

test('for scores it grows with the distance, and families come in', () => {
  const z = normalQuantile(0.95);
  const of = (families: number) =>
    makeSeries(
      [0, 1].map((i) => makePoint(1, 0.5, i, { family: `f${i % families}` })),
      { isLoss: false, lower: 0, upper: 1 },
    );
  assert.ok(Math.abs(heldTo((e) => alike(0.5, e, 0.04), of(1)) - SCORE_SHRINK * z * 0.04 * 1.5) < 1e-9);
  const both = SCORE_SHRINK * 1.5 * Math.hypot(z * 0.04, transferWidth(of(2), z));
  assert.ok(Math.abs(heldTo((e) => alike(0.5, e, 0.04), of(2)) - both) < 1e-9);
});
