import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { quote } from '../../src/cli/quote.ts';

test('plain arguments stay as they are, others come out of a shell as they went in', () => {
  assert.equal(quote('runs/a-1.csv'), 'runs/a-1.csv');
  for (const arg of ['two words', "it's", '$HOME', 'a"b', '', 'x;y', "''"])
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quote(arg)}`], { encoding: 'utf8' }), arg);
});
