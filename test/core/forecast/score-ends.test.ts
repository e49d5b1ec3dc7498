import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreEnds } from '../../../src/core/forecast/score-ends.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makeSeries } from '../law/series.ts';

const known = (value: number) => ({ value, how: 'test', table: null, range: null });
const ends = (more: Partial<StudySeries>) =>
  scoreEnds(makeSeries([], { isLoss: false, better: 'higher', lower: 0, upper: 100, ...more }));

test('from chance, or the worst value, to the ceiling, or the best', () => {
  assert.deepEqual(ends({}), { floor: 0, ceiling: 100 });
  assert.deepEqual(ends({ chance: known(25) }), { floor: 25, ceiling: 100 });
  assert.deepEqual(ends({ chance: known(25), ceiling: known(90) }), { floor: 25, ceiling: 90 });
});

test('an error rate starts high', () => {
  assert.deepEqual(ends({ better: 'lower' }), { floor: 100, ceiling: 0 });
  assert.deepEqual(ends({ better: 'lower', chance: known(75) }), { floor: 75, ceiling: 0 });
});

test('losses, metrics without ends, and ends that are one have none', () => {
  assert.equal(ends({ isLoss: true }), null);
  assert.equal(ends({ upper: null }), null);
  assert.equal(ends({ lower: null }), null);
  assert.equal(ends({ chance: known(100) }), null);
});
