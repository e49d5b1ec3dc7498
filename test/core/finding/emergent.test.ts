import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emergent } from '../../../src/core/finding/emergent.ts';
import { ruleInput, shapeOf } from './rule-input.ts';

const threshold = { x: 2e20, low: 1e20, high: 4e20, level: 0.9, method: 'hinge' };

test('an emergent task carries its threshold with the interval and the unit of the axis', () => {
  const finding = emergent(
    ruleInput([0, 0, 0, 0.4], { threshold, shape: shapeOf('positive', { emergent: true, lateRise: true }) }),
  );
  assert.equal(finding?.code, 'trend.emergent');
  assert.match(
    finding?.message ?? '',
    /emerges: near its floor below a threshold near 2×10²⁰\u00a0FLOP.*90 % interval/,
  );
  assert.equal(finding?.data['threshold'], 2e20);
});

test('a late rise is said to be one', () => {
  const finding = emergent(ruleInput([0, 0, 0, 0.4], { threshold, shape: shapeOf('positive', { lateRise: true }) }));
  assert.match(finding?.message ?? '', /rises late/);
});

test('no threshold, no finding', () => {
  assert.equal(emergent(ruleInput([0, 1], { shape: shapeOf('positive', { emergent: true }) })), null);
});

test('chance is named, an error falls, and what turns is told as a turn', () => {
  const shape = shapeOf('positive', { emergent: true, lateRise: true });
  assert.match(
    emergent(ruleInput([0.25, 0.25, 0.6], { threshold, shape, chance: 0.25 }))?.message ?? '',
    /emerges: near chance \(0\.25\) below a threshold .* rising above it/,
  );
  assert.match(
    emergent(ruleInput([1, 1, 0.6], { threshold, shape, better: 'lower' }))?.message ?? '',
    /emerges: flat below a threshold .* falling above it/,
  );
  assert.equal(emergent(ruleInput([1, 0, 1], { threshold, shape: shapeOf('u-shaped', { lateRise: true }) })), null);
});
