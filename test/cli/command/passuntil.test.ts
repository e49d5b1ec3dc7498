import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

const COUNTS = 'examples/passuntil/coins-counts.csv';
const estimate = (...args: readonly string[]): Report => {
  const { code, out, err } = cli(['passuntil', 'estimate', COUNTS, ...args, '--bootstrap', '0', '--json']);
  assert.equal(code, 0, err);
  return JSON.parse(out) as Report;
};

test('sizes from --fit-below on are held out and forecast, asked for or not', () => {
  const [series] = estimate('--fit-below', '1e9', '--x', 'params', '--at', 'held-out').series;
  assert.equal(series?.fits[0]?.n, 4);
  assert.deepEqual(
    series.forecast.map((f) => f.x),
    [1e9, 3e9],
  );
  assert.deepEqual(estimate('--fit-below', '1e9').series[0]?.forecast, series.forecast);
  const bare = cli(['passuntil', 'estimate', COUNTS, '--at', 'held-out']);
  assert.equal(bare.code, 2);
  assert.match(bare.err, /needs --fit-below/);
});

test('--where keeps rows', () => {
  const [series] = estimate('--where', 'params < 1e9').series;
  assert.deepEqual(series?.x, [1e7, 3e7, 1e8, 3e8]);
  const { code, err } = cli(['passuntil', 'estimate', COUNTS, '--where', 'colour = red']);
  assert.equal(code, 2);
  assert.match(err, /--where names “colour”/);
});

/** Counts of the first questions at every size. */
const few = readFileSync(COUNTS, 'utf8').split('\n').slice(0, 37).join('\n');

/** A copy of them with other headers, in a folder of its own. */
function counts(change: (text: string) => string, more: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'estimate-'));
  writeFileSync(join(folder, 'counts.csv'), change(few));
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  return join(folder, 'counts.csv');
}

const run = (file: string, ...args: readonly string[]) =>
  cli(['passuntil', 'estimate', file, '--bootstrap', '0', '--json', ...args]);
const reportOf = (file: string, ...args: readonly string[]): Report => {
  const { code, out, err } = run(file, ...args);
  assert.equal(code, 0, err);
  return JSON.parse(out) as Report;
};
const plain = reportOf(counts((text) => text)).series[0];

test('--y names the passes, whatever their column is called', () => {
  const file = counts((text) => text.replace('passes', 'solved'));
  assert.equal(run(file).code, 2);
  assert.deepEqual(reportOf(file, '--y', 'solved').series[0]?.y, plain?.y);
  const { code, err } = run(file, '--y', 'won');
  assert.equal(code, 2);
  assert.match(err, /--y names “won”, but no column is called so/);
});

test('--group makes a series of each value and keeps questions of pooled tasks apart', () => {
  const kinds = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line, i) => (i === 0 ? `${line},task,kind` : `${line},t${i % 2},${i % 24 < 12 ? 'easy' : 'hard'}`))
      .join('\n');
  const file = counts(kinds);
  const ids = (...args: readonly string[]) => reportOf(file, ...args).series.map(({ id }) => id);
  assert.deepEqual(ids(), ['t1/pass-until', 't0/pass-until']);
  assert.deepEqual(ids('--group', 'kind'), ['easy/pass-until', 'hard/pass-until']);
  const grouped = reportOf(file, '--group', 'kind');
  assert.deepEqual(grouped.findings, []);
  assert.match(
    grouped.sources[0]?.notes.join() ?? '',
    /One series per value of “kind”, as asked for; tasks are pooled\./,
  );
  assert.equal(reportOf(file, '--group', 'kind, task').series.length, 4);
});

test('a manifest pins columns and units, states sizes and leaves models out', () => {
  const rename = (text: string) =>
    text
      .replace('params', 'scale')
      .replace('passes', 'solved')
      .replaceAll(/^([^,]*),lens-([^,]*),(\d+)/gm, (_, name: string, model: string, n: string) =>
        [name, `m-${model}-x`, Number(n) / 1e6].join(','),
      );
  const columns = 'columns: {scale: {role: params, unit: M}, solved: {role: n-correct}, r: {role: ignore}}';
  const yaml = (rest: string) => `version: 1\nsources:\n  - {files: "*.csv", ${columns}}\n${rest}`;
  const file = counts(rename, { 'scaling.yaml': yaml('') });
  const found = reportOf(file);
  assert.deepEqual(found.series[0]?.x, plain?.x);
  assert.match(found.sources[0]?.notes.join() ?? '', /No r column/, 'an ignored column is not read');
  const other = join(file, '../other.yaml');
  writeFileSync(other, yaml('models: {m-10m-x: {N: 20e6}}\nselect: {exclude: [{model: m-3b-x, why: "a test"}]}\n'));
  assert.deepEqual(reportOf(file, '--manifest', other).series[0]?.x, [2e7, 3e7, 1e8, 3e8, 1e9]);
  writeFileSync(other, 'version: 1\nsources: 7\n');
  const broken = run(file, '--manifest', other);
  assert.equal(broken.code, 2);
  assert.match(broken.err, /other\.yaml:2:\d+: error manifest\.invalid/);
});

test('a table of models that the manifest names gives the sizes', () => {
  const drop = (text: string) => text.replaceAll(/^([^,]*),lens-([^,]*),(\w+)/gm, '$1,m-$2-x,0');
  const sizes = ['10m', '30m', '100m', '300m', '1b', '3b'].map((name, i) => `m-${name}-x,${plain?.x[i]}`);
  const file = counts((text) => drop(text).replace(',params,', ',seed,'), {
    'scaling.yaml': 'version: 1\nsources:\n  - {files: "counts.csv"}\nmodels: models.csv\n',
    'models.csv': `model,params\n${sizes.join('\n')}\n`,
  });
  assert.deepEqual(reportOf(file).series[0]?.x, plain?.x);
});

test('a question that is open ends with 2, and --assume takes the guess and lists it', () => {
  const billions = counts((text) =>
    text.replaceAll(/^([^,]*),lens-([^,]*),(\d+)/gm, (_, name: string, model: string, n: string) =>
      [name, `m${model.at(-1)}${Number(n) / 1e9}`, Number(n) / 1e9].join(','),
    ),
  );
  const asked = run(billions);
  assert.equal(asked.code, 2);
  assert.equal(asked.out, '');
  assert.match(asked.err, /question: .*the sizes in column “params”: .* unless in billions/);
  assert.match(asked.err, /settle it: sources: .*unit: 1000000000/);
  assert.match(asked.err, /or pass --assume to take: billions/);
  const assumed = reportOf(billions, '--assume');
  assert.deepEqual(assumed.series[0]?.x, plain?.x);
  assert.match(assumed.sources[0]?.notes.join() ?? '', /Assumed: billions\./);
  const nameless = counts((text) => text.replace('instance', 'ref'));
  assert.match(run(nameless).err, /no column is named as the question .*\n.*instance\n.*“ref”/);
  assert.deepEqual(reportOf(nameless, '--assume').series[0]?.y, plain?.y);
});
