import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderNames } from '../../src/node/folder-names.ts';

test('folders end in a slash, and what is no folder has no names', async () => {
  const root = mkdtempSync(join(tmpdir(), 'scaling-lens-folder-'));
  mkdirSync(join(root, 'runs'));
  writeFileSync(join(root, 'a.csv'), '');
  assert.deepEqual((await folderNames(root))?.toSorted(), ['a.csv', 'runs/']);
  assert.deepEqual(await folderNames(join(root, 'runs')), []);
  assert.equal(await folderNames(join(root, 'nothing')), null);
  assert.equal(await folderNames(join(root, 'a.csv')), null);
});
