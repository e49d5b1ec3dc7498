import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../../../src/core/manifest/parse.ts';
import { type FolderPort, resolveStudyFiles } from '../../../src/core/manifest/resolve.ts';

/** A disk of these files; paths relative to the manifest's folder. */
function disk(files: readonly string[]): FolderPort & { readonly listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    list: async (folder) => {
      listed.push(folder);
      const base = folder === '' || folder === '/' ? folder : `${folder}/`;
      const inside = files.flatMap((file) =>
        file.startsWith(base) && (base !== '' || !/^(?:\.\.|\/)/.test(file)) ? [file.slice(base.length)] : [],
      );
      const names = inside.map((path) => path.replace(/\/.*$/, '/'));
      return names.length === 0 ? null : [...new Set(names)];
    },
  };
}

const FILES = [
  'scaling.yaml',
  'evals.csv',
  'models.csv',
  'b.tsv',
  'runs/a.json',
  'runs/b.json',
  'runs/deep/c.json',
  'runs/node_modules/d.json',
  'runs/notes[1].txt',
  '../shared/x.csv',
  '/data/abs/y.csv',
];

async function resolve(globs: readonly string[], modelsFile: string | null = null, files = FILES) {
  return resolveStudyFiles({ globs, modelsFile }, disk(files));
}

test('globs name files in the order of the sources, each once', async () => {
  assert.deepEqual((await resolve(['*.csv'])).files, ['evals.csv', 'models.csv']);
  assert.deepEqual((await resolve(['evals.csv'])).files, ['evals.csv']);
  assert.deepEqual((await resolve(['./evals.csv', '*.{csv,tsv}'])).files, ['evals.csv', 'b.tsv', 'models.csv']);
  assert.deepEqual((await resolve(['runs/*.json'])).files, ['runs/a.json', 'runs/b.json']);
  assert.deepEqual((await resolve(['runs/**/*.json'])).files, ['runs/a.json', 'runs/b.json', 'runs/deep/c.json']);
  assert.deepEqual((await resolve(['**/c.json'])).files, ['runs/deep/c.json']);
  assert.deepEqual((await resolve(['runs/**'])).files, [
    'runs/a.json',
    'runs/b.json',
    'runs/deep/c.json',
    'runs/notes[1].txt',
  ]);
  assert.deepEqual((await resolve(['runs/**.json'])).files, ['runs/a.json', 'runs/b.json', 'runs/deep/c.json']);
  assert.deepEqual((await resolve(['r**c.json'])).files, ['runs/deep/c.json']);
  assert.deepEqual((await resolve(['**s**e**.json'])).files, ['runs/deep/c.json']);
  assert.deepEqual((await resolve(['*/{a,deep/c}.json'])).files, ['runs/a.json', 'runs/deep/c.json']);
  assert.deepEqual((await resolve(['runs/../evals.csv'])).files, ['evals.csv']);
});

test('paths lead out of the folder, and absolute ones stand for themselves', async () => {
  assert.deepEqual((await resolve(['../shared/*.csv'])).files, ['../shared/x.csv']);
  assert.deepEqual((await resolve(['/data/**/*.csv'])).files, ['/data/abs/y.csv']);
});

test('the table of models comes last, as a path and not as a glob', async () => {
  assert.deepEqual((await resolve(['evals.csv'], 'models.csv')).files, ['evals.csv', 'models.csv']);
  assert.deepEqual((await resolve(['*.csv'], 'models.csv')).files, ['evals.csv', 'models.csv']);
  assert.deepEqual((await resolve(['evals.csv'], 'runs/notes[1].txt')).files, ['evals.csv', 'runs/notes[1].txt']);
});

test('what names no file is said, as it was written', async () => {
  const { files, unmatched } = await resolve(['nothing/*.csv', '*.parquet', 'evals.csv', 'runs'], 'sizes.csv');
  assert.deepEqual(files, ['evals.csv']);
  assert.deepEqual(unmatched, ['nothing/*.csv', '*.parquet', 'runs', 'sizes.csv']);
});

test('folders are listed once, and folders that go round in circles come to an end', async () => {
  const port = disk(FILES);
  await resolveStudyFiles({ globs: ['*.csv', '*.tsv', 'runs/*.json', 'runs/a.*'], modelsFile: null }, port);
  assert.deepEqual(port.listed, ['', 'runs']);
  const circle = await resolveStudyFiles(
    { globs: ['**/a.csv'], modelsFile: null },
    { list: async () => ['a.csv', 'again/'] },
  );
  assert.ok(circle.files.length < 100, `${circle.files.length} files`);
  const many = Array.from({ length: 6000 }, (_, i) => `f${i}.csv`);
  assert.equal((await resolve(['*.csv'], null, many)).truncated, true);
  const all = await resolveStudyFiles({ globs: ['*.csv'], modelsFile: null }, disk(many), { most: 6000 });
  assert.deepEqual([all.files.length, all.truncated], [6000, false]);
});

test('an abort ends the search', async () => {
  const gone = AbortSignal.abort(new Error('closed'));
  await assert.rejects(
    resolveStudyFiles({ globs: ['*.csv'], modelsFile: null }, disk(FILES), { signal: gone }),
    /closed/,
  );
});

test('globs and models come from a manifest', async () => {
  const parsed = parseManifest({
    name: 'scaling.yaml',
    text: 'version: 1\nsources:\n  - files: [evals.csv, "runs/*.json"]\nmodels: models.csv\n',
  });
  const { files } = await resolveStudyFiles(parsed, disk(FILES));
  assert.deepEqual(files, ['evals.csv', 'runs/a.json', 'runs/b.json', 'models.csv']);
});
