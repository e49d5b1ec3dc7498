import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectivesDisagree } from '../../../src/core/finding/objectives-disagree.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput } from './rule-input.ts';

const table = (high: number) => [
  { objective: 'log-huber', allocation: { tokensPerParam: 17.9, compute: 5.76e23 } },
  { objective: 'squared', allocation: { tokensPerParam: high, compute: 5.76e23 } },
];

test('a factor of two between objectives is told with both ends', () => {
  const finding = objectivesDisagree(ruleInput([1, 2], { fits: [fitOf('chinchilla', { objectives: table(60) })] }));
  assert.equal(finding?.code, 'fit.objectives-disagree');
  assert.match(finding?.message ?? '', /17\.9 \(log-huber\) to 60 \(squared\)/);
});

test('agreement and other laws say nothing', () => {
  assert.equal(objectivesDisagree(ruleInput([1, 2], { fits: [fitOf('chinchilla', { objectives: table(20) })] })), null);
  assert.equal(objectivesDisagree(ruleInput([1, 2], { fits: [fitOf('power')] })), null);
});

test('a fit that the data do not determine says nothing about the split', () => {
  const fits = (change: object) => ({ fits: [fitOf('chinchilla', { objectives: table(60), ...change })] });
  assert.equal(objectivesDisagree(ruleInput([1, 2], fits({ atBound: ['E'] }))), null);
  assert.equal(objectivesDisagree(ruleInput([1, 2], fits({ converged: false }))), null);
});
