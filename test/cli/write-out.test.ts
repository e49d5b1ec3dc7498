import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/cli/usage-error.ts';
import { writeOut } from '../../src/cli/write-out.ts';

test('files are written anew or added to, and what cannot be written is a sentence', () => {
  const root = mkdtempSync(join(tmpdir(), 'scaling-lens-out-'));
  const path = join(root, 'log.jsonl');
  writeOut(path, 'one\n');
  writeOut(path, 'two\n', 'a');
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  writeOut(path, 'three\n');
  assert.equal(readFileSync(path, 'utf8'), 'three\n');
  assert.throws(
    () => writeOut(join(root, 'nothing', 'x.csv'), ''),
    (error) => error instanceof UsageError && /x\.csv cannot be written: /.test(error.message),
  );
});
