import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentTrend } from '../../../src/core/forecast/recent-trend.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

test('the newest third of a broken loss follows the break, not the whole', () => {
  const series = makeSeries(
    Array.from({ length: 12 }, (_, i) => makePoint(10 ** (18 + i / 3), i < 7 ? 4 : 4 * 10 ** (-0.05 * (i - 7)), i)),
    { isLoss: true },
  );
  const last = series.points.at(11)?.x ?? 0;
  const expected = Math.log(4 * 10 ** (-0.05 * 7));
  assert.ok(Math.abs((recentTrend(series, last, last * 10 ** 1) ?? 0) - expected) < 0.05);
});

test('a sharp rise is followed by a slope that the data choose', () => {
  const series = makeSeries(
    Array.from({ length: 14 }, (_, i) => makePoint(10 ** (18 + i / 4), 1 / (1 + Math.exp(-6 * (i / 4 - 3.2))), i)),
    { isLoss: false, better: 'higher', lower: 0, upper: 1 },
  );
  const last = series.points.at(13)?.x ?? 0;
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

const score = (f: (z: number) => number, more: Partial<StudySeries> = {}) =>
  makeSeries(
    Array.from({ length: 14 }, (_, i) => makePoint(10 ** (18 + i / 4), f(i / 4), i)),
    { isLoss: false, better: 'higher', lower: 0, upper: 1, ...more },
  );
const rise = (z: number): number => 1 / (1 + Math.exp(-2 * (z - 2)));

test('the trend of a score is read between its chance and its ceiling, and told in its own units', () => {
  const known = (value: number) => ({ value, how: 'test', table: null, range: null });
  const plain = recentTrend(score(rise), 1e22, 1e23) ?? Number.NaN;
  assert.ok(Math.abs(plain - rise(5)) < 0.01, `${plain}`);
  const series = score((z) => 25 + 65 * rise(z), { upper: 100, chance: known(25), ceiling: known(90) });
  assert.ok(Math.abs((recentTrend(series, 1e22, 1e23) ?? 0) - (25 + 65 * plain)) < 1e-6);
  const errors = score((z) => 1 - rise(z), { better: 'lower' });
  assert.ok(Math.abs((recentTrend(errors, 1e22, 1e23) ?? 0) - (1 - plain)) < 1e-9);
});

test('a score that falls has no rival, though it stands far above chance', () => {
  assert.equal(
    recentTrend(
      score((z) => 0.9 - 0.05 * z),
      1e22,
      1e23,
    ),
    null,
  );
  assert.notEqual(
    recentTrend(
      score((z) => 0.7 + 0.05 * z),
      1e22,
      1e23,
    ),
    null,
  );
});

test('only points up to the last fitted one speak, that one included', () => {
  const series = score((z) => (z > 2.6 ? 0 : rise(z)));
  const upTo = { ...series, points: [...series.points].slice(0, 11) };
  const last = upTo.points[10]?.x ?? 0;
  assert.equal(recentTrend(series, last, 1e22), recentTrend(upTo, 1e30, 1e22));
  const shorter = { ...series, points: [...series.points].slice(0, 10) };
  assert.notEqual(recentTrend(series, last, 1e22), recentTrend(shorter, 1e30, 1e22));
});

test('noise leaves more of the slope to the prior, a clean rise chooses its own', () => {
  const slope = (noise: number): number => {
    const series = score((z) => 1 / (1 + Math.exp(-6 * (z - 2.9))) + noise * (Math.round(4 * z) % 2 === 0 ? 1 : -1));
    const [a = 0, b = 0] = [21, 21.1].map((at) => recentTrend(series, 1e30, 10 ** at) ?? Number.NaN);
    return (Math.log(b / (1 - b)) - Math.log(a / (1 - a))) / 0.1;
  };
  assert.ok(Math.abs(slope(0) - 6) < 0.2, `${slope(0)}`);
  assert.ok(slope(0.2) < slope(0.05) - 0.3 && slope(0.2) > 1.2, `${slope(0.2)} and ${slope(0.05)}`);
});
