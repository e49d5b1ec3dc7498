import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inverse } from '../../../src/core/finding/inverse.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

const FALLING = [0.5, 0.45, 0.4, 0.35, 0.3];

test('an inverse task is a warning at its anchor, with its ends, range and what the range can tell', () => {
  const detail = { turn: { statement: 'Nothing here says what happens above 1.2e20.' } };
  const finding = inverse(ruleInput(FALLING, { shape: shapeOf('inverse', { detail }) }));
  assert.equal(finding?.code, 'trend.inverse');
  assert.equal(finding?.severity, 'warning');
  assert.deepEqual(finding?.range.start, { line: 3, character: 7 });
  assert.match(
    finding?.message ?? '',
    /0\.5 → 0\.3 .*10¹⁸ .*FLOP\. Nothing here says what happens above 1\.2×10²⁰\u00a0FLOP\./,
  );
});

test('other shapes say nothing', () => {
  assert.equal(inverse(ruleInput(FALLING, { shape: shapeOf('flat') })), null);
  assert.equal(inverse(ruleInput(FALLING, { shape: null })), null);
});
