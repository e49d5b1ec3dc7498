import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belowChance } from '../../../src/core/finding/below-chance.ts';
import { ruleInput } from './rule-input.ts';

test('scores beyond three standard errors below chance are named', () => {
  const finding = belowChance(ruleInput([0.5, 0.49, 0.4, 0.3], { chance: 0.5 }));
  assert.equal(finding?.code, 'trend.below-chance');
  assert.deepEqual(finding?.data['models'], ['m2', 'm3']);
});

test('noise around chance, an unknown chance and losses say nothing', () => {
  assert.equal(belowChance(ruleInput([0.5, 0.48], { chance: 0.5 })), null);
  assert.equal(belowChance(ruleInput([0.1, 0.1])), null);
  assert.equal(belowChance(ruleInput([0.1, 0.1], { chance: 0.5, better: 'lower' })), null);
});
