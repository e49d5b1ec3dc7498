import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deltaStages,
  isLogObjective,
  lossOf,
  objectiveTerm,
  objectiveValue,
  robustCost,
  robustWeight,
} from '../../../src/core/stats/robust.ts';

test('terms are those of the report', () => {
  assert.equal(objectiveTerm(lossOf('squared'), -3), 9);
  assert.equal(objectiveTerm(lossOf('log-squared'), 0.5), 0.25);
  assert.equal(objectiveTerm(lossOf('lad'), -3), 3);
  assert.equal(objectiveTerm(lossOf('huber', 1), 0.5), 0.125);
  assert.equal(objectiveTerm(lossOf('huber', 1), 3), 2.5);
  assert.equal(objectiveValue(lossOf('squared'), [1, 2, Number.NaN], [1, 0.5, 0]), 3);
});

test('the optimiser sees twice Huber, with weight psi over r', () => {
  for (const r of [-2, -0.1, 0.1, 2]) {
    assert.ok(Math.abs(robustCost('huber', 0.5, r) - 2 * objectiveTerm(lossOf('huber', 0.5), r)) < 1e-15);
    const h = 1e-6;
    const slope = (robustCost('huber', 0.5, r + h) - robustCost('huber', 0.5, r - h)) / (2 * h);
    assert.ok(Math.abs(slope - 2 * r * robustWeight('huber', 0.5, r)) < 1e-8);
  }
});

test('residual scales and stages', () => {
  assert.equal(isLogObjective('lad', true), true);
  assert.equal(isLogObjective('lad', false), false);
  assert.equal(isLogObjective('huber', true), false);
  const stages = deltaStages(1e-3, 0.02);
  assert.equal(stages.at(-1), 1e-3);
  assert.ok(stages.every((stage, i) => i === 0 || stage < (stages[i - 1] ?? 0)));
  assert.deepEqual(deltaStages(5, 0.1), [5]);
});
