import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checksum,
  contradiction,
  encodeLine,
  isJournal,
  type JournalLine,
  readJournal,
  runLine,
} from '../../../src/core/passuntil/journal.ts';

const run = runLine({
  task: 'coins',
  r: 3,
  kMax: 100,
  prompts: { count: 2, hash: 'abc' },
  checker: 'exact, trimmed',
  sampling: 'temperature 1, maxTokens 8',
  models: [{ name: 'm', params: 1e8, model: 'm', api: 'completions' }],
});
const trials = (id: number, first: number, outcomes: string, instance = 'é"1'): JournalLine => ({
  kind: 'trials',
  id,
  model: 'm',
  instance,
  first,
  outcomes,
  response: `r${id}`,
  tokens: [3, 4],
  texts: ['a\nb', '–"'],
});
const lines = [
  run,
  trials(1, 0, '01'),
  trials(2, 4, '1'),
  trials(3, 2, '00'),
  { kind: 'spent', model: 'm', tokens: [1, 2], why: 'x' } as const,
];
const text = lines.map(encodeLine).join('');

test('the checksum is CRC-32', () => {
  assert.equal(checksum('123456789'), 'cbf43926');
});

test('what is written is read back', () => {
  const journal = readJournal(text);
  assert.ok(journal.ok && journal.value !== null);
  assert.deepEqual(journal.value.run, run);
  assert.deepEqual(
    journal.value.trials.map((t) => t.id).toSorted((a, b) => a - b),
    [1, 2, 3],
  );
  assert.equal(journal.value.spent.length, 1);
  assert.ok(isJournal(text) && !isJournal('{"instance": 1}'));
});

test('cut at any character, a journal is what its whole lines say', () => {
  const ends = [...text.matchAll(/\n/g)].map((m) => m.index + 1);
  for (let cut = 0; cut <= text.length; cut++) {
    const journal = readJournal(text.slice(0, cut));
    assert.ok(journal.ok, `cut at ${cut}`);
    const whole = ends.filter((end) => end <= cut).length;
    if (whole === 0) assert.equal(journal.value, null);
    else assert.equal((journal.value?.trials.length ?? 0) + (journal.value?.spent.length ?? 0), whole - 1);
  }
});

test('a damaged line before the end is an error that names it', () => {
  const damaged = text.replace('"first":4', '"first":5');
  const journal = readJournal(damaged);
  assert.ok(!journal.ok && /line 3/.test(journal.error));
  const glued = readJournal(text.replace('\n', ''));
  assert.ok(!glued.ok && /line 1/.test(glued.error));
});

test('a trial that stands there twice is an error', () => {
  const journal = readJournal(text + encodeLine(trials(9, 1, '1')));
  assert.ok(!journal.ok && /trial 1 of é"1 at m stands in the journal twice/.test(journal.error));
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
  const two = readJournal(encodeLine(run) + encodeLine({ ...run, r: 4 }));
  assert.ok(!two.ok && /begins another run: r was 3/.test(two.error));
});
