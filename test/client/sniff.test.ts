import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { looksLikeResults, PROBE } from '../../src/client/sniff.ts';

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
  assert.ok(yaml('version: 1\nsources: []\n', '/study/scaling.yaml'));
  assert.equal(yaml('services:\n  web:\n    image: nginx\n'), false);
  assert.equal(yaml('on: push\njobs:\n  test:\n    runs-on: ubuntu\n'), false);
});

test('64 KB are judged within 2 ms, also the worst of them', () => {
  const worst = [
    `${'a,'.repeat(PROBE)}`,
    `${'x'.repeat(PROBE)}`,
    `model,acc\n${'pythia-70m,0.1\n'.repeat(5000)}`,
    `${'    '.repeat(PROBE / 4)}`,
    `${'- '.repeat(PROBE / 2)}`,
    `${'\n'.repeat(PROBE)}`,
  ];
  for (const text of worst) {
    for (const language of ['csv', 'yaml']) {
      for (let warm = 0; warm < 20; warm++) looksLikeResults(language, 'a', text);
      const times = Array.from({ length: 15 }, () => {
        const started = performance.now();
        looksLikeResults(language, 'a', text);
        return performance.now() - started;
      }).sort((a, b) => a - b);
      assert.ok(
        (times[7] as number) < 2,
        `${language} ${JSON.stringify(text.slice(0, 12))}: ${times[7]?.toFixed(2)} ms`,
      );
    }
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
