import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invertedU, uShaped } from '../../../src/core/finding/turned.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

test('the turn is the break of regression mode, in plain units', () => {
  const shape = shapeOf('u-shaped', { detail: { breakpoint: 19 } });
  const finding = uShaped(ruleInput([0.5, 0.4, 0.3, 0.4, 0.6], { shape }));
  assert.equal(finding?.code, 'trend.u-shaped');
  assert.ok(Math.abs((finding?.data['turn'] as number) / 1e19 - 1) < 1e-9);
  assert.match(finding?.message ?? '', /gets worse, then better.*turn is near .*10¹⁹/);
});

test('without a break it is the extreme inner model', () => {
  const finding = invertedU(
    ruleInput([0.3, 0.4, 0.7, 0.5, 0.2], { shape: shapeOf('inverted-u', { method: 'contrast' }) }),
  );
  assert.equal(finding?.code, 'trend.inverted-u');
  assert.equal(finding?.severity, 'warning');
  assert.equal(finding?.data['turn'], 1e19);
});

test('each speaks of its own shape only', () => {
  const input = ruleInput([1, 2, 3], { shape: shapeOf('positive') });
  assert.equal(uShaped(input), null);
  assert.equal(invertedU(input), null);
});
