import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editManifest, type ManifestChange } from '../../../src/core/manifest/edit.ts';

const covers = (glob: string, file: string): boolean => glob === file || (glob === '*.csv' && file.endsWith('.csv'));
const edited = (text: string | null, change: ManifestChange): string => {
  const result = editManifest(text, change, covers);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
};

const STUDY = `# Our study.
version: 1
sources:
  - files: "*.csv" # all tables
    columns: {Model: model}
# Hand work below.
select:
  exclude:
    - {model: bad-7b, why: "diverged"}
`;

test('comments and everything else stay when a column is pinned', () => {
  const text = edited(STUDY, { kind: 'column', file: 'a.csv', header: 'Model Size (B)', role: 'params', unit: 1e9 });
  assert.match(text, /^# Our study\.\n/);
  assert.match(text, /# all tables/);
  assert.match(text, /# Hand work below\./);
  assert.match(text, /Model Size \(B\): \{role: params, unit: 1000000000\}/);
  assert.match(text, /\{model: bad-7b, why: "diverged"\}/);
});

test('a manifest that does not exist is begun with the file as its source', () => {
  assert.equal(
    edited(null, { kind: 'column', file: 'my evals.csv', header: 'N', role: 'params' }),
    'version: 1\nsources:\n  - files: "my evals.csv"\n    columns:\n      N: params\n',
  );
});

test('a file that no source covers gets its own', () => {
  const text = edited(STUDY, { kind: 'column', file: 'runs.yaml', header: 'x', role: 'ignore' });
  assert.match(text, /- files: runs\.yaml\n {4}columns:\n {6}x: ignore/);
});

test('exclusions, laws, levels, silences and models', () => {
  assert.match(
    edited(STUDY, { kind: 'exclude', file: 'a.csv', model: 'sim-9b', why: 'outlier' }),
    /diverged"\}\n {4}- \{model: sim-9b, why: outlier\}/,
  );
  const law = edited(STUDY, { kind: 'law', file: 'a.csv', target: 'mmlu/acc', law: 'sigmoid' });
  assert.match(law, /fits:\n {2}- \{law: sigmoid, target: mmlu\/acc\}/);
  const again = edited(law, { kind: 'law', file: 'a.csv', target: 'mmlu/acc', law: 'power' });
  assert.equal(again.match(/target: mmlu\/acc/g)?.length, 1);
  assert.match(again, /law: power/);
  assert.match(
    edited(STUDY, { kind: 'level', file: 'a.csv', code: 'data.missing', level: 'ignore' }),
    /findings:\n {2}data\.missing: ignore/,
  );
  const one = edited(STUDY, { kind: 'silence', file: 'a.csv', code: 'trend.inverse', series: 'x/acc' });
  const two = edited(one, { kind: 'silence', file: 'a.csv', code: 'trend.inverse', series: 'y/acc' });
  assert.match(two, /trend\.inverse: \{silence: \[x\/acc, y\/acc\]\}/);
  assert.equal(edited(two, { kind: 'silence', file: 'a.csv', code: 'trend.inverse', series: 'y/acc' }), two);
  const models = edited(STUDY, {
    kind: 'models',
    file: 'a.csv',
    models: [
      { name: 'a-1b', N: 1e9 },
      { name: 'b', N: 2e9, D: 3e10 },
    ],
  });
  assert.match(models, /models:\n {2}a-1b: \{N: 1000000000\}\n {2}b: \{N: 2000000000, D: 30000000000\}/);
});

test('lines that a question offers are merged in', () => {
  const columns = edited(STUDY, {
    kind: 'merge',
    file: 'a.csv',
    yaml: 'sources:\n  - files: a.csv\n    columns:\n      N: {role: params, unit: 1e9}',
  });
  assert.match(columns, /columns: \{Model: model, N: \{role: params, unit: 1e\+9\}\}/);
  assert.equal(columns.match(/files:/g)?.length, 1);
  assert.match(columns, /# Hand work below\./);
  const models = edited(columns, { kind: 'merge', file: 'a.csv', yaml: 'models:\n  a: {N: 1B, D: 20B}' });
  assert.match(models, /models:\n {2}a: \{N: 1B, D: 20B\}/);
  const more = edited(models, { kind: 'merge', file: 'a.csv', yaml: 'models:\n  b: {N: 2B}' });
  assert.match(more, /a: \{N: 1B, D: 20B\}\n {2}b: \{N: 2B\}/);
  assert.match(
    edited(null, { kind: 'merge', file: 'a.csv', yaml: 'select:\n  seeds: mean' }),
    /select:\n {2}seeds: mean/,
  );
  assert.equal(editManifest(STUDY, { kind: 'merge', file: 'a.csv', yaml: '- x' }, covers).ok, false);
});

test('a malformed manifest is not touched', () => {
  for (const text of ['sources: [a, {', '- a\n- b\n', '"just a string"']) {
    assert.equal(
      editManifest(text, { kind: 'level', file: 'a.csv', code: 'data.missing', level: 'ignore' }, covers).ok,
      false,
    );
  }
});
