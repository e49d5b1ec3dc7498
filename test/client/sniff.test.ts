import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { looksLikeResults, PROBE } from '../../src/client/sniff.ts';
import { MANIFEST_NAMES } from '../../src/core/manifest/name.ts';

const csv = (text: string): boolean => looksLikeResults('csv', 'a.csv', text);
const yaml = (text: string, name = 'a.yaml'): boolean => looksLikeResults('yaml', name, text);

test('eval tables are recognised by what stands in them', () => {
  assert.ok(csv('model,params,mmlu\na,1e9,0.3\n'));
  assert.ok(csv('Model;Model Size (B);Average\na;1;0.3\n'));
  assert.ok(csv('model\ttask\tscore\nx\ty\t0.1\n'));
  assert.ok(csv('# a comment\nN,D,loss\n1e8,1e9,3.2\n'));
  assert.ok(csv('dataset,version,metric,mode,opt125m,opt350m,opt1.3b\nsiqa,1,accuracy,ppl,30,31,35\n'));
  assert.ok(csv('who,x\npythia-70m,1\npythia-160m,2\npythia-410m,3\n'));
});

test('other tables are left alone', () => {
  assert.equal(csv('name,street,city\nA,B,C\nD,E,F\n'), false);
  assert.equal(csv('date,open,high,low,close\n2020-01-01,1,2,3,4\n2020-01-02,1,2,3,4\n'), false);
  assert.equal(csv(''), false);
  assert.equal(csv('model,params,acc'), false, 'a header alone');
  assert.equal(csv('model\0,params\na,b\n'), false, 'binary');
  assert.equal(csv('one column\n1\n2\n'), false);
});

test('YAML is recognised by its keys, a manifest by its name', () => {
  const run = 'task: t\nmodels:\n  - {name: a, params: 1e9}\n';
  assert.equal(yaml(run, '/x/t.passuntil.yaml'), false, 'what a sampler is to do is no result');
  assert.ok(yaml('runs:\n  - model: a\n    params: 1e9\n    results: {x: {acc: 0.1}}\n'));
  assert.ok(yaml('- model: a\n  loss: 3.1\n'));
  assert.ok(
    yaml('pythia-70m:\n  lambada: {acc: 0.18}\npythia-1b:\n  lambada: {acc: 0.56}\n'),
    'runs under their names',
  );
  assert.equal(yaml('pythia-70m:\n  image: nginx\n'), false);
  // The client does not load the core, which knows the names: here the two are held together.
  for (const name of MANIFEST_NAMES) assert.ok(yaml('version: 1\nsources: []\n', `/study/${name}`));
  assert.equal(yaml('services:\n  web:\n    image: nginx\n'), false);
  assert.equal(yaml('on: push\njobs:\n  test:\n    runs-on: ubuntu\n'), false);
});

test('64 KB of anything are judged by what stands in them', () => {
  const other = [
    'a,'.repeat(PROBE),
    'x'.repeat(PROBE),
    '    '.repeat(PROBE / 4),
    '- '.repeat(PROBE / 2),
    '\n'.repeat(PROBE),
    `note: x\n${'train'.repeat(PROBE / 5)}`,
  ];
  for (const text of other)
    for (const language of ['csv', 'yaml']) assert.equal(looksLikeResults(language, 'a', text), false);
  assert.ok(csv(`model,acc\n${'pythia-70m,0.1\n'.repeat(5000)}`));
  // What follows the first 64 KB is not looked at.
  assert.equal(yaml(`note: ${'x'.repeat(PROBE)}\nmodels:\n  - {name: a, loss: 3}\nresults: {}\n`), false);
});

test('no text needs more than one look at each of its characters', { timeout: 60_000 }, async () => {
  // Often enough that a look at every pair of characters, seconds each, runs into the timeout.
  for (let round = 0; round < 20; round++) {
    for (const text of [`models:\n${'\n'.repeat(PROBE)}`, `models:\n${'    '.repeat(PROBE / 4)}`])
      assert.ok(!yaml(text));
    for (const text of [`${'train'.repeat(3000)},b\n1,2\n`, `${'"'.repeat(15_000)}x,b\n1,2\n`]) assert.ok(!csv(text));
    await turn();
  }
});

test('real files of many tools are recognised', (t) => {
  const folder = join(import.meta.dirname, '../../../shared/data/formats');
  if (!existsSync(folder)) return t.skip('no ../shared/data/formats here');
  // Tables of single answers, of fit results and of task facts hold no series: starting for them would be a mistake.
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    file: string;
    layout: string;
  }[];
  const tables = expected.filter(
    ({ file, layout }) => /\.(csv|tsv)$/.test(file) && ['wide', 'long', 'transposed', 'loss-table'].includes(layout),
  );
  const missed = tables.filter(({ file }) => !csv(readFileSync(join(folder, file), 'utf8').slice(0, PROBE)));
  t.diagnostic(`${tables.length - missed.length} of ${tables.length} tables recognised`);
  assert.ok(tables.length > 10);
  assert.deepEqual(
    missed.map(({ file }) => file),
    [],
  );
});
