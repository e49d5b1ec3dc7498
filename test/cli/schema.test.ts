import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { FINDING_CODES } from '../../src/core/finding/codes.ts';
import type { Report } from '../../src/core/report-model.ts';
import { cli } from './run-cli.ts';

const schema = JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
const QUICK = ['--bootstrap', '0', '--json'];

/** The report of a command: it follows the schema, holds plain JSON, and refers only to what it holds. */
function reportOf(args: readonly string[]): Report {
  const { code, out, err } = cli(args);
  assert.equal(code, 0, `${args.join(' ')}: ${err}`);
  assert.doesNotMatch(out, /[:[,]\s*-?(NaN|Infinity|undefined)\b/);
  const report = JSON.parse(out) as Report;
  assert.ok(validate(report), `${args.join(' ')}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  const ids = new Set(report.series.map((s) => s.id));
  assert.equal(ids.size, report.series.length, 'ids are unique');
  for (const f of report.findings) {
    assert.ok(Object.hasOwn(FINDING_CODES, f.code), f.code);
    assert.ok(report.sources.some((s) => s.file === f.file) || f.file.endsWith('.yaml'), `${f.code} in ${f.file}`);
    if (f.series !== null && ids.size > 0) assert.ok(ids.has(f.series), `${f.code} of ${f.series}`);
    assert.doesNotMatch(f.message, /NaN|undefined|null|Infinity/, f.message);
  }
  for (const s of report.series) {
    for (const column of [s.y, s.models, s.stderr, s.rows, s.families, s.predicted])
      if (column != null) assert.equal(column.length, s.x.length, s.id);
    assert.ok(
      s.x.every((x, i) => i === 0 || x >= (s.x[i - 1] ?? x)),
      `${s.id} is in order of x`,
    );
    if (s.chosen !== null)
      assert.ok(
        s.fits.some((f) => f.law === s.chosen),
        s.id,
      );
    for (const f of s.forecast) assert.ok(f.low === null || f.high === null || f.low <= f.high, s.id);
  }
  return report;
}

for (const file of ['examples/study-long.csv', 'examples/study-wide.csv', 'examples/study-runs.yaml']) {
  test(`${file}: every command prints a report that follows the schema`, () => {
    const analysed = reportOf(['analyze', file, ...QUICK]);
    assert.equal(analysed.series.length, 8);
    const described = reportOf(['describe', file, '--json']);
    assert.equal(described.series.length, 0);
    assert.ok(described.sources[0]?.columns.every((c) => c.how !== ''));
    const fitted = reportOf(['fit', file, '--law', 'power-offset', '--series', 'validation/loss', ...QUICK]);
    assert.deepEqual(
      fitted.series[0]?.fits.map((f) => f.law),
      ['power-offset'],
    );
    const forecast = reportOf(['forecast', file, '--at', '1e23,1e24', '--series', 'validation/loss', ...QUICK]);
    assert.deepEqual(
      forecast.series[0]?.forecast.map((f) => f.x),
      [1e23, 1e24],
    );
  });
}

test('backtest and plan print reports as well', () => {
  const tested = reportOf(['backtest', 'examples/study-long.csv', '--series', 'reading/accuracy', ...QUICK]);
  const laws = tested.series[0]?.backtest?.['laws'] as { law: string }[] | undefined;
  assert.ok(laws?.some((l) => l.law === 'last'));
  const planned = reportOf(['plan', 'examples/study-long.csv', '--target', '1e24', '--budget', '1e22', '--json']);
  assert.ok(planned['plan']);
});

test('pass rates by size, with their task law, stand beside the fits', () => {
  const report = reportOf(['passuntil', 'estimate', 'examples/passuntil/coins-counts.csv', ...QUICK]);
  const [series] = report.series;
  assert.equal(series?.scale, 'params');
  const record = series?.['passuntil'] as { sizes: { params: number; pu: number }[] } | undefined;
  assert.deepEqual(
    record?.sizes.map(({ params, pu }) => [params, pu]),
    series?.x.map((x, i) => [x, series.y[i]]),
  );
});

const ISOFLOP = '../shared/data/isoflop/isoflops.csv';
test('isoflop: a minimum for every budget', { skip: existsSync(ISOFLOP) ? false : `no ${ISOFLOP}` }, () => {
  const report = reportOf(['fit', ISOFLOP, '--law', 'isoflop', ...QUICK]);
  for (const { fits } of report.series) assert.ok(((fits[0]?.['budgets'] as unknown[] | undefined) ?? []).length > 1);
});

const SHARED = [
  'inverse-scaling/all_results.csv',
  'inverse-scaling/prize_opt_read.csv',
  'ladder/ladder_final.csv',
  'revisiting/benchmark.lang.tidy.csv',
];
for (const file of SHARED) {
  const path = `../shared/data/${file}`;
  const skip = existsSync(path) ? false : `no ${path}`;
  test(`${file}: a report that follows the schema`, { skip }, () => {
    assert.ok(reportOf(['analyze', path, '--assume', ...QUICK]).series.length > 0);
  });
}
