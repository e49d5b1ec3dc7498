import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget } from '../../../src/core/passuntil/budget.ts';
import { parseRunFile } from '../../../src/core/passuntil/run-file.ts';

function budget(limits: string) {
  const plan = parseRunFile(`r: 3
kMax: 10
checker: exact
sampling: { maxTokens: 50 }
prompts: [ { prompt: "hé", answer: "a" } ]
models: [ { name: m-1M, endpoint: "http://h", price: { input: 2, output: 4 } } ]
budget: { ${limits} }
`);
  assert.ok(plan.ok, JSON.stringify(plan));
  return { budget: new Budget(plan.value), model: plan.value.models[0] as (typeof plan.value.models)[number] };
}

test('a request is billed at its worst until its answer says better', () => {
  const { budget: one, model } = budget('tokens: 400');
  const worst = one.worst(model, 'hé', 3);
  assert.deepEqual(worst.tokens, [3 + 16, 150]);
  assert.deepEqual(one.worst(model, 7, 3).tokens, [7, 150]);
  assert.ok(Math.abs(worst.dollars - (19 * 2 + 150 * 4) / 1e6) < 1e-15);
  one.reserve(worst, 1);
  one.reserve(worst, 1);
  assert.equal(one.covers(worst, 0), false);
  one.reserve(worst, -1);
  one.bill(model, [7, 30]);
  assert.equal(one.covers(worst, 0), true);
  assert.deepEqual(one.tokens, [7, 30]);
});

test('trials in flight count too', () => {
  const { budget: one, model } = budget('trials: 10');
  const four = one.worst(model, 'x', 4);
  assert.equal(one.covers(four, 6), true);
  assert.equal(one.covers(four, 7), false);
  one.reserve(four, 1);
  assert.equal(one.covers(four, 3), false);
});
