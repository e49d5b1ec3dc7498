import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outcomes } from '../../../src/core/passuntil/outcomes.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

const encoder = new TextEncoder();
const add = (outcomes: Outcomes, first: number, text: string): number | null => {
  const bytes = encoder.encode(`"${text}"`);
  return outcomes.add(first, bytes, 1, bytes.length - 1);
};

test('stretches in any order become one', () => {
  const random = createRandom(4, 'stretches');
  for (let round = 0; round < 50; round++) {
    const truth = Array.from({ length: 200 }, () => (random.uniform() < 0.2 ? '1' : '0')).join('');
    const pieces: { first: number; text: string }[] = [];
    for (let at = 0; at < truth.length; ) {
      const n = 1 + random.integer(9);
      pieces.push({ first: at, text: truth.slice(at, at + n) });
      at += n;
    }
    pieces.sort(() => random.uniform() - 0.5);
    const outcomes = new Outcomes();
    for (const { first, text } of pieces) assert.equal(add(outcomes, first, text), -1);
    const [only] = outcomes.stretches;
    assert.ok(only !== undefined && outcomes.stretches.length === 1);
    assert.equal(only.data.subarray(0, only.length).join(''), truth);
  }
});

test('counts to the r-th pass, the cap or the first hole', () => {
  const outcomes = new Outcomes();
  add(outcomes, 0, '0101');
  add(outcomes, 6, '11');
  assert.deepEqual(outcomes.count(2, 100), { passes: 2, trials: 4 });
  assert.deepEqual(outcomes.count(3, 100), { passes: 2, trials: 4 });
  assert.deepEqual(outcomes.count(3, 3), { passes: 1, trials: 3 });
  add(outcomes, 4, '00');
  assert.deepEqual(outcomes.count(3, 100), { passes: 3, trials: 7 });
  assert.deepEqual(new Outcomes().count(1, 1), { passes: 0, trials: 0 });
});

test('what is there already is named, and nothing else than 0 and 1 is taken', () => {
  const outcomes = new Outcomes();
  add(outcomes, 4, '01');
  assert.equal(add(outcomes, 5, '1'), 5);
  assert.equal(add(outcomes, 0, '00000'), 4);
  assert.equal(add(outcomes, 0, '0000'), -1);
  assert.equal(add(outcomes, 9, '0/'), null);
  assert.equal(add(outcomes, 9, '2'), null);
  assert.equal(add(outcomes, 9, ''), -1);
  assert.equal(outcomes.stretches.length, 1);
});
