import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine, type JournalLine } from '../../../src/core/passuntil/journal.ts';
import { readJournalTable } from '../../../src/core/passuntil/journal-table.ts';
import { coinRun, coinTrials } from '../../fixture/coin-journal.ts';

const run = coinRun({ task: 'coins, small', r: 2, kMax: 6 });
const answer = coinTrials(1, 'q0', 0, '0101');
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
