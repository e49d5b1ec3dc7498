import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, Concurrency } from '../../../src/core/passuntil/concurrency.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

test('doubles per round until the first complaint, then one more per round, half after a complaint', () => {
  const one = new Concurrency(1000, 4);
  const round = () => {
    const n = one.limit;
    const numbers = Array.from({ length: n }, () => one.begin());
    for (const _ of numbers) one.success(n);
    return numbers;
  };
  round();
  assert.equal(one.limit, 8);
  round();
  assert.equal(one.limit, 16);
  const burst = Array.from({ length: 16 }, () => one.begin());
  for (const number of burst) one.strain(number);
  assert.equal(one.limit, 8, 'a burst of complaints about one round counts once');
  round();
  assert.equal(one.limit, 8, 'one more takes a whole round');
  round();
  assert.ok(one.limit >= 9 && one.limit <= 10);
});

test('never above the most, never below one, and no growth unused', () => {
  const one = new Concurrency(6, 16);
  assert.equal(one.limit, 6);
  for (let i = 0; i < 50; i++) one.success(6);
  assert.equal(one.limit, 6);
  for (let i = 0; i < 50; i++) one.strain(one.begin());
  assert.equal(one.limit, 1);
  const idle = new Concurrency(64, 8);
  for (let i = 0; i < 50; i++) idle.success(1);
  assert.equal(idle.limit, 8);
});

test('finds the capacity of a server and stays near it', () => {
  const one = new Concurrency(500, 16);
  const capacity = 40;
  const used: number[] = [];
  for (let round = 0; round < 300; round++) {
    const n = one.limit;
    const numbers = Array.from({ length: n }, () => one.begin());
    for (const [i, number] of numbers.entries()) {
      if (i < capacity) one.success(n);
      else one.strain(number);
    }
    if (round > 50) used.push(Math.min(n, capacity));
  }
  const share = used.reduce((s, v) => s + v, 0) / used.length / capacity;
  assert.ok(share > 0.7 && share <= 1, `${share} of the capacity`);
});

test('waits grow, are random below their ceiling, and keep the wait that a server asks for', () => {
  const random = createRandom(1);
  for (let attempt = 0; attempt < 12; attempt++) {
    const wait = backoff(attempt, 0.5, null, random.uniform());
    assert.ok(wait > 0 && wait <= Math.min(60, 0.5 * 2 ** attempt));
    assert.ok(backoff(attempt, 0.5, 7, random.uniform()) >= 7);
  }
});
