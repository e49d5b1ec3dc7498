import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maximumLikelihood, unbiased } from '../../../src/core/passuntil/estimators.ts';
import { Sampler, type TrialRequest } from '../../../src/core/passuntil/sampler.ts';
import { createRandom, type Random } from '../../../src/core/stats/random.ts';

const one = (wanted: number, cap: number) => {
  const sampler = new Sampler({ models: 1, instances: 1, wanted, cap });
  sampler.ready();
  return sampler;
};
const passes = (text: string): boolean[] => [...text].map((c) => c === '1');

test('a batch is cut at the r-th pass, and what came after it is thrown away', () => {
  const sampler = one(2, 100);
  const request = sampler.next(0, 6) as TrialRequest;
  assert.deepEqual(request, { model: 0, instance: 0, first: 0, n: 6 });
  assert.equal(sampler.accept(request, passes('010111')), 4);
  assert.deepEqual(sampler.state(0, 0), { passes: 2, trials: 4, done: 'passed' });
  assert.equal(sampler.next(0, 6), null);
  assert.deepEqual(
    (({ counted, drawn, finished, capped }) => ({ counted, drawn, finished, capped }))(sampler.totals()),
    { counted: 4, drawn: 6, finished: 1, capped: 0 },
  );
});

test('an answer that comes early waits for those before it', () => {
  const sampler = one(2, 100);
  const [a, b] = [sampler.next(0, 3) as TrialRequest, sampler.next(0, 3) as TrialRequest];
  assert.equal(b.first, 3);
  assert.equal(sampler.accept(b, passes('111')), 0);
  assert.deepEqual(sampler.state(0, 0), { passes: 0, trials: 0, done: null });
  assert.equal(sampler.accept(a, passes('000')), 5);
  assert.deepEqual(sampler.state(0, 0), { passes: 2, trials: 5, done: 'passed' });
});

test('trials whose answer was lost or short are asked for again, before any new one', () => {
  const sampler = one(3, 100);
  const a = sampler.next(0, 4) as TrialRequest;
  const b = sampler.next(0, 4) as TrialRequest;
  sampler.release(a);
  assert.deepEqual(sampler.next(0, 2), { model: 0, instance: 0, first: 0, n: 2 });
  assert.deepEqual(sampler.next(0, 8), { model: 0, instance: 0, first: 2, n: 2 });
  sampler.accept(b, passes('0'));
  assert.deepEqual(sampler.next(0, 8), { model: 0, instance: 0, first: 5, n: 3 });
});

test('more completions than asked for are ignored', () => {
  const sampler = one(5, 10);
  sampler.accept(sampler.next(0, 2) as TrialRequest, passes('0111111'));
  assert.deepEqual(sampler.state(0, 0), { passes: 1, trials: 2, done: null });
});

test('the cap ends a draw, and no more than Kmax trials are ever given out', () => {
  const sampler = one(3, 7);
  let asked = 0;
  for (let request = sampler.next(0, 4); request !== null; request = sampler.next(0, 4)) {
    asked += request.n;
    sampler.accept(
      request,
      Array.from({ length: request.n }, () => false),
    );
  }
  assert.equal(asked, 7);
  assert.deepEqual(sampler.state(0, 0), { passes: 0, trials: 7, done: 'capped' });
});

test('every draw gets its turn, and idle draws come before busy ones', () => {
  const sampler = new Sampler({ models: 2, instances: 3, wanted: 2, cap: 50 });
  sampler.ready();
  const order = Array.from({ length: 6 }, () => (sampler.next(1, 1) as TrialRequest).instance);
  assert.deepEqual(order, [0, 1, 2, 0, 1, 2]);
});

test('trials in flight stay near what a draw still needs', () => {
  const sampler = one(2, 100_000);
  let asked = 0;
  for (let request = sampler.next(0, 8); request !== null; request = sampler.next(0, 8)) asked += request.n;
  assert.ok(asked >= 4 && asked <= 16, `${asked} trials for r = 2 and nothing known`);
});

test('a replay in any order goes on exactly where it stopped', () => {
  const sampler = new Sampler({ models: 1, instances: 2, wanted: 3, cap: 20 });
  sampler.replay(0, 0, 4, passes('01'));
  sampler.replay(0, 0, 0, passes('10'));
  sampler.replay(0, 1, 0, passes('111'));
  sampler.ready();
  assert.deepEqual(sampler.state(0, 0), { passes: 1, trials: 2, done: null });
  assert.deepEqual(sampler.state(0, 1), { passes: 3, trials: 3, done: 'passed' });
  const hole = sampler.next(0, 8) as TrialRequest;
  assert.deepEqual(hole, { model: 0, instance: 0, first: 2, n: 2 });
  assert.equal((sampler.next(0, 1) as TrialRequest).first, 6);
  sampler.accept(hole, passes('10'));
  assert.deepEqual(sampler.state(0, 0), { passes: 3, trials: 6, done: 'passed' });
});

test('r = 0 and Kmax below r are refused', () => {
  assert.throws(() => one(0, 5), /at least 1/);
  assert.throws(() => one(3, 2), /at least r/);
});

/** Eight requests in flight; a batch with a pass arrives before all without, as short completions do. */
function drawOutOfOrder(p: number, wanted: number, cap: number, random: Random) {
  const sampler = one(wanted, cap);
  const flights: { request: TrialRequest; outcomes: boolean[] }[] = [];
  const arrival = { passes: 0, trials: 0 };
  for (;;) {
    while (flights.length < 8) {
      const request = sampler.next(0, 3);
      if (request === null) break;
      flights.push({ request, outcomes: Array.from({ length: request.n }, () => random.uniform() < p) });
    }
    if (flights.length === 0) break;
    flights.sort((a, b) => Number(b.outcomes.includes(true)) - Number(a.outcomes.includes(true)));
    const { request, outcomes } = flights.shift() as (typeof flights)[number];
    // What a client would see that counts as answers arrive.
    for (const passed of outcomes) {
      if (arrival.passes === wanted || arrival.trials === cap) break;
      arrival.trials++;
      if (passed) arrival.passes++;
    }
    sampler.accept(request, outcomes);
  }
  const { passes: s, trials } = sampler.state(0, 0);
  return {
    ordered: { wanted, passes: s, trials, capped: s < wanted },
    arrived: { wanted, ...arrival, capped: arrival.passes < wanted },
  };
}

test('the stopping rule stays unbiased when passes arrive first; counting on arrival does not', () => {
  const random = createRandom(11, 'order');
  for (const [p, r, cap] of [
    [0.2, 3, 200],
    [0.05, 2, 60],
  ] as const) {
    const n = 6000;
    let [sum, squares, naive, ratio] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const { ordered, arrived } = drawOutOfOrder(p, r, cap, random);
      const value = unbiased(ordered) as number;
      sum += value;
      squares += value * value;
      naive += unbiased(arrived) as number;
      ratio += maximumLikelihood(ordered);
    }
    const mean = sum / n;
    const se = Math.sqrt((squares / n - mean * mean) / n);
    assert.ok(Math.abs(mean - p) < 4 * se, `p=${p}: ${mean} ± ${se}`);
    assert.ok(naive / n > p + 8 * se, `on arrival: ${naive / n}`);
    assert.ok(ratio / n > mean);
  }
});
