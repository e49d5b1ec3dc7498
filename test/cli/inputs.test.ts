import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readInputs } from '../../src/cli/inputs.ts';

const root = mkdtempSync(join(tmpdir(), 'scaling-lens-inputs-'));
for (const name of [
  'top.csv',
  'scaling.yaml',
  'runs/a.csv',
  'runs/b.csv',
  'runs/n[1].csv',
  'runs/deep/c.csv',
  'runs/node_modules/x.csv',
  'runs/.venv/y.csv',
  'other/a.csv',
]) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), 'model,acc\n');
}

/** What arguments name, as seen from the folder. */
async function names(...args: readonly string[]): Promise<string[]> {
  const inputs = await readInputs(
    args.map((arg) => join(root, '/') + arg),
    undefined,
  );
  return inputs.files.map(({ name }) => name.slice(root.length + 1).replaceAll('\\', '/'));
}

test('globs name files in order and as they were asked for', async () => {
  assert.deepEqual(await names('runs/*.csv'), ['runs/a.csv', 'runs/b.csv', 'runs/n[1].csv']);
  assert.deepEqual(await names('./runs/[ab].csv'), ['./runs/a.csv', './runs/b.csv']);
  assert.deepEqual(await names('runs/../top.*'), ['runs/../top.csv']);
  assert.deepEqual(await names('runs/**/*.csv'), ['runs/a.csv', 'runs/b.csv', 'runs/deep/c.csv', 'runs/n[1].csv']);
  assert.deepEqual(await names('**c.csv'), ['runs/deep/c.csv']);
  assert.deepEqual(await names('{runs,other}/a.csv'), ['other/a.csv', 'runs/a.csv']);
  assert.deepEqual(await names('runs/n[1].csv'), ['runs/n[1].csv'], 'a file that is there is no glob');
});

test('folders stand for their files, without manifests and what nobody keeps results in', async () => {
  assert.deepEqual(await names(''), [
    'other/a.csv',
    'runs/a.csv',
    'runs/b.csv',
    'runs/deep/c.csv',
    'runs/n[1].csv',
    'top.csv',
  ]);
  assert.deepEqual(await names('runs/node_modules'), ['runs/node_modules/x.csv'], 'unless it is named');
});

test('links in a folder are followed to files elsewhere; those that lead nowhere are named', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-links-'));
  writeFileSync(join(folder, 'run.csv'), 'model,acc\n');
  try {
    symlinkSync(join(folder, 'gone.csv'), join(folder, 'broken.csv'));
  } catch {
    t.skip('links are not allowed here');
    return;
  }
  symlinkSync(folder, join(folder, 'circle'));
  symlinkSync(join(folder, 'run.csv'), join(folder, 'latest.csv'));
  symlinkSync(join(root, 'top.csv'), join(folder, 'elsewhere.csv'));
  const { files, unreadable } = await readInputs([folder], undefined);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['elsewhere.csv', 'run.csv'].map((name) => join(folder, name)),
  );
  assert.deepEqual(unreadable, [{ name: join(folder, 'broken.csv'), why: 'no such file' }]);
});

test('a file that is named twice is read once, and the manifest beside it comes along', async () => {
  assert.deepEqual(await names('top.csv', '*.csv'), ['top.csv']);
  const { manifest } = await readInputs([join(root, 'top.csv')], undefined);
  assert.equal(manifest?.name, join(root, 'scaling.yaml'));
});

test('what names nothing is an error of usage', async () => {
  await assert.rejects(names('nothing.csv'), /nothing\.csv: no such file/);
  await assert.rejects(names('runs/*.json'), /runs\/\*\.json: no such file/);
});
