import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from '../../../src/core/forecast/remembered.ts';

test('an answer is made once for each key, null and nothing found included', () => {
  let made = 0;
  const memory = new Map<string, number | null>();
  const ask = (key: string, answer: number | null): number | null =>
    remembered(memory, key, () => {
      made++;
      return answer;
    });
  assert.deepEqual(
    [ask('a', 1), ask('a', 2), ask('b', null), ask('b', 3), ask('c', 0), ask('c', 4)],
    [1, 1, null, null, 0, 0],
  );
  assert.equal(made, 3);
});
