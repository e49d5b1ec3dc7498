import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBetterThanBaseline } from '../../../src/core/finding/no-better-than-baseline.ts';
import { fitOf, ruleInput } from './rule-input.ts';

const tested = (mine: number, last: number) => ({
  errorScale: 'y',
  laws: [
    { law: 'sigmoid', count: 9, meanAbsolute: mine },
    { law: 'last', count: 9, meanAbsolute: last },
    { law: 'mean-3', count: 9, meanAbsolute: 0.2 },
  ],
});

test('a law that loses to assuming no change is reported; one that wins is not', () => {
  const change = { chosen: 'sigmoid', fits: [fitOf('sigmoid')] };
  const lost = noBetterThanBaseline(ruleInput([1, 2], { ...change, backtest: tested(0.1, 0.05) }));
  assert.equal(lost?.code, 'fit.no-better-than-baseline');
  assert.equal(lost?.data['baseline'], 'last');
  assert.equal(noBetterThanBaseline(ruleInput([1, 2], { ...change, backtest: tested(0.04, 0.05) })), null);
  assert.equal(noBetterThanBaseline(ruleInput([1, 2])), null);
});
