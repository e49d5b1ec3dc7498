// A file of pass counts opened like any other: it becomes a pass rate with its law, and a benchmark table does not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { asksPassRates, holdsPasses, passStudy } from '../../../src/core/passuntil/pass-study.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { analyse, describeStudy } from '../../../src/core/report.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';

const examples = resolve(import.meta.dirname, '../../../examples');

async function studyOf(path: string) {
  return await readStudy([{ name: path, bytes: readFileSync(resolve(examples, path)) }], {}, nodeReadPorts);
}

test('pass counts are one series per task with its curve, and nothing is unrecognised', async () => {
  const study = await studyOf('passuntil/coins-counts.csv');
  assert.equal(holdsPasses(study), true);
  const report = await analyse(study, { ...DEFAULT_OPTIONS });
  assert.deepEqual(
    report.series.map(({ metric, scale }) => [metric, scale]),
    [['pass-until', 'params']],
  );
  const [series] = report.series;
  assert.ok(series !== undefined && series.curve !== null && series.curve !== undefined);
  assert.equal(series.curve.law, 'pass-until');
  assert.ok((series.curve.x.at(-1) as number) > (series.x.at(-1) as number), 'the curve goes beyond the data');
  for (const [i, y] of series.curve.y.entries()) {
    assert.ok(y !== null && y > 0 && y < 1);
    assert.ok((series.curve.low[i] ?? 0) <= y && y <= (series.curve.high[i] ?? 1));
  }
  assert.deepEqual(
    report.findings.filter(({ code }) => code.startsWith('file.')),
    [],
  );
});

test('sizes not fitted are forecast and the curve is fitted below them', async () => {
  const study = await studyOf('passuntil/coins-counts.csv');
  const report = passStudy(study, { level: 0.9, bootstrap: 50, seed: 1, fitBelow: 1e9, at: [1e10] });
  const [series] = report?.series ?? [];
  assert.equal(series?.curve?.lastFitted, 3e8);
  assert.equal(series?.curve?.x.at(-1)?.toPrecision(6), (1e10).toPrecision(6));
  assert.deepEqual(
    series?.forecast.map(({ x }) => x),
    [1e9, 3e9, 1e10],
  );
});

test('a table of scores is no pass study', async () => {
  const study = await studyOf('study-wide.csv');
  assert.equal(holdsPasses(study), false);
  assert.equal(passStudy(study, { level: 0.9, bootstrap: 0, seed: 1 }), null);
  assert.equal(holdsPasses({ tables: [] }), false);
});

test('the columns of counts are described, and a series can be asked for by name', async () => {
  const study = await studyOf('passuntil/coins-counts.csv');
  const { sources, findings } = describeStudy(study, {});
  const how = new Map(sources[0]?.columns.map((column) => [column.header, column.how]));
  assert.equal(how.get('trials'), 'trials made, K');
  assert.equal(how.get('model'), 'header “model”');
  assert.match(sources[0]?.notes.join(' ') ?? '', /Pass counts of a sampler/);
  assert.deepEqual(findings, []);
  const named = await analyse(study, { ...DEFAULT_OPTIONS, bootstrap: 0, series: 'coins-counts/pass-until' });
  assert.equal(named.series.length, 1);
  const other = await analyse(study, { ...DEFAULT_OPTIONS, bootstrap: 0, series: 'nothing' });
  assert.equal(other.series.length, 0);
});

test('counts are estimated for their own law or none, unless its parameters are held', () => {
  const asks = (change: object) => asksPassRates({ ...DEFAULT_OPTIONS, ...change });
  assert.equal(asks({}), true);
  assert.equal(asks({ laws: ['pass-until'] }), true);
  assert.equal(asks({ laws: ['power'] }), false);
  assert.equal(asks({ laws: ['pass-until'], fix: { alpha: 0.3 } }), false);
});
