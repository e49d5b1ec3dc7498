import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooFew } from '../../../src/core/finding/too-few.ts';
import { fitOf, ruleInput } from './rule-input.ts';

test('fewer than four sizes are too few, and said in words', () => {
  const finding = tooFew(ruleInput([0.1, 0.2, 0.3]));
  assert.equal(finding?.code, 'fit.too-few');
  assert.match(finding?.message ?? '', /3 points at 3 sizes/);
  assert.match(tooFew(ruleInput([0.1]))?.message ?? '', /1 point at 1 size;/);
});

test('four sizes or a chosen law say nothing', () => {
  assert.equal(tooFew(ruleInput([1, 2, 3, 4])), null);
  assert.equal(tooFew(ruleInput([1, 2, 3], { chosen: 'power', fits: [fitOf('power')] })), null);
});
