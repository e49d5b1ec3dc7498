import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FULL } from '../../../src/core/effort.ts';
import { candidateLaws } from '../../../src/core/forecast/select.ts';
import type { Shape } from '../../../src/core/report-model.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const losses = (n: number, sizes: (i: number) => { params?: number; tokens?: number } = () => ({})) =>
  makeSeries(Array.from({ length: n }, (_, i) => makePoint(10 ** (18 + i / 6), 3 - i / 50, i, sizes(i))));
const laws = (series: ReturnType<typeof losses>, ...more: [Shape?, typeof FULL?]): string[] =>
  candidateLaws(series, [...series.points], ...more);
const turned = { label: 'u-shaped' } as Shape;

test('more points of a loss allow more parameters', () => {
  assert.deepEqual(laws(losses(6)), ['power', 'power-offset', 'log-linear']);
  assert.deepEqual(laws(losses(9)), ['power', 'power-offset', 'shifted-power', 'log-linear']);
  assert.deepEqual(laws(losses(12)), ['power', 'power-offset', 'shifted-power', 'm4', 'log-linear']);
  assert.deepEqual(laws(losses(18)), ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'log-linear']);
});

test('with less effort flexible laws are left out, a broken one only where nothing turns', () => {
  const less = { ...FULL, flexibleLaws: false };
  assert.deepEqual(candidateLaws(losses(18), [...losses(18).points], null, less), [
    'power',
    'power-offset',
    'log-linear',
  ]);
  assert.ok(candidateLaws(losses(18), [...losses(18).points], turned, less).includes('bnsl1'));
});

test('a law of size and data needs both, of every model, and not one a function of the other', () => {
  const size = (i: number) => 1e8 * 2 ** (i % 4);
  const free = (i: number) => ({ params: size(i), tokens: 1e9 * 3 ** (i % 3) });
  const has = (series: ReturnType<typeof losses>) => laws(series).includes('chinchilla');
  assert.ok(has(losses(8, free)));
  assert.ok(!has(losses(6, free)), 'six are too few');
  assert.ok(!has(losses(8, (i) => (i === 3 ? { params: size(i) } : free(i)))), 'one without tokens');
  assert.ok(!has(losses(8, (i) => ({ params: size(i), tokens: 20 * size(i) }))), 'one ratio');
  assert.ok(!has(losses(8, (i) => ({ params: size(i), tokens: 1e9 * 3 ** (i % 2) }))), 'two numbers of tokens');
});

test('a bounded score has its sigmoid, and a broken law where it turns', () => {
  const scores = { ...losses(18), isLoss: false, lower: 0, upper: 1 };
  assert.deepEqual(laws(scores), ['sigmoid', 'log-linear']);
  assert.deepEqual(laws(scores, turned), ['sigmoid', 'bnsl1', 'log-linear']);
  assert.deepEqual(laws({ ...scores, upper: null }), ['log-linear'], 'a score without a ceiling');
});
