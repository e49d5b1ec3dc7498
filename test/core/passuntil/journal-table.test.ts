import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine, type JournalLine, runLine } from '../../../src/core/passuntil/journal.ts';
import { readJournalTable } from '../../../src/core/passuntil/journal-table.ts';

const run = runLine({
  task: 'coins, small',
  r: 2,
  kMax: 6,
  prompts: { count: 1, hash: 'abc' },
  checker: 'exact',
  sampling: 'temperature 1',
  models: [{ name: 'm', params: 1e8, model: 'm', api: 'completions' }],
});
const answer: JournalLine = {
  kind: 'trials',
  id: 1,
  model: 'm',
  instance: 'q0',
  first: 0,
  outcomes: '0101',
  response: null,
  tokens: [1, 1],
};
const bytes = (...lines: JournalLine[]): Uint8Array => new TextEncoder().encode(lines.map(encodeLine).join(''));

test('a journal becomes a table of its counts under its own name', () => {
  const text = 'task,instance,model,params,passes,trials,r,capped\n"coins, small",q0,m,100000000,2,4,2,0\n';
  const whole = bytes(run, answer);
  for (const pieces of [[whole], [whole.subarray(0, 50), whole.subarray(50)]])
    assert.deepEqual(readJournalTable('a.jsonl', pieces), { ok: true, value: { name: 'a.jsonl', text } });
});

test('no answers are no table, and damage is an error', () => {
  assert.deepEqual(readJournalTable('a.jsonl', []), { ok: true, value: null });
  assert.deepEqual(readJournalTable('a.jsonl', [bytes(run)]), { ok: true, value: null });
  const damaged = bytes(run, answer);
  damaged[60] = 88;
  const read = readJournalTable('a.jsonl', [damaged]);
  assert.match(read.ok ? '' : read.error, /line 1/);
});
