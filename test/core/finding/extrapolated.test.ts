import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extrapolated } from '../../../src/core/finding/extrapolated.ts';
import type { Forecast } from '../../../src/core/report-model.ts';
import { ruleInput } from './rule-input.ts';

const forecast = (x: number, horizon: number, verdict: Forecast['verdict']): Forecast => ({
  x,
  y: 1,
  low: 0,
  high: 2,
  level: 0.9,
  law: 'power',
  horizon,
  verdict,
  why: 'because',
});

test('the farthest forecast beyond the tested range is named', () => {
  const given = [
    forecast(1e23, 0.5, 'tested'),
    forecast(1e24, 1.5, 'beyond-tested-range'),
    forecast(1e25, 2.5, 'beyond-tested-range'),
  ];
  const finding = extrapolated(ruleInput([1, 2], { forecast: given }));
  assert.equal(finding?.data['horizon'], 2.5);
  assert.match(finding?.message ?? '', /2 of 3 forecasts/);
  assert.equal(extrapolated(ruleInput([1, 2], { forecast: given.slice(0, 1) })), null);
});

test('a forecast among the data is given no distance', () => {
  const among = extrapolated(ruleInput([1, 2], { forecast: [forecast(2e18, 0, 'beyond-tested-range')] }));
  assert.match(among?.message ?? '', /1 of 1 forecasts of .* lies beyond the tested range\.$/);
});
