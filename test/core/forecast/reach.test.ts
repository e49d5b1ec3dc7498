import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { backtest } from '../../../src/core/forecast/backtest.ts';
import { forecastAt } from '../../../src/core/forecast/forecast.ts';
import { reachOf, runsAway, withinReach } from '../../../src/core/forecast/reach.ts';
import type { FittedLaw, Law } from '../../../src/core/law/law.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { absent } from '../shape/reference-data.ts';
import { curveSeries } from './curves.ts';
import { simulateStudy } from './simulated.ts';

const OPTIONS = { bootstrap: 0, seed: 1, level: 0.9 };
const points = Array.from({ length: 13 }, (_, i) => makePoint(10 ** (18 + i / 4), 4 * 10 ** (-0.05 * (i / 4)), i));
const series = makeSeries(points, { isLoss: true });
const power = lawById('power') as Law;
const fitted = power.fit({ series, points, study: null }, OPTIONS);
assert.ok(fitted.ok);
/** The power law within the data, nothing soon after. */
const cliff: FittedLaw = {
  ...fitted.value,
  predict: (at) => fitted.value.predict(at) * Math.exp(-600 * Math.max(0, Math.log10(at.x) - 21.2)),
};

test('the reach is three times what the points span, and grows beyond one span of the data', () => {
  const span = 0.15 * Math.LN10;
  const of = (x: number) => reachOf(series, points, { x }) ?? { low: 0, high: 0 };
  assert.ok(Math.abs(Math.log(of(1e22).high / 4) - 3 * span) < 1e-9);
  assert.ok(Math.abs(Math.log(of(1e22).low / 4) + 4 * span) < 1e-9);
  // Two spans beyond on either side.
  for (const x of [1e27, 1e12]) assert.ok(Math.abs(Math.log(of(x).high / 4) - 6 * span) < 1e-9, String(x));
  assert.equal(reachOf(series, points.slice(0, 1), { x: 1e22 }), null);
  assert.equal(withinReach(null, 1e-300), 1e-300);
});

test('scores with two ends need no reach; those without are held to it in their own units', () => {
  const scores = { ...series, isLoss: false, better: 'higher' as const };
  assert.equal(reachOf({ ...scores, lower: 0, upper: 5 }, points, { x: 1e22 }), null);
  const least = 4 * 10 ** -0.15;
  const reach = reachOf(scores, points, { x: 1e22 });
  assert.ok(Math.abs((reach?.high ?? 0) - (4 + 3 * (4 - least))) < 1e-9);
  assert.ok(Math.abs((reach?.low ?? 0) - (least - 3 * (4 - least))) < 1e-9);
});

test('what hardly varies is given the scatter of one evaluation, and no less than half an order of sizes', () => {
  const flat = [1e20, 1.5e20].map((x, i) => makePoint(x, -8 + i / 1000, i));
  const scores = { ...series, isLoss: false };
  const high = (x: number) => reachOf(scores, flat, { x })?.high ?? Number.NaN;
  // A twentieth of the largest value, three times; from 0.3 decades beyond in proportion.
  assert.ok(Math.abs(high(2e20) - (-7.999 + 3 * 0.05 * 8)) < 1e-9, `${high(2e20)}`);
  assert.ok(Math.abs(high(1.5e20 * 10 ** 0.6) - (-7.999 + 6 * 0.05 * 8)) < 1e-9);
});

test('points without a scale or a value, and losses that are not positive, are read as what they are', () => {
  const odd = [makePoint(0, 900, 20), makePoint(1e30, Number.NaN, 21), ...points];
  assert.deepEqual(reachOf(series, odd, { x: 1e22 }), reachOf(series, [...points], { x: 1e22 }));
  const negative = [makePoint(1e18, -1, 0), makePoint(1e21, 1, 1)];
  assert.deepEqual(reachOf(series, negative, { x: 1e20 }), { low: -7, high: 7 });
});

test('another variable that leaves its range widens the reach', () => {
  const both = points.map((p) => ({ ...p, params: Math.sqrt(p.x) }));
  const of = (params: number) => reachOf(series, both, { x: 1e21, params })?.high ?? 0;
  assert.equal(of(10 ** 10.5), of(1e10));
  assert.ok(of(1e18) > of(1e10));
});

test('a law that runs away is not believed, and says so where it is asked for by name', () => {
  assert.ok(runsAway(series, cliff, points) && !runsAway(series, fitted.value, points));
  const said = forecastAt(series, cliff, null, { x: 1e22 }, 1e21, 0.9);
  assert.equal(said.verdict, 'not-identifiable');
  assert.match(said.why, /runs away here \(to .*10⁻/);
  const reach = reachOf(series, points, { x: 1e22 });
  assert.ok(reach !== null && said.low !== null && said.high !== null && said.y !== null);
  assert.ok(reach.low <= said.low && said.low <= said.y && said.y <= said.high && said.high <= reach.high);
});

test('a backtest holds a law that runs away to what the forecast would have said', () => {
  const falling: Law = {
    ...power,
    id: 'power',
    fit: (input, options) => {
      const outcome = power.fit(input, options);
      const last = Math.max(...input.points.map((p) => p.x));
      return outcome.ok
        ? { ok: true, value: { ...outcome.value, predict: (at) => (at.x > last ? 1e-280 : outcome.value.predict(at)) } }
        : outcome;
    },
  };
  const { misses } = backtest(series, points, [falling], null, OPTIONS);
  assert.ok(misses.length > 0);
  for (const m of misses) assert.ok(m.error < 0 && Math.abs(m.error) < 4, `${m.error}`);
});

test('no forecast of a simulated study prints an absurd value or interval', () => {
  // Studies whose M4 fell to nothing, or whose broken law missed a held-out point by a factor of 1e200.
  for (const seed of [69, 238, 240]) {
    const study = simulateStudy('broken', seed);
    const report = analyseSeries(study.series, null, {
      ...DEFAULT_OPTIONS,
      bootstrap: 0,
      shapes: false,
      fitBelow: study.cut,
      at: 'held-out',
    });
    assert.ok(report.forecast.length > 0);
    for (const f of report.forecast) {
      assert.ok(f.y !== null && f.low !== null && f.high !== null);
      assert.ok(f.y > 0.3 && f.high / f.low < 20, `${seed}: ${f.low} to ${f.high} around ${f.y}`);
    }
  }
});

test('held-out losses of measured curves use a small share of their reach', { skip: absent('revisiting') }, () => {
  for (const { series: curve, cut, curve: id } of curveSeries()) {
    const known = curve.points.filter((p) => p.x < cut);
    const ys = known.map((p) => p.y);
    const least = Math.min(...ys);
    const most = Math.max(...ys);
    for (const p of curve.points.filter((q) => q.x >= cut)) {
      const reach = reachOf(curve, known, p);
      assert.ok(reach !== null, id);
      const share = Math.max(
        Math.log(least / p.y) / Math.log(least / reach.low),
        Math.log(p.y / most) / Math.log(reach.high / most),
      );
      assert.ok(share < 0.2, `${id}: ${share}`);
    }
  }
});
