import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trendOutlier } from '../../../src/core/finding/trend-outlier.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

const LINE = [0.1, 0.21, 0.29, 0.41, 0.5, 0.59, 0.71, 0.8, 0.89, 1];

test('one wild score is found at its cell, against a Theil–Sen line where no law was chosen', () => {
  const y = [...LINE];
  y[4] = 0.05;
  const finding = trendOutlier(ruleInput(y));
  assert.equal(finding?.code, 'data.outlier');
  assert.equal(finding?.data['model'], 'm4');
  assert.deepEqual(finding?.range.start, { line: 14, character: 2 });
});

test('where a law was chosen its own predictions are the trend', () => {
  const y = LINE.map((v, i) => (i === 7 ? 0.1 : v));
  const predicted = LINE.map((v, i) => ({ y: v + (i % 2 === 0 ? 0.004 : -0.006), low: null, high: null }));
  assert.equal(trendOutlier(ruleInput(y, { predicted }))?.data['model'], 'm7');
});

test('clean lines, turning series and few points say nothing', () => {
  assert.equal(trendOutlier(ruleInput(LINE)), null);
  assert.equal(trendOutlier(ruleInput([...LINE.slice(0, 9), 0], { shape: shapeOf('inverted-u') })), null);
  assert.equal(trendOutlier(ruleInput([0, 1, 2, 9])), null);
});
