import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yamlPathAt } from '../../src/language/yaml-path.ts';

/** The path at the `|` of a text. */
function at(text: string): { path: string; value: boolean; word: string; taken: string[] } {
  const offset = text.indexOf('|');
  const before = text.slice(0, offset).split('\n');
  const { path, value, word, taken } = yamlPathAt(
    text.replace('|', ''),
    before.length - 1,
    (before.at(-1) as string).length,
  );
  return { path: path.join('.'), value, word, taken: [...taken] };
}

test('keys at the top', () => {
  assert.deepEqual(at('|'), { path: '', value: false, word: '', taken: [] });
  assert.deepEqual(at('version: 1\nso|'), { path: '', value: false, word: 'so', taken: ['version'] });
  assert.deepEqual(at('version: |'), { path: 'version', value: true, word: '', taken: [] });
});

test('keys and values in lists of maps', () => {
  assert.equal(at('sources:\n  - files: a.csv\n    |').path, 'sources.0');
  assert.deepEqual(at('sources:\n  - files: a.csv\n    |').taken, ['files']);
  assert.equal(at('sources:\n  - files: a.csv\n  - |').path, 'sources.1');
  assert.equal(at('sources:\n- files: a.csv\n- fi|').path, 'sources.1');
  assert.deepEqual(at('sources:\n  - files: a.csv\n    layout: lo|'), {
    path: 'sources.0.layout',
    value: true,
    word: 'lo',
    taken: [],
  });
  assert.equal(at('sources:\n  - files: a.csv\n    columns:\n      |').path, 'sources.0.columns');
  assert.equal(
    at('sources:\n  - files: a.csv\n    columns:\n      "a b":\n        role: |').path,
    'sources.0.columns.a b.role',
  );
});

test('inside braces', () => {
  assert.deepEqual(at('scale: {x: C, |'), { path: 'scale', value: false, word: '', taken: ['x'] });
  assert.equal(at('scale: {x: |').path, 'scale.x');
  assert.equal(at('fits:\n  - {law: chinchilla, target: |').path, 'fits.0.target');
  assert.equal(at('select:\n  exclude:\n    - {mo|').path, 'select.exclude.0');
});

test('comments, blank lines and what is broken elsewhere do not matter', () => {
  assert.equal(at('sources:\n  # note\n\n  - files: [a, {\n    layout: |').path, 'sources.0.layout');
  assert.equal(at('models:\n  pythia-1.4b:\n    N: 1\n    |').path, 'models.pythia-1.4b');
});
