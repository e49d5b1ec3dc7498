import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Report } from '../../../src/core/report-model.ts';
import { cli } from '../run-cli.ts';

const LONG = 'examples/study-long.csv';
const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-analyze-'));
const out = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

test('--html, --svg and --quiet: the files are written, nothing is printed', () => {
  const done = cli(['analyze', LONG, '--html', out('a.html'), '--svg', out('a.svg'), '--quiet', '--bootstrap', '0']);
  assert.deepEqual(done, { code: 0, out: '', err: '' });
  const html = readFileSync(out('a.html'), 'utf8');
  assert.match(html, /^<!doctype html>/);
  assert.match(html, /data sha256:[\da-f]{16}/);
  const command = `scaling-lens analyze ${LONG} --html ${out('a.html')} --svg ${out('a.svg')} --quiet --bootstrap 0`;
  assert.ok(html.includes(`<code>${command}</code>`), 'the exact command');
  const svg = readFileSync(out('a.svg'), 'utf8');
  assert.match(svg, /^<svg /);
  assert.equal(svg.split('<clipPath').length - 1, 8, 'a panel per series');
});

test('the table tells parameters with their errors and thresholds with their intervals', () => {
  const { out: text } = cli(['analyze', LONG]);
  assert.match(text, /threshold \(90 % interval\) +law +parameters ± standard error/);
  assert.match(text, /^validation\/loss .* e 1\.\d+ ± 0\.\d+, b \d+ ± \d+, c 0\.\d+ ± 0\.\d+$/m);
  assert.match(text, /^arithmetic\/accuracy .* \S+ \(\S+ to \S+\sFLOP\) +sigmoid /m);
});

test('the command in the page can be pasted: quotes, spaces, dollars', () => {
  const path = out("it's $5 a b.csv");
  writeFileSync(path, readFileSync(LONG));
  cli(['analyze', path, '--html', out('q.html'), '--quiet', '--bootstrap', '0', '--where', 'params > 5e7']);
  const html = readFileSync(out('q.html'), 'utf8');
  const shown = /<pre><code>([^<]*)<\/code>/.exec(html)?.[1]?.replaceAll('&#39;', "'").replaceAll('&gt;', '>') ?? '';
  assert.ok(shown.includes(`'${path.replace("'", `'\\''`)}'`), shown);
  assert.ok(shown.endsWith("--where 'params > 5e7'"), shown);
});

test('the data hash follows the contents, not the place', () => {
  const hash = (path: string) => {
    cli(['analyze', path, '--html', out('h.html'), '--quiet', '--bootstrap', '0']);
    return /sha256:[\da-f]{16}/.exec(readFileSync(out('h.html'), 'utf8'))?.[0];
  };
  const copy = out('study-long.csv');
  writeFileSync(copy, readFileSync(LONG));
  assert.equal(hash(copy), hash(LONG));
  writeFileSync(copy, readFileSync(LONG, 'utf8').replace('0.6025', '0.6026'));
  assert.notEqual(hash(copy), hash(LONG));
});

test('--markdown and --sarif print that and nothing else', () => {
  const markdown = cli(['analyze', LONG, '--markdown', '--bootstrap', '0']);
  assert.equal(markdown.code, 0);
  assert.equal(markdown.err, '');
  assert.match(markdown.out, /^## Scaling Lens: /);
  assert.match(markdown.out, /<\/sub>\n$/);
  const sarif = cli(['analyze', LONG, '--sarif', '--bootstrap', '0', '--fail-on', 'warning']);
  assert.equal(sarif.code, 1, '--fail-on still decides');
  const log = JSON.parse(sarif.out) as { version: string; runs: { results: { ruleId: string }[] }[] };
  assert.equal(log.version, '2.1.0');
  const { findings } = JSON.parse(cli(['analyze', LONG, '--json', '--bootstrap', '0']).out) as Report;
  assert.deepEqual(
    log.runs[0]?.results.map(({ ruleId }) => ruleId),
    findings.map(({ code }) => code),
  );
});

test('every face of one analysis tells the same', () => {
  const { out: json } = cli(['analyze', LONG, '--json', '--bootstrap', '0']);
  const { series } = JSON.parse(json) as Report;
  const terminal = cli(['analyze', LONG, '--bootstrap', '0']).out;
  const markdown = cli(['analyze', LONG, '--markdown', '--bootstrap', '0']).out;
  for (const one of series) {
    assert.ok(terminal.includes(one.id), one.id);
    assert.ok(markdown.includes(`| ${one.task}, ${one.metric} |`), one.id);
    if (one.shape !== null) assert.match(terminal, new RegExp(`${one.id}\\s.*${one.shape.label}`));
  }
});

test('unusable input writes no file', () => {
  const empty = out('empty.csv');
  writeFileSync(empty, '');
  const done = cli(['analyze', empty, '--html', out('none.html')]);
  assert.equal(done.code, 2);
  assert.equal(existsSync(out('none.html')), false);
});

test('a folder that cannot be written to is a sentence, not a stack trace', () => {
  const done = cli(['analyze', LONG, '--html', out('absent/deep/a.html'), '--bootstrap', '0']);
  assert.equal(done.code, 2);
  assert.match(done.err, /absent\/deep\/a\.html/);
  assert.doesNotMatch(done.err, /\n\s+at |internal error/);
});

test('a study of many files is named by its first three', () => {
  const [head = '', ...body] = readFileSync('examples/study-wide.csv', 'utf8').trim().split('\n');
  const parts = [0, 1, 2, 3].map((i) => {
    const path = out(`part-${i}.csv`);
    writeFileSync(path, `${[head, ...body.filter((_, row) => row % 4 === i)].join('\n')}\n`);
    return path;
  });
  const done = cli(['analyze', ...parts, '--html', out('parts.html'), '--quiet', '--bootstrap', '0', '--assume']);
  assert.equal(done.code, 0, done.err);
  const title = /<h1>([^<]*)<\/h1>/.exec(readFileSync(out('parts.html'), 'utf8'))?.[1] ?? '';
  assert.match(title, /part-0\.csv, .*part-1\.csv, .*part-2\.csv and \d+ more$/);
});
