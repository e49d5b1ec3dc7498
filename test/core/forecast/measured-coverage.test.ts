import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backtest, Miss } from '../../../src/core/forecast/backtest.ts';
import { MEASURED } from '../../../src/core/forecast/calibration.ts';
import { measuredCoverage } from '../../../src/core/forecast/measured-coverage.ts';
import type { FittedLaw } from '../../../src/core/law/law.ts';
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
