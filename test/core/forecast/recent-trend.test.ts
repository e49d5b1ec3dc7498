import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentTrend } from '../../../src/core/forecast/recent-trend.ts';
import { makePoint, makeSeries } from '../law/series.ts';

test('the newest third of a broken loss follows the break, not the whole', () => {
  const series = makeSeries(
    Array.from({ length: 12 }, (_, i) => makePoint(10 ** (18 + i / 3), i < 7 ? 4 : 4 * 10 ** (-0.05 * (i - 7)), i)),
    { isLoss: true },
  );
  const last = series.points[11]?.x ?? 0;
  const expected = Math.log(4 * 10 ** (-0.05 * 7));
  assert.ok(Math.abs((recentTrend(series, last, last * 10 ** 1) ?? 0) - expected) < 0.05);
});

test('a sharp rise is followed by a slope that the data choose', () => {
  const series = makeSeries(
    Array.from({ length: 14 }, (_, i) => makePoint(10 ** (18 + i / 4), 1 / (1 + Math.exp(-6 * (i / 4 - 3.2))), i)),
    { isLoss: false, better: 'higher', lower: 0, upper: 1 },
  );
  const last = series.points[13]?.x ?? 0;
  // The truth there is 0.89; with the slope prior alone it would be 0.6.
  assert.ok((recentTrend(series, last, last * 2) ?? 0) > 0.8);
});

test('few points or a dense curve have no trend of their own', () => {
  const of = (n: number) =>
    makeSeries(
      Array.from({ length: n }, (_, i) => makePoint(10 ** (18 + i / 20), 4 - i / 50, i)),
      { isLoss: true },
    );
  assert.equal(recentTrend(of(7), 1e30, 1e31), null);
  assert.equal(recentTrend(of(60), 1e30, 1e31), null);
});
