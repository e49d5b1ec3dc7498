import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileProblem } from '../../src/node/file-problem.ts';

function problemOf(path: string): string {
  try {
    readFileSync(path);
    return 'none';
  } catch (error) {
    return fileProblem(error);
  }
}

test('the reason why a file cannot be read, without codes where it is a common one', () => {
  assert.equal(problemOf(join(tmpdir(), 'scaling-lens-nothing.csv')), 'no such file');
  assert.equal(problemOf(tmpdir()), 'is a folder');
  assert.equal(
    fileProblem(Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' })),
    'permission denied',
  );
  assert.equal(fileProblem(new Error('too many open files')), 'too many open files');
  assert.equal(fileProblem('odd'), 'odd');
});
