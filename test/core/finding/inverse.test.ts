import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inverse } from '../../../src/core/finding/inverse.ts';
import type { TurnEvidence } from '../../../src/core/shape/turn.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

const FALLING = [0.5, 0.45, 0.4, 0.35, 0.3];
const TURN: TurnEvidence = {
  verdict: 'still-falling',
  statement: '',
  from: 1e18,
  to: 1e20,
  decades: 2,
  lowestAt: 1e20,
  modelsAfterLowest: 0,
  slopeAfter: -0.1,
  slopeAfterP: 0.004,
  recoveryZ: null,
};

const message = (detail: Record<string, unknown>): string =>
  inverse(ruleInput(FALLING, { shape: shapeOf('inverse', { detail }) }))?.message ?? '';

test('an inverse task is a warning at its anchor, with its ends, range and p', () => {
  const finding = inverse(ruleInput(FALLING, { shape: shapeOf('inverse') }));
  assert.equal(finding?.code, 'trend.inverse');
  assert.equal(finding?.severity, 'warning');
  assert.deepEqual(finding?.range.start, { line: 3, character: 7 });
  assert.equal(
    finding?.message,
    'task (accuracy) gets worse with scale: 0.5 → 0.3 over 10¹⁸ to 10²⁰\u00a0FLOP (p = 0.001).',
  );
});

test('what the range says about a turn, in words that hold for errors too', () => {
  assert.match(
    message({ turn: TURN, breakpoint: 19 }),
    /Still getting worse above 10¹⁹\u00a0FLOP \(p = 0\.004\): no sign/,
  );
  assert.match(message({ turn: { ...TURN, slopeAfterP: 0.3 }, breakpoint: 19 }), /over the larger half of the models/);
  assert.match(message({ turn: { ...TURN, slopeAfterP: null } }), /The largest model is the worst: no sign of a turn/);
  const hint = { ...TURN, verdict: 'hint-of-a-turn', slopeAfter: 0.1, slopeAfterP: 0.3 };
  assert.match(
    message({ turn: hint, breakpoint: 19 }),
    /Above 10¹⁹\u00a0FLOP it gets better, but not beyond chance \(p = 0\.3\)/,
  );
  const noise = { ...hint, slopeAfterP: null, lowestAt: 3e19 };
  assert.match(message({ turn: noise }), /Worst at 3×10¹⁹\u00a0FLOP; the recovery after it lies within the noise/);
  const unclear = { ...TURN, verdict: 'cannot-tell', slopeAfterP: 0.4 };
  assert.match(message({ turn: unclear, breakpoint: 19 }), /allow both a further decline and a turn/);
});

test('one test among many says what it is worth there', () => {
  assert.match(message({ q: 0.21 }), /\(p = 0\.001, q = 0\.21 among all series\)/);
  assert.doesNotMatch(message({ q: 0.01 }), /q =/);
  const severity = (q: number) =>
    inverse(ruleInput(FALLING, { shape: shapeOf('inverse', { detail: { q } }) }))?.severity;
  assert.equal(severity(0.09), 'warning');
  assert.equal(severity(0.1), 'information');
});

test('other shapes say nothing', () => {
  assert.equal(inverse(ruleInput(FALLING, { shape: shapeOf('flat') })), null);
  assert.equal(inverse(ruleInput(FALLING, { shape: null })), null);
});
