import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine } from '../../../src/core/passuntil/journal.ts';
import { readJournalCounts } from '../../../src/core/passuntil/journal-counts.ts';
import { coinRun, coinTrials } from '../../fixture/coin-journal.ts';

const run = coinRun({ r: 2, kMax: 6, prompts: { count: 4, hash: 'abc' } });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let id = 0;
const trials = (instance: string, first: number, outcomes: string) => coinTrials(++id, instance, first, outcomes);

test('trials count in the order of their numbers, up to the r-th pass, the cap, or a hole', () => {
  const lines = [
    run,
    trials('late', 3, '111'),
    trials('late', 0, '010'),
    trials('capped', 0, '000100'),
    trials('open', 0, '0010'),
    trials('hole', 0, '01'),
    trials('hole', 4, '11'),
    trials('first lost', 2, '11'),
  ];
  const counts = readJournalCounts([bytes(lines.map(encodeLine).join(''))], 0);
  assert.ok(counts.ok && counts.value !== null);
  const found = counts.value.rows.map((r) => [r.instance, r.passes, r.trials, r.capped]);
  assert.deepEqual(found, [
    ['late', 2, 4, false],
    ['capped', 1, 6, true],
    ['open', 1, 4, true],
    ['hole', 1, 2, true],
  ]);
  assert.match(counts.value.notes.join(' '), /2 draws had not ended/);
  assert.equal(counts.value.rows[0]?.params, 1e8);
});

test('a journal without answers is null, a damaged one an error', () => {
  assert.deepEqual(readJournalCounts([], 0), { ok: true, value: null });
  assert.equal(readJournalCounts([bytes('{"kind":"run"}\n')], 0).ok, false);
});
