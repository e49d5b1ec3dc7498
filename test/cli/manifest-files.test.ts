import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readInputs } from '../../src/cli/inputs.ts';
import { withManifestFiles } from '../../src/cli/manifest-files.ts';

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'scaling-lens-manifest-'));
  mkdirSync(join(root, 'runs'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

const MANIFEST = 'version: 1\nsources:\n  - files: "runs/*.csv"\nmodels: models.csv\n';
const FILES = {
  'scaling.yaml': MANIFEST,
  'runs/a.csv': 'model,acc\n',
  'runs/b.csv': 'model,acc\n',
  'models.csv': 'model,params\n',
};

test('a manifest by itself stands for the files of its sources and its table of models', async () => {
  const root = folder(FILES);
  const inputs = await withManifestFiles(await readInputs([join(root, 'scaling.yaml')], undefined));
  assert.deepEqual(
    inputs.files.map(({ name }) => name),
    ['runs/a.csv', 'runs/b.csv', 'models.csv'].map((name) => join(root, name)),
  );
  assert.equal(inputs.manifest?.name, join(root, 'scaling.yaml'));
  assert.deepEqual(inputs.unreadable, []);
});

test('the table of models comes along with a file that is named, once', async () => {
  const root = folder({ ...FILES, 'evals.csv': 'model,acc\n' });
  const names = async (...args: readonly string[]): Promise<string[]> =>
    (
      await withManifestFiles(
        await readInputs(
          args.map((name) => join(root, name)),
          undefined,
        ),
      )
    ).files.map(({ name }) => name.slice(root.length + 1));
  assert.deepEqual(await names('evals.csv'), ['evals.csv', 'models.csv']);
  assert.deepEqual(await names('evals.csv', 'models.csv'), ['evals.csv', 'models.csv']);
});

test('what a manifest names and nobody has is said, and nothing at all is an error of usage', async () => {
  const root = folder({ 'scaling.yaml': MANIFEST, 'runs/a.csv': 'model,acc\n' });
  const inputs = await withManifestFiles(await readInputs([join(root, 'scaling.yaml')], undefined));
  assert.deepEqual(
    inputs.unreadable.map(({ why }) => why),
    ['no file matches models.csv'],
  );
  const empty = folder({ 'scaling.yaml': MANIFEST });
  await assert.rejects(
    readInputs([join(empty, 'scaling.yaml')], undefined).then(withManifestFiles),
    /no file matches runs\/\*\.csv/,
  );
});

test('without a manifest nothing changes', async () => {
  const root = folder({ 'evals.csv': 'model,acc\n' });
  const inputs = await readInputs([join(root, 'evals.csv')], undefined);
  assert.equal(await withManifestFiles(inputs), inputs);
});
