// Prose, programs and logs are no tables, whatever commas they have; tables are, whatever stands around them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { readInput } from '../../../src/core/read/open.ts';
import { sniffText } from '../../../src/core/read/sniff.ts';
import { isTabular } from '../../../src/core/read/tabular.ts';
import { readStudy } from '../../../src/core/read-study.ts';
import { nodeReadPorts } from '../../../src/node/read-ports.ts';
import { readOne, rowsOf, sampleFiles, withoutData } from './shared.ts';

const PROSE: readonly (readonly [name: string, text: string])[] = [
  [
    'a licence with commas',
    'Copyright (c) 2013, GoInstant Inc., a company of somebody\nAll rights reserved.\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy of this software, to deal in it without restriction,\nsubject to the following conditions: the notice is kept, and so on.\n',
  ],
  [
    'a README with a list',
    '# Data\n\n- `samples/`: 81 files in folders, one for each format, with their traps\n- `INDEX.md` lists every file, its source, and what is odd about it\n- `expected.json`: what a reader must find, by file and column, with notes\n',
  ],
  ['a sentence', 'This is the binary for Linux, a JavaScript bundler and minifier. See the page for details.\n'],
  [
    'notes with colons',
    'Todo: the second run, with more data\nIdea: a larger model may do better, we think\nresult so far is that loss goes down, slowly but surely\n',
  ],
  ['a program', "'use strict';\nconst a = require('a');\nfunction f(x) {\n  return a(x, 2);\n}\nmodule.exports = f;\n"],
  [
    'a program with tabs',
    '\tlet warned = false;\n\treturn () => {\n\t\tif (!warned) {\n\t\t\twarned = true;\n\t\t}\n\t};\n',
  ],
  [
    'a log',
    '2026-01-02 03:04:05,678 INFO starting the evaluation of the model\n2026-01-02 03:04:06,001 WARNING no chat template, using the default\n2026-01-02 03:04:09,120 INFO done with all requests, writing results\n',
  ],
  [
    'a change log',
    '# Changes\n\n## 1.0\n\n- Tables are read, with their headers and units\n- Prose is refused, and it is said why\n- A fault in the second line, found by a user, is mended\n',
  ],
];

for (const [name, text] of PROSE) {
  for (const [variant, content] of [
    ['', text],
    [' with CRLF and BOM', `\u{FEFF}${text.replaceAll('\n', '\r\n')}`],
  ] as const) {
    test(`${name}${variant} is refused with what it is`, async () => {
      const result = await readInput({ name: 'notes.txt', bytes: new TextEncoder().encode(content) }, nodeReadPorts);
      assert.ok(!result.ok, result.ok ? JSON.stringify(result.value.map(rowsOf)).slice(0, 200) : '');
      assert.equal(result.error.code, 'file.unrecognised');
      assert.match(result.error.message, /^This is (?:prose, a log or a program|program code)/);
    });
  }
}

const TABLES: readonly (readonly [name: string, text: string])[] = [
  ['a header alone', 'index,loss,correct\n'],
  ['names only', 'task,category\nlambada,cloze\npiqa,choice\n'],
  [
    'questions with their prompts',
    'prompt,classes,answer_index\n"The dog is big, and so is the cat. Is it small?","[\' Yes\', \' No\']",1\n',
  ],
  [
    'long headers',
    'Model,Pretraining data that the model has seen in total (T),"gsm8k_5_exact_match,strict-match"\na,1,0.2\n',
  ],
  ['a damaged last row', 'Model,N,loss\na,1e9,3.1\nb,2e9,2.9\nc,4e'],
  [
    'remarks beside scores',
    'Model;mmlu;remark\na;0,3;this one was trained for too long, we think\nb;0,4;the best of all of these\n',
  ],
  ['a first row that is cut off', 'Start Time,Run ID,Name,Status,acc\n2026-01-01 00:00:00,abc\n'],
  ['no header', '1,2,3\n4,5,6\n'],
];

for (const [name, text] of TABLES) {
  test(`${name}: still a table`, () => {
    assert.equal(sniffText(text), 'delimited');
  });
}

test('a table of results among prose is read', async () => {
  const table = await readOne(
    'README.md',
    '# Results\n\nWe trained three models, and this is how they did, all in all.\n\n| model | N | loss |\n|---|---|---|\n| a | 1e8 | 3.1 |\n| b | 1e9 | 2.7 |\n\nThe larger one is better, as one would think.\n',
  );
  assert.deepEqual(rowsOf(table), [
    { model: 'a', N: '1e8', loss: '3.1' },
    { model: 'b', N: '1e9', loss: '2.7' },
  ]);
});

test('of the pages of this project none becomes a study', async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  for (const name of [...pages.map((page) => join('docs', page)), 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    const bytes = readFileSync(join(root, name));
    const { series } = await readStudy([{ name, bytes }], {}, nodeReadPorts);
    assert.deepEqual(
      series.map(({ id }) => id),
      [],
      name,
    );
  }
});

test('of the READMEs of the sample data none passes for delimited text', { skip: withoutData }, () => {
  const pages = sampleFiles('.').filter(({ name }) => /README\.md$/.test(name));
  assert.ok(pages.length > 10);
  for (const { name, bytes } of pages) assert.notEqual(sniffText(new TextDecoder().decode(bytes)), 'delimited', name);
});

test('records whose cells are remarks are a table under a header of keys', () => {
  const remark = 'the publisher states that the weights can be used by everybody for every purpose';
  const lines = [
    'model_name,org,release_date,license_notes,safety_notes',
    ...['a', 'b', 'c'].map((m) => `${m},Some Lab,unknown,${remark},${remark}`),
  ];
  assert.equal(isTabular(lines, ',', 1), true);
  const prose = ['Models, weights, licences and remarks', `When we say ${remark}, we mean it, as a rule, more or less`];
  assert.equal(isTabular([...prose, ...prose.slice(1)], ',', 1), false);
});
