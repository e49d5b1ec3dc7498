import assert from 'node:assert/strict';
import { test } from 'node:test';
import { illDetermined } from '../../../src/core/finding/ill-determined.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput } from './rule-input.ts';

test('no convergence and several optima are reasons', () => {
  const one = illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4', { converged: false })] }));
  assert.match(one?.message ?? '', /did not converge/);
  const said = (...notes: string[]) =>
    illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4', { notes })] }))?.message ?? '';
  const rival = 'Poorly determined: a clearly different set of parameters fits within 1 % as well.';
  const trade =
    'Ill-determined: the parameters trade off against each other; judge the prediction, not single parameters.';
  assert.match(said(rival), /not well determined: a clearly different set of parameters fits within 1 % as well\.$/);
  assert.match(
    said(trade, rival),
    /not single parameters; a clearly different set of parameters fits within 1 % as well\.$/,
  );
  assert.match(
    said('The profile over gamma has 2 minima; the deepest was taken.'),
    /has 2 minima; the deepest was taken\.$/,
  );
  assert.equal(said('x spans only 0.40 decades: exponents are hardly determined.'), '');
  assert.equal(illDetermined(ruleInput([1, 2], { chosen: 'm4', fits: [fitOf('m4')] })), null);
});
