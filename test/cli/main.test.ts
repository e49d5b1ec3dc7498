import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Report } from '../../src/core/report-model.ts';
import { cli } from './run-cli.ts';

const LONG = 'examples/study-long.csv';
const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-cli-'));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('--version and --help end with 0, an unknown command with 2', () => {
  assert.equal(
    cli(['--version']).out.trim(),
    (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version,
  );
  const help = cli(['--help']);
  assert.equal(help.code, 0);
  for (const command of ['analyze', 'describe', 'fit', 'forecast', 'backtest', 'passuntil'])
    assert.match(help.out, new RegExp(`\\b${command}\\b`));
  assert.equal(cli(['nonsense']).code, 2);
});

test('a filter that leaves no row is told as that, not as a table without scores', () => {
  const { code, out, err } = cli(['analyze', LONG, '--where', 'task = nothing']);
  assert.deepEqual([code, out, err], [2, '', '--where task = nothing: no row is left\n']);
});

test('flags of a law of one’s own are refused beside another law, not passed over', () => {
  for (const flag of ['--formula', '--start', '--bounds']) {
    const { code, err } = cli(['forecast', LONG, '--at', '1e23', flag, 'a=1..2']);
    assert.deepEqual([code, err], [2, `${flag} belongs to --law custom\n`]);
  }
  assert.equal(cli(['plan', LONG, '--target', '1e23', '--budget', '1e22', '--law', 'custom']).code, 2);
});

test('a plan says what is expected at the target, with its interval and verdict', () => {
  const { out } = cli(['plan', LONG, '--target', '1e23', '--budget', '1e22']);
  assert.match(out, /at +predicted +90\s% interval +verdict\n─.*\n +10²³\sFLOP +\S+ +\S+ to \S+ +[a-z-]+\n/);
  assert.match(out, /what the parameters leave open at the target/);
});

test('standard input is read as -', () => {
  const { code, out } = cli(['analyze', '-', '--json', '--bootstrap', '0'], readFileSync(LONG, 'utf8'));
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as Report).series.length, 8);
});

test('files, folders and globs name the same study', () => {
  const sources = (args: readonly string[]): string[] => {
    const { code, out, err } = cli(['describe', ...args, '--json']);
    assert.equal(code, 0, err);
    return (JSON.parse(out) as Report).sources.map((s) => s.file.replace(/^examples\/?/, ''));
  };
  const both = ['study-long.csv', 'study-wide.csv', ''];
  assert.deepEqual(sources(['examples/*.csv']), both);
  assert.deepEqual(sources(['examples/study-{long,wide}.csv']), both);
  assert.deepEqual(sources(['ex*/study-????.csv']), both);
  assert.deepEqual(sources([LONG, 'examples/study-wide.csv']), both);
  assert.ok(sources(['examples/**/*.csv']).includes('passuntil/coins-counts.csv'));
  const folderOf = sources(['examples']);
  assert.ok(folderOf.includes('study-runs.yaml') && folderOf.includes('passuntil/coins-counts.csv'));
});

test('a manifest that is named and cannot be followed ends with its faults at their places', () => {
  const manifest = file('broken-manifest.yaml', 'version: 1\nselect: [nonsense\n');
  const { code, err } = cli(['analyze', LONG, '--manifest', manifest]);
  assert.equal(code, 2);
  assert.match(err, /broken-manifest\.yaml:\d+:\d+: error manifest\.invalid/);
});

test('a damaged file ends with code 2, and what could be read of it and beside it is still printed', () => {
  const rows = Array.from({ length: 8 }, (_, i) => ({
    model: `m${i}`,
    params: 10 ** (7 + i / 2),
    accuracy: 0.3 + i / 20,
  }));
  const whole = JSON.stringify(rows);
  const cut = cli(['describe', file('cut.json', whole.slice(0, -30))]);
  assert.equal(cut.code, 2);
  assert.match(cut.out, /cut\.json:1:\d+: error file\.malformed the file ends within a string/);
  assert.match(cut.out, /accuracy +score/);
  assert.equal(cli(['describe', file('whole.json', whole)]).code, 0);
  mkdirSync(join(folder, 'mixed'));
  file('mixed/whole.csv', 'model,params,accuracy\na,1e8,0.3\nb,1e9,0.4\n');
  writeFileSync(join(folder, 'mixed', 'early.csv.gz'), gzipSync('model,params,accuracy\n'.repeat(99)).subarray(0, 40));
  const mixed = cli(['describe', join(folder, 'mixed')]);
  assert.equal(mixed.code, 2);
  assert.match(mixed.out, /early\.csv\.gz:1:1: warning file\.malformed .*end early/);
  assert.match(mixed.out, /accuracy +score/);
});

test('--fail-on decides the exit code', () => {
  assert.equal(cli(['analyze', LONG, '--fail-on', 'warning', '--quiet', '--bootstrap', '0']).code, 1);
  assert.equal(cli(['analyze', LONG, '--fail-on', 'error', '--quiet', '--bootstrap', '0']).code, 0);
});

