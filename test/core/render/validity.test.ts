import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { coverageOf, validityOf } from '../../../src/core/render/validity.ts';
import type { Forecast, Report, SeriesReport } from '../../../src/core/report-model.ts';
import { reportOf } from './report-fixture.ts';

const LONG = 'examples/study-long.csv';
const report = await reportOf({ [LONG]: readFileSync(LONG) }, { at: [1e23] });
const series = (task: string) => report.series.find((s) => s.task === task) as SeriesReport;

function check(s: SeriesReport, topic: string, of: Report = report) {
  const found = validityOf(s, of).find((one) => one.topic === topic);
  assert.ok(found);
  return found;
}

test('seven topics in a fixed order, whatever the series', () => {
  for (const s of report.series) {
    assert.deepEqual(
      validityOf(s, report).map(({ topic }) => topic),
      ['Law', 'Counts', 'Runs', 'Points', 'Coverage', 'Fit', 'Evidence'],
    );
    for (const { text } of validityOf(s, report)) assert.doesNotMatch(text, /undefined|NaN|null|\.\.|\s\s/);
  }
});

test('what is known is said with its numbers', () => {
  const loss = series('validation');
  assert.match(check(loss, 'Law').text, /^Power law with offset \(power-offset\); x is training compute \(FLOP\)/);
  assert.match(check(loss, 'Points').text, /^12 points from 12 models/);
  assert.match(check(loss, 'Coverage').text, /4\.9 decades\. Asked for up to 0\.97 decades beyond the data/);
  assert.match(check(loss, 'Fit').text, /Objective log-squared\. \d+ of \d+ starts/);
  const backtest = loss.backtest?.['laws'] as { law: string; count: number }[];
  const count = backtest.find(({ law }) => law === loss.chosen)?.count;
  assert.match(
    check(loss, 'Evidence').text,
    new RegExp(`${count} held-out predictions.*better than the best baseline`),
  );
  assert.equal(check(loss, 'Runs').state, 'open', 'a results file does not know how runs were trained');
});

test('doubts ask for a second look', () => {
  const loss = series('validation');
  assert.equal(check(loss, 'Counts').state, 'known');
  const doubt = {
    ...(report.findings[0] as Report['findings'][0]),
    code: 'data.compute-mismatch',
    message: 'off by 3',
  };
  assert.equal(check(loss, 'Counts', { ...report, findings: [doubt] }).state, 'look');
  const fit = loss.fits.map((f) => ({ ...f, converged: false, atBound: ['e'] }));
  assert.match(check({ ...loss, fits: fit }, 'Fit').text, /NOT converge.*On a bound: e/);
  assert.equal(check({ ...loss, fits: fit }, 'Fit').state, 'look');
  assert.equal(check({ ...loss, backtest: null }, 'Evidence').state, 'look');
  assert.equal(check({ ...loss, x: [1e20, 3e20], models: ['a', 'b'] }, 'Coverage').state, 'look');
  assert.match(check({ ...loss, models: loss.models.map(() => 'one') }, 'Points').text, /not independent/);
  assert.equal(check(series('hindsight'), 'Law').state, 'look');
});

test('the nominal level stands beside what was measured', () => {
  const forecast = (measuredCoverage: unknown) =>
    ({ ...series('validation').forecast[0], level: 0.9, measuredCoverage }) as unknown as Forecast;
  assert.equal(
    coverageOf(forecast({ level: 0.9, covered: 0.92, on: '46 curves', own: { covered: 1 / 3, count: 21 } })),
    'nominal 90\u00a0%, measured 92\u00a0% on 46 curves; here 7 of 21 held-out points',
  );
  assert.equal(
    coverageOf(forecast({ covered: 0.88, on: 'benchmarks' })),
    'nominal 90\u00a0%, measured 88\u00a0% on benchmarks',
  );
  for (const nothing of [undefined, null, {}, { covered: null, on: 'x' }])
    assert.equal(coverageOf(forecast(nothing)), null);
});
