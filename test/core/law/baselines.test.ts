import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastThree, lastValue, meanValue } from '../../../src/core/law/baselines.ts';
import { makeInput, OPTIONS } from './series.ts';

const input = makeInput([1e20, 1e18, 1e19, 1e21, 1e17], [4, 1, 2, 6, 9], { isLoss: false });

test('last, mean of three and mean go by x, not by file order', () => {
  for (const [law, expected] of [
    [lastValue, 6],
    [lastThree, 4],
    [meanValue, 22 / 5],
  ] as const) {
    const result = law.fit(input, OPTIONS);
    assert.ok(result.ok);
    assert.equal(result.value.predict({ x: 1e25 }), expected);
    assert.equal(result.value.freeParameters, 1);
  }
});

test('ties in x keep file order', () => {
  const result = lastValue.fit(makeInput([1, 2, 2], [5, 6, 7], { isLoss: false }), OPTIONS);
  assert.ok(result.ok);
  assert.equal(result.value.predict({ x: 3 }), 7);
});

test('one point is enough, none is a refusal', () => {
  const one = meanValue.fit(makeInput([1], [5], { isLoss: false }), { ...OPTIONS, bootstrap: 10 });
  assert.ok(one.ok);
  assert.equal(one.value.predict({ x: 2 }), 5);
  assert.equal(one.value.deltaError({ x: 2 }), null);
  const none = lastValue.fit(makeInput([], []), OPTIONS);
  assert.ok(!none.ok && none.error.code === 'fit.too-few');
});
