import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atBound } from '../../../src/core/finding/at-bound.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput } from './rule-input.ts';

test('only the chosen law is reported', () => {
  const fits = [fitOf('power-offset', { atBound: ['e'] }), fitOf('power')];
  assert.equal(atBound(ruleInput([1, 2], { chosen: 'power-offset', fits }))?.code, 'fit.at-bound');
  assert.equal(atBound(ruleInput([1, 2], { chosen: 'power', fits })), null);
  assert.equal(atBound(ruleInput([1, 2])), null);
});
