import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completionsOf, type Names } from '../../src/language/completion.ts';

const names: Names = {
  headers: ['Model', 'Model Size (B)', 'gsm8k,strict'],
  models: ['pythia-70m', 'pythia-1.4b'],
  tasks: ['mmlu', 'gsm8k'],
  metrics: ['acc'],
  families: ['pythia'],
  files: ['evals.csv'],
};

function complete(text: string): Map<string, string> {
  const offset = text.indexOf('|');
  const document = TextDocument.create('file:///scaling.yaml', 'yaml', 1, text.replace('|', ''));
  const items = completionsOf(document, document.positionAt(offset), names);
  return new Map(items.map(({ label, textEdit }) => [label, textEdit?.newText ?? '']));
}

test('static keys and words come from the schema', () => {
  const top = complete('version: 1\n|');
  for (const key of ['sources', 'models', 'tasks', 'scale', 'select', 'fits', 'holdout', 'targets'])
    assert.ok(top.has(key), key);
  assert.ok(!top.has('version'), 'what stands there already is not offered again');
  const layouts = complete('sources:\n  - files: a.csv\n    layout: |');
  assert.ok(layouts.has('long') && layouts.has('wide'));
  assert.ok(complete('fits:\n  - law: |').has('chinchilla'));
  assert.ok(complete('scale: {x: |').has('C'));
});

test('what no schema knows comes from the open files', () => {
  const headers = complete('sources:\n  - files: a.csv\n    columns:\n      |');
  assert.equal(headers.get('Model'), 'Model: ');
  assert.equal(headers.get('gsm8k,strict'), '"gsm8k,strict": ', 'a key with a comma is quoted');
  assert.ok(complete('sources:\n  - files: a.csv\n    columns:\n      Model: |').has('params'), 'roles');
  assert.ok(complete('models:\n  |').has('pythia-1.4b'));
  assert.ok(complete('tasks:\n  |').has('mmlu'));
  assert.ok(complete('select:\n  exclude:\n    - model: py|').has('pythia-70m'));
  assert.ok(complete('fits:\n  - {law: power, target: |').has('mmlu/acc'));
  assert.ok(complete('sources:\n  - files: |').has('evals.csv'));
});

test('the edit replaces the word under the cursor only', () => {
  const text = 'fits:\n  - law: chin';
  const document = TextDocument.create('file:///scaling.yaml', 'yaml', 1, text);
  const item = completionsOf(document, { line: 1, character: 13 }, names).find(({ label }) => label === 'chinchilla');
  assert.deepEqual(item?.textEdit, {
    range: { start: { line: 1, character: 9 }, end: { line: 1, character: 13 } },
    newText: 'chinchilla',
  });
});
