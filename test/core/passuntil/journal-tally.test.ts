import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine, type JournalLine } from '../../../src/core/passuntil/journal.ts';
import { JournalTally } from '../../../src/core/passuntil/journal-tally.ts';
import { coinRun, coinTrials } from '../../fixture/coin-journal.ts';

const run = coinRun();
const trials = (id: number, first: number, outcomes: string, instance = 'q', more: object = {}): JournalLine =>
  coinTrials(id, instance, first, outcomes, { response: `r${id}`, tokens: [3, 4], ...more });
const spent = { kind: 'spent', model: 'm', tokens: [1, 2], why: 'x' } as const;
const encoder = new TextEncoder();
const bytesOf = (lines: readonly JournalLine[]): Uint8Array => encoder.encode(lines.map(encodeLine).join(''));

/** Passes and trials by instance. */
function standing(tally: JournalTally): Record<string, string> {
  return Object.fromEntries(
    tally.draws.map(({ instance, outcomes }) => {
      const { passes, trials: n } = outcomes.count(99, 99);
      return [instance, `${passes}/${n}`];
    }),
  );
}

// Some that the quick reader takes, some that it must leave to JSON: escapes, letters, completions, spaces in numbers.
const mixed = [
  run,
  trials(1, 0, '01'),
  trials(2, 4, '1', 'é"1', { texts: ['a\nb', '–"'] }),
  trials(3, 2, '00', 'q', { texts: ['plain'] }),
  trials(4, 0, '1100', 'é"1'),
  trials(5, 4, '1', 'q', { response: null }),
  trials(6, 0, '1', 'back\\slash', { tokens: [2.5, 1e21] }),
  spent,
];

test('lines are read alike by their bytes and by JSON', () => {
  const tally = new JournalTally();
  assert.equal(tally.push(bytesOf(mixed)), null);
  assert.deepEqual(standing(tally), { q: '2/5', 'é"1': '3/5', 'back\\slash': '1/1' });
  assert.deepEqual(tally.tokens.get('m'), [5 * 3 + 2.5 + 1, 5 * 4 + 1e21 + 2]);
  assert.equal(tally.nextId, 7);
  assert.deepEqual(tally.run, run);
});

test('in pieces of any size it comes to the same; cut at any byte, it is what its whole lines say', () => {
  const bytes = bytesOf(mixed);
  const whole = new JournalTally();
  whole.push(bytes);
  for (const size of [1, 2, 7, 64, 200]) {
    const tally = new JournalTally();
    const buffer = new Uint8Array(size);
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      // One buffer filled again and again, as a file reader does.
      buffer.set(piece);
      assert.equal(tally.push(buffer.subarray(0, piece.length)), null);
    }
    assert.deepEqual(standing(tally), standing(whole));
    assert.deepEqual([tally.whole, tally.torn], [bytes.length, 0]);
  }
  const ends = [...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const tally = new JournalTally();
    assert.equal(tally.push(bytes.subarray(0, cut)), null);
    const last = ends.findLast((end) => end <= cut) ?? 0;
    assert.deepEqual([tally.whole, tally.torn], [last, cut - last], `cut at ${cut}`);
    assert.equal(tally.run === null, last === 0);
  }
});

function faultOf(text: string): string {
  return new JournalTally().push(encoder.encode(text)) ?? 'none';
}

test('damage before the end is named by its line, whatever the line holds', () => {
  const text = mixed.map(encodeLine).join('');
  assert.match(faultOf(text.replace('"first":4', '"first":5')), /line 3 of the journal is damaged/);
  assert.match(faultOf(text.replace('"outcomes":"00"', '"outcomes":"01"')), /line 4 of the journal is damaged/);
  assert.match(faultOf(text.replace('\n', '')), /line 1 of the journal is damaged/);
  assert.match(faultOf(`\n${text}`), /line 1 of the journal is damaged/);
  assert.match(faultOf(text.replaceAll('\n', '\r\n')), /line 1 of the journal is damaged/);
  assert.match(faultOf(encodeLine(trials(1, 0, '0'))), /does not begin with its run/);
  assert.match(faultOf(encodeLine(run) + encodeLine(trials(1, 0, '0x'))), /line 2 .* neither 0 nor 1/);
  assert.match(faultOf(encodeLine(run) + encodeLine({ ...run, r: 4 })), /line 2 .* begins another run: r was 3/);
});

test('a fault stays, whatever follows', () => {
  const tally = new JournalTally();
  assert.match(tally.push(encoder.encode('{}\n')) ?? '', /line 1/);
  assert.match(tally.push(bytesOf([run])) ?? '', /line 1/);
  assert.equal(tally.run, null);
});

test('a trial that stands there twice is an error', () => {
  const twice = (line: JournalLine): string => faultOf([...mixed, line].map(encodeLine).join(''));
  assert.match(twice(trials(9, 1, '1')), /trial 1 of q at m stands in the journal twice \(line 9\)/);
  assert.match(twice(trials(9, 4, '1', 'é"1')), /trial 4 of é"1 at m stands in the journal twice/);
});
