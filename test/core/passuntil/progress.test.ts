import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact, describeProgress, duration, type Progress } from '../../../src/core/passuntil/progress.ts';

const NOW: Progress = {
  draws: 10,
  finished: 4,
  capped: 1,
  counted: 12_345,
  drawn: 13_000,
  passes: 40,
  expected: 5000,
  requests: 900,
  repeated: 3,
  inFlight: 12,
  tokens: [1_000_000, 500_000],
  dollars: 1.23456,
  elapsed: 60,
  eta: 600,
};

test('one line says where it is, what it cost and how long it takes', () => {
  assert.equal(
    describeProgress(NOW),
    '4/10 draws · 12,345 trials · 12 in flight · 1.50M tokens · $1.235 · 3 repeated · about 10 min left',
  );
  const done = describeProgress({ ...NOW, expected: 0, eta: 0, dollars: null, repeated: 0 });
  assert.equal(done, '4/10 draws · 12,345 trials · 12 in flight · 1.50M tokens');
});

test('counts and times are short', () => {
  assert.deepEqual([0, 9999, 12_345, 2e6, 3.456e9].map(compact), ['0', '9999', '12.3k', '2.00M', '3.46B']);
  assert.deepEqual([0.2, 89, 90, 7200, 400_000].map(duration), ['1 s', '89 s', '2 min', '2.0 h', '4.6 d']);
});
