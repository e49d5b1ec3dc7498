import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  columnFormat,
  formatCount,
  formatInterval,
  formatMetric,
  formatNumber,
  formatP,
  formatPercent,
  formatPlusMinus,
  formatScale,
  formatScaleInterval,
  formatScientific,
  formatSigned,
  scaleTitle,
  superscript,
} from '../../../src/core/render/number.ts';

test('plain numbers keep their significant digits and lose their trailing zeros', () => {
  for (const [value, text] of [
    [0, '0'],
    [-0, '0'],
    [1.69, '1.69'],
    [406.4, '406'],
    [0.34, '0.34'],
    [0.3400001, '0.34'],
    [-0.155, '−0.155'],
    [0.001, '0.001'],
    [0.00099949, '9.99×10⁻⁴'],
    [0.0009996, '0.001'],
    [2048, '2048'],
    [12345.6, '12,346'],
    [999999, '999,999'],
    [1e6, '10⁶'],
    [1.5e-7, '1.5×10⁻⁷'],
    [-3e22, '−3×10²²'],
    [9.996, '10'],
    [Number.MIN_VALUE, '4.94×10⁻³²⁴'],
    [Number.MAX_VALUE, '1.8×10³⁰⁸'],
  ] as const) {
    assert.equal(formatNumber(value), text);
  }
});

test('what does not exist is a dash, never NaN, Infinity, null or undefined', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const all = [
      formatNumber(value),
      formatScientific(value),
      formatCount(value),
      formatScale(value, 'compute'),
      formatScale(value, 'params'),
      formatMetric(value, '%'),
      formatPercent(value),
      formatPlusMinus(value, 0.1),
      formatPlusMinus(value, value),
      formatInterval(value, value),
      formatSigned(value),
      formatP(value),
      formatPlusMinus(1, value),
      formatInterval(1, value),
    ];
    for (const text of all) assert.doesNotMatch(text, /NaN|Infinity|null|undefined/);
  }
  assert.equal(formatNumber(Number.NaN), '–');
  assert.equal(formatPlusMinus(0.5, Number.NaN), '0.5');
});

test('scales carry their unit: FLOP in powers of ten, counts in k, M, B, T', () => {
  assert.equal(formatScale(3e22, 'compute'), '3×10²²\u00a0FLOP');
  assert.equal(formatScale(1e24, 'compute'), '10²⁴\u00a0FLOP');
  assert.equal(formatScale(1.4e9, 'params'), '1.4B\u00a0parameters');
  assert.equal(formatScale(7e7, 'params'), '70M\u00a0parameters');
  assert.equal(formatScale(1.5e13, 'tokens'), '15T\u00a0tokens');
  assert.equal(formatScale(143000, 'steps'), '143k\u00a0steps');
  assert.equal(formatScale(512, 'steps'), '512\u00a0steps');
  assert.equal(formatScale(0.25, 'width'), '0.25');
  assert.equal(formatCount(999.9e6), '1B');
  assert.equal(formatCount(999.4), '999');
  assert.equal(formatCount(2e15), '2×10¹⁵');
  assert.equal(scaleTitle('compute'), 'Training compute (FLOP)');
  assert.equal(scaleTitle('d_model'), 'd_model');
  assert.equal(formatScaleInterval(2e21, 8.14e21, 'compute'), '2×10²¹ to 8.1×10²¹\u00a0FLOP');
  assert.equal(formatScaleInterval(null, 8e9, 'params'), 'at most 8B\u00a0parameters');
  assert.equal(formatScaleInterval(1, 2, 'width'), '1 to 2');
});

test('an error decides the digits of its value (Particle Data Group rounding)', () => {
  for (const [value, error, text] of [
    [0.827, 0.119, '0.83 ± 0.12'],
    [0.827, 0.367, '0.8 ± 0.4'],
    [0.3454, 0.0123, '0.345 ± 0.012'],
    [0.346, 0.0967, '0.35 ± 0.10'],
    [12345, 678, '12,300 ± 700'],
    // An error larger than the value does not round it away.
    [12846, 55315, '13,000 ± 55,000'],
    [4, 5500, '4 ± 5500'],
    [3.2134e22, 4.12e20, '(3.21 ± 0.04)×10²²'],
    [1.5e-7, 2e-8, '(1.50 ± 0.20)×10⁻⁷'],
    [-0.0004, 0.0123, '0.000 ± 0.012'],
    [0.5, 0, '0.5 ± 0'],
    [0.5, null, '0.5'],
  ] as const) {
    assert.equal(formatPlusMinus(value, error), text, `${value} ± ${error}`);
  }
  assert.equal(formatPlusMinus(52.31, 1.44, '%'), '(52.3 ± 1.4)\u00a0%');
});

test('intervals, percent, signs, p-values', () => {
  assert.equal(formatInterval(0.3312, 0.3578), '0.331 to 0.358');
  assert.equal(formatInterval(-0.06, 0.04), '−0.06 to 0.04');
  assert.equal(formatInterval(null, 2), 'at most 2');
  assert.equal(formatInterval(1e7, 3e7), '10⁷ to 3×10⁷');
  assert.equal(formatPercent(0.123), '12.3\u00a0%');
  assert.equal(formatPercent(0.9), '90\u00a0%');
  assert.equal(formatMetric(51.24, '%'), '51.2\u00a0%');
  assert.equal(formatSigned(0.0213), '+0.021');
  assert.equal(formatSigned(-0.5), '−0.5');
  assert.equal(formatSigned(0), '0');
  assert.equal(formatP(0.0312), 'p = 0.031');
  assert.equal(formatP(1e-9), 'p < 0.001');
  assert.equal(superscript(-120), '⁻¹²⁰');
});

test('the numbers of a column share their decimals', () => {
  const scores = [0.8097, 0.567, 0.32661, null];
  assert.deepEqual(scores.map(columnFormat(scores)), ['0.8097', '0.5670', '0.3266', '–']);
  const losses = [12.5, 3.14159, -0.02];
  assert.deepEqual(losses.map(columnFormat(losses)), ['12.50', '3.14', '−0.02']);
  const wide = [1e-9, 1, Number.NaN];
  assert.deepEqual(wide.map(columnFormat(wide)), ['10⁻⁹', '1', '–']);
  assert.equal(columnFormat([])(0.5), '0.5');
  assert.equal(columnFormat([0, 0.25])(0), '0.0000');
});
