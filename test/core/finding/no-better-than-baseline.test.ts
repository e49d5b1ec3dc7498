import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBetterThanBaseline } from '../../../src/core/finding/no-better-than-baseline.ts';
import { fitOf } from '../../fixture/fit.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

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

test('misses are told in the unit of the metric, and a flat task is hardly news', () => {
  const change = { chosen: 'sigmoid', fits: [fitOf('sigmoid')] };
  const message = (report: object) =>
    noBetterThanBaseline(ruleInput([1, 2], { ...change, backtest: tested(0.1, 0.05), ...report }))?.message ?? '';
  assert.match(message({}), /sigmoid missed by 0\.1 on average, the last value by 0\.05 \(9 predictions\)/);
  const percent = { range: { lower: 0, upper: 100 } };
  assert.match(message({ ...percent, backtest: tested(11, 5) }), /missed by 11 percentage points on average/);
  const bounded = { range: { lower: 0, upper: 1 }, backtest: tested(143, 0.06) };
  assert.match(message(bounded), /missed by more than its whole range on average, the last value by 0\.06/);
  const log = (mine: number) => ({ backtest: { ...tested(mine, 0.05), errorScale: 'ln y' } });
  assert.match(message(log(0.1)), /missed by 10\u00a0% on average/);
  assert.match(message(log(2)), /missed by a factor of 7\.4 on average/);
  const flat = ruleInput([1, 2], { ...change, backtest: tested(0.1, 0.05), shape: shapeOf('flat') });
  assert.equal(noBetterThanBaseline(flat)?.severity, 'hint');
});