test('flags that make no sense are refused with a sentence and code 2', () => {
  for (const [args, words] of [
    [['fit', LONG, '--law', 'chinchila'], /expected one of .*chinchilla/],
    [['fit', LONG, '--law', 'custom'], /--formula/],
    [['fit', LONG, '--law', 'power', '--formula', 'x'], /belongs to --law custom/],
    [['fit', LONG, '--law', 'power', '--objective', 'best'], /expected one of squared/],
    [['forecast', LONG, '--at', 'soon'], /expected a number/],
    [['forecast', LONG, '--at', 'held-out'], /needs --fit-below/],
    [['analyze', LONG, '--level', '90'], /between 0 and 1/],
    [['analyze', LONG, '--where', 'params'], /COLUMN OP VALUE/],
    [['analyze', LONG, '--series', 'nothing'], /there is no such series; there are/],
    [['analyze', join(folder, 'absent.csv')], /no such file/],
    [['analyze', join(folder, '*.absent')], /no such file/],
    [['analyze', LONG, '--json', '--sarif'], /--json and --sarif: only one/],
    [['analyze', LONG, '--fail-on', 'fatal'], /expected one of hint/],
    [['analyze', LONG, '--where', 'nocolumn > 1'], /study-long\.csv:1:1: .*--where names “nocolumn”/],
    [['describe', LONG, '--group', 'nocolumn'], /--group names “nocolumn”/],
    [['fit', LONG, '--law', 'power', '--x', 'nocolumn'], /--x names “nocolumn”/],
  ] as const) {
    const { code, err, out } = cli([...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, words);
    assert.equal(out, '', 'nothing is printed that could be taken for an answer');
    assert.doesNotMatch(err + out, /\n\s+at /, 'no stack trace');
  }
});

test('bad input: a clear message, code 2, never a stack trace', () => {
  const bad: readonly (readonly [string, string | Uint8Array])[] = [
    ['empty.csv', ''],
    ['header-only.csv', 'model,params,accuracy\n'],
    ['binary.csv', Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)],
    ['one-column.csv', 'a\nb\nc\n'],
    ['no-number.csv', 'model,task\nx,y\nz,w\n'],
    ['mixed.csv', 'model;params,acc\na;1,2\nb|3;4\n'],
    [
      'wide.csv',
      `${Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',')}\n${Array.from({ length: 5000 }, () => 'x').join(',')}\n`,
    ],
    ['proto.csv', '__proto__,constructor\n1,2\n'],
    ['losses-alone.csv', 'loss\n3\n2.5\n'],
    ['no-scale.csv', 'model,compute,loss\na,NaN,2\nb,inf,2\nc,-1e20,2\n'],
    ['damaged.csv.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3)],
  ];
  for (const [name, content] of bad) {
    const { code, err, out } = cli(['analyze', file(name, content)]);
    assert.equal(code, 2, `${name}: ${out}${err}`);
    assert.match(
      err,
      new RegExp(`${name.replaceAll('.', '\\.')}:\\d+:\\d+: \\w`),
      `${name} and the place are named: ${err}`,
    );
    assert.doesNotMatch(err, /internal error|\n\s+at /, name);
  }
});

test('a 30 MB line ends with a message', () => {
  const { code, err } = cli(['analyze', file('line.csv', 'x'.repeat(30_000_000))]);
  assert.equal(code, 2);
  assert.match(err, /line\.csv/);
});

test('NaN, infinity and negative scales are left out, the rest is analysed', () => {
  const rows = ['model,compute,loss'];
  for (let i = 0; i < 10; i++) rows.push(`m${i},${10 ** (18 + i / 3)},${2 + 40 * 10 ** (-(i + 1) / 6)}`);
  rows.push('bad1,NaN,2', 'bad2,inf,2', 'bad3,-1e20,2', 'bad4,1e20,NaN');
  const { code, out } = cli(['analyze', file('holes.csv', `${rows.join('\n')}\n`), '--json', '--bootstrap', '0']);
  assert.equal(code, 0);
  const [series] = (JSON.parse(out) as Report).series;
  assert.equal(series?.x.length, 10);
  assert.doesNotMatch(out, /[:[,]\s*-?(NaN|Infinity)\b/);
});

test('the same rows in another order give the same series', () => {
  const [head, ...body] = readFileSync(LONG, 'utf8').trim().split('\n');
  const shuffled = file('shuffled.csv', `${[head, ...body.toReversed()].join('\n')}\n`);
  const of = (path: string) =>
    (JSON.parse(cli(['analyze', path, '--json', '--bootstrap', '20']).out) as Report).series
      .map((s) => ({
        id: s.id,
        x: s.x,
        y: s.y,
        chosen: s.chosen,
        label: s.shape?.label,
        parameters: s.fits.map((f) => f.parameters),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  assert.deepEqual(of(shuffled), of(LONG));
});

test('--where, --y and --group pin what is read', () => {
  const { series } = JSON.parse(
    cli([
      'analyze',
      LONG,
      '--where',
      'task in reading,negation',
      '--where',
      'params > 5e7',
      '--json',
      '--bootstrap',
      '0',
    ]).out,
  ) as Report;
  assert.deepEqual(series.map((s) => s.task).sort(), ['negation', 'reading']);
  assert.ok(series.every((s) => s.x.length === 10));
  const grouped = JSON.parse(
    cli(['analyze', 'examples/study-wide.csv', '--y', 'validation/loss', '--x', 'params', '--json', '--bootstrap', '0'])
      .out,
  ) as Report;
  assert.equal(grouped.series.length, 1);
  assert.equal(grouped.series[0]?.scale, 'params');
});
