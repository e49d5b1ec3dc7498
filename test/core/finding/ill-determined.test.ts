import assert from 'node:assert/strict';
import { test } from 'node:test';
import { illDetermined } from '../../../src/core/finding/ill-determined.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput } from './rule-input.ts';

test('no convergence and several optima are reasons', () => {
  const one = illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4', { converged: false })] }));
  assert.match(one?.message ?? '', /did not converge/);
  const notes = ['Ill-determined: 3 distinct optima within 1 %.'];
  const two = illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4', { notes })] }));
  assert.match(two?.message ?? '', /3 distinct optima within 1 %\.$/);
  assert.equal(illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4')] })), null);
});
