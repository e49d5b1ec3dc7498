// Which quantity a series runs over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/study/draft.ts';
import { chooseScale } from '../../../src/core/study/scale-choice.ts';

function draft(run: string, params: number | null, step: number | null): Draft {
  return {
    ...{ x: Number.NaN, y: 1, stderr: null, n: null, model: run, family: null, run },
    ...{ params, tokens: null, compute: null, step, loss: null, table: 0, row: 0, column: 1 },
  };
}

test('runs that each have one end are compared by size, though one has none', () => {
  const ends = [draft('a', 1e8, 180), draft('b', 2e8, 650), draft('c', 3e8, 473), draft('d', null, 0)];
  assert.equal(chooseScale(ends, null, '')?.scale, 'params');
});

test('checkpoints of a run go over its steps', () => {
  const curve = [draft('a', 1e8, 100), draft('a', 1e8, 200), draft('b', 2e8, 100), draft('b', null, 200)];
  assert.equal(chooseScale(curve, null, '')?.scale, 'steps');
});

test('one step number among many rows is no scale', () => {
  const named = [draft('a', null, 348), draft('b', null, null), draft('c', null, null)];
  assert.equal(chooseScale(named, null, ''), null);
});
