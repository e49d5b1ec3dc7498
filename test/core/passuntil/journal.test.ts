import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checksum,
  contradiction,
  crcOfAscii,
  decodeLine,
  encodeLine,
  isJournal,
  type JournalLine,
} from '../../../src/core/passuntil/journal.ts';
import { coinRun, coinTrials } from '../../fixture/coin-journal.ts';

const run = coinRun();
const trials = (id: number, first: number, outcomes: string): JournalLine =>
  coinTrials(id, 'é"1', first, outcomes, { texts: ['a\nb', '–"'] });
const lines = [
  run,
  trials(1, 0, '01'),
  trials(2, 4, '1'),
  trials(3, 2, '00'),
  { kind: 'spent', model: 'm', tokens: [1, 2], why: 'x' } as const,
];
const text = lines.map(encodeLine).join('');

test('the checksum is CRC-32, of a text as of its bytes', () => {
  assert.equal(checksum('123456789'), 'cbf43926');
  assert.equal(crcOfAscii(new TextEncoder().encode('__123456789_'), 2, 11), 0xcbf43926);
  for (let n = 0; n < 40; n++) {
    const some = encodeLine(run).slice(n, 3 * n);
    const bytes = new TextEncoder().encode(some);
    assert.equal(crcOfAscii(bytes, 0, bytes.length).toString(16).padStart(8, '0'), checksum(some));
  }
  for (let at = 0; at < 17; at++) {
    const bytes = new Uint8Array(17).fill(65);
    bytes[at] = 0xc3;
    assert.equal(crcOfAscii(bytes, 0, 17), -1);
  }
});

test('what is written is read back, and only if its checksum fits', () => {
  for (const line of lines) assert.deepEqual(decodeLine(encodeLine(line).slice(0, -1)), line);
  assert.equal(decodeLine(encodeLine(run).slice(0, -1).replace('"r":3', '"r":4')), null);
  assert.equal(decodeLine('{}'), null);
});

test('a journal is known by its first bytes', () => {
  const bytes = new TextEncoder().encode(text);
  assert.ok(isJournal(bytes) && isJournal(bytes.subarray(0, 200)));
  assert.ok(!isJournal(new TextEncoder().encode('{"instance": 1}')));
  assert.ok(!isJournal(new Uint8Array()));
});

test('what contradicts is named with both values; models may join', () => {
  assert.equal(contradiction(run, run), null);
  assert.equal(
    contradiction(run, { ...run, models: [...run.models, { name: 'n', params: 1, model: 'n', api: 'chat' }] }),
    null,
  );
  for (const [change, words] of [
    [{ r: 5 }, /r was 3 and is 5/],
    [{ kMax: 50 }, /kMax was 100 and is 50/],
    [{ prompts: { count: 2, hash: 'x' } }, /prompts or answers have changed/],
    [{ prompts: { count: 3, hash: 'x' } }, /2 prompts and there are 3/],
    [{ checker: 'json at the top' }, /checker was exact, trimmed/],
    [{ sampling: 'temperature 2' }, /sampling was temperature 1/],
    [{ models: [] }, /model m is missing/],
    [{ models: [{ name: 'm', params: 2e8, model: 'm', api: 'completions' }] }, /had 100000000 parameters/],
    [{ models: [{ name: 'm', params: 1e8, model: 'other', api: 'completions' }] }, /was m at its endpoint/],
  ] as const) {
    assert.match(contradiction(run, { ...run, ...change } as typeof run) ?? '', words);
  }
});
