import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import type { SeriesReport } from '../../src/core/report-model.ts';
import type { StudySeries } from '../../src/core/study/study.ts';
import { SeriesPool } from '../../src/node/series-pool.ts';
import { packSeries, slimReport, unpackSeries, wholeReport } from '../../src/node/series-wire.ts';
import { makePoint, makeSeries } from '../core/law/series.ts';

const OPTIONS = { ...DEFAULT_OPTIONS, bootstrap: 0 };

/** Twelve models whose loss falls as a power, the third with an error by the population deviation too. */
function falling(task: string, exponent: number): StudySeries {
  const points = Array.from({ length: 12 }, (_, row) => {
    const x = 10 ** (18 + row / 3);
    const more = row === 2 ? { stderr: 0.02, stderrPopulation: 0.019, n: 40 } : { stderr: 0.01, n: 40 };
    return makePoint(x, 2 + 3 * (x / 1e18) ** -exponent, row, { ...more, compute: x, family: 'f' });
  });
  return makeSeries(points, { id: `${task}/loss`, task, metric: 'loss' });
}

const SERIES = ['a', 'b', 'c', 'd', 'e'].map((task, i) => falling(task, 0.1 + i / 20));

test('a series between threads: as it was, but for the places in the file', () => {
  const [series] = SERIES as [StudySeries];
  const there = unpackSeries(structuredClone(packSeries(series)));
  assert.deepEqual(there, series);
});

test('a report between threads: as it was, in the order of its fields', () => {
  const [series] = SERIES as [StudySeries];
  const report = analyseSeries(series, null, OPTIONS);
  assert.equal(slimReport(report).x.length, 0);
  const back = wholeReport(structuredClone(slimReport(report)), series);
  assert.equal(JSON.stringify(back), JSON.stringify(report));
});

test('several threads give what one gives, in the order of the series', async () => {
  const pool = new SeriesPool('./src/cli/main.ts', 2);
  pool.start();
  const seen: number[] = [];
  const reports = await pool.runner(SERIES, OPTIONS, (index: number, _report: SeriesReport) => seen.push(index));
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4],
  );
  const alone = SERIES.map((one) => analyseSeries(one, null, OPTIONS));
  assert.equal(JSON.stringify(reports), JSON.stringify(alone));
});

test('a thread that cannot start is done without', async () => {
  const pool = new SeriesPool('./src/cli/absent.ts', 2);
  pool.start();
  await new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
  const reports = await pool.runner(SERIES.slice(0, 1), OPTIONS, () => undefined);
  assert.equal(reports.length, 1);
  pool.close();
});

test('an abort ends the work with its reason', async () => {
  const stop = new AbortController();
  const pool = new SeriesPool('./src/cli/main.ts', 2);
  const running = pool.runner(SERIES, OPTIONS, () => stop.abort(new Error('enough')), stop.signal);
  await assert.rejects(running, /enough/);
});
