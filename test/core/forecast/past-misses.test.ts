import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backtest, Miss } from '../../../src/core/forecast/backtest.ts';
import { type Blend, isBlend } from '../../../src/core/forecast/blend.ts';
import { knownHalfWidth, relevantMisses, rollingHalfWidth } from '../../../src/core/forecast/past-misses.ts';
import type { FittedLaw } from '../../../src/core/law/law.ts';

const miss = (horizon: number, error: number, law = 'power'): Miss => ({
  law,
  horizon,
  error,
  fitted: 8,
  origin: 1,
  x: 1,
});
const tested = (misses: readonly Miss[]) => ({ misses }) as Backtest;
const fitted = (law: string) => ({ fit: { law } }) as FittedLaw;
const blended = (law: string) => ({ fit: { law }, spread: () => 0 }) as unknown as Blend;

test('the quantile of past misses is over horizons up to the asked one and grows beyond the longest', () => {
  const misses = [0.1, 0.1, 0.1, 0.1].map((h, i) => miss(h, 0.01 * (i + 1))).concat([miss(0.5, 0.2)]);
  assert.equal(rollingHalfWidth(misses, 0.1, 0.9), 0.04);
  assert.equal(rollingHalfWidth(misses, 0.5, 0.9), 0.2);
  assert.ok(Math.abs(rollingHalfWidth(misses, 1, 0.9) - 0.4) < 1e-12);
});

test('it is the rank that the level asks for, of misses either way', () => {
  const misses = Array.from({ length: 19 }, (_, i) => miss(0.2, (i % 2 === 0 ? 1 : -1) * 0.01 * (i + 1)));
  assert.equal(rollingHalfWidth(misses, 0.2, 0.9), 0.18);
  assert.equal(rollingHalfWidth(misses, 0.2, 0.5), 0.1);
});

test('fewer than three that near: the nearest three speak for the distance', () => {
  const misses = [miss(0.9, 5), miss(0.6, 0.3), miss(0.3, 0.1), miss(0.4, 0.2)];
  assert.equal(rollingHalfWidth(misses, 0.1, 0.9), 0.3);
});

test('a blend is held to what the whole choice missed, a law to its own; without the one, the other', () => {
  const both = tested([miss(0.1, 1, 'auto'), miss(0.1, 2, 'power')]);
  assert.ok(isBlend(blended('power')) && !isBlend(fitted('power')));
  assert.deepEqual(relevantMisses(both, blended('power')), [both.misses[0]]);
  assert.deepEqual(relevantMisses(both, fitted('power')), [both.misses[1]]);
  const own = tested([miss(0.1, 2, 'power')]);
  assert.deepEqual(relevantMisses(own, blended('power')), own.misses);
  assert.deepEqual(relevantMisses(own, fitted('sigmoid')), []);
});

test('what is remembered is what would be found', () => {
  const misses = [0.1, 0.2, 0.3, 0.4].map((h) => miss(h, h / 10));
  for (const [horizon, level] of [
    [0.2, 0.9],
    [0.2, 0.5],
    [0.4, 0.9],
    [0.2, 0.9],
  ] as const)
    assert.equal(knownHalfWidth(misses, horizon, level), rollingHalfWidth(misses, horizon, level));
});
