import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';
import { REGIMES } from './simulated.ts';
import { verdictRates } from './verdict-rates.ts';

const LONG = process.env['SCALING_LENS_LONG'] === '1';
const forecast = (series: StudySeries, at: readonly number[]) =>
  analyseSeries(series, null, { ...DEFAULT_OPTIONS, bootstrap: 0, at });

const smooth = makeSeries(
  Array.from({ length: 16 }, (_, i) => {
    const x = 1e18 * 10 ** (i / 4);
    return makePoint(x, (1.8 + 800 * x ** -0.15) * (1 + 0.002 * Math.sin(5 * i)), i);
  }),
  { isLoss: true },
);
const scores = (f: (i: number) => number) =>
  makeSeries(
    Array.from({ length: 14 }, (_, i) => makePoint(1e18 * 10 ** (i / 4), f(i), i)),
    {
      isLoss: false,
      better: 'higher',
      lower: 0,
      upper: 1,
      chance: { value: 0.25, how: 'test', table: null, range: null },
    },
  );

test('a forecast within the tested distance is tested, holds the truth and says what it was worth', () => {
  const [near] = forecast(smooth, [1e22]).forecast;
  assert.ok(near !== undefined);
  assert.equal(near.verdict, 'tested');
  const truth = 1.8 + 800 * 1e22 ** -0.15;
  assert.ok((near.low as number) < truth && truth < (near.high as number));
  const coverage = near['measuredCoverage'] as { covered: number; on: string; own: { covered: number } | null };
  assert.ok(coverage.covered > 0.85 && coverage.on.length > 10 && 'own' in coverage);
  assert.match(near.why, /Backtests up to .* decades missed by .* on average/);
});

test('farther than any held-out point is beyond the tested range, and wider', () => {
  const [near, far] = forecast(smooth, [1e22, 1e28]).forecast;
  assert.equal(far?.verdict, 'beyond-tested-range');
  const width = (f: typeof near) => Math.log((f?.high as number) / (f?.low as number));
  assert.ok(width(far) > width(near));
});

test('scores at chance are not identifiable, and constant noise is no better than no change', () => {
  const [chance] = forecast(
    scores((i) => 0.25 + 0.004 * Math.sin(3 * i)),
    [1e24],
  ).forecast;
  assert.equal(chance?.verdict, 'not-identifiable');
  const flat = scores((i) => 0.6 + 0.03 * Math.sin(11 * i * i));
  const [same] = forecast(flat, [1e22]).forecast;
  assert.notEqual(same?.verdict, 'tested');
});

test('below the smallest model nothing is forecast, and the refusal says what it would need', () => {
  const [below] = forecast(smooth, [1e15]).forecast;
  assert.equal(below?.verdict, 'not-identifiable');
  assert.deepEqual([below?.y, below?.low, below?.high], [null, null, null]);
  assert.match(
    below?.why ?? '',
    /^10¹⁵\sFLOP lies .* decades below the smallest point .* It needs a run measured there/,
  );
});

test('one size is refused with what would be needed', () => {
  const one = makeSeries(
    Array.from({ length: 8 }, (_, i) => makePoint(1e20, 2 + 0.01 * i, i)),
    { isLoss: true },
  );
  const [f] = forecast(one, [1e22]).forecast;
  assert.equal(f?.verdict, 'not-identifiable');
  assert.equal(f?.y, null);
  assert.match(f?.why ?? '', /distinct|at least/);
});

test('tested is wrong in at most 12 % of simulated forecasts', () => {
  const rates = REGIMES.map((regime) => verdictRates(regime, LONG ? 1000 : 4));
  const tested = rates.reduce((s, r) => s + r.tested * r.forecasts, 0);
  const wrong = rates.reduce((s, r) => s + r.testedWrong * r.tested * r.forecasts, 0);
  assert.ok(wrong / tested <= 0.12, `${((100 * wrong) / tested).toFixed(1)} % of ${tested} wrong`);
});
