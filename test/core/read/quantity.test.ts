// Quantities as people write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantityText, readQuantity } from '../../../src/core/read/quantity.ts';

const READ: readonly (readonly [text: string, value: number, unit: string | null])[] = [
  ['7B', 7e9, null],
  ['1.4T', 1.4e12, null],
  ['739_328', 739328, null],
  ['299,892,736,000', 299892736000, null],
  ['3e22', 3e22, null],
  ['5 ZFLOP', 5e21, 'FLOP'],
  ['3e22 FLOPs', 3e22, 'FLOP'],
  ['180 GFLOP', 1.8e11, 'FLOP'],
  ['2e12T', 2e12, 'tokens'],
  ['160BT', 1.6e11, 'tokens'],
  ['12 PF-days', 12 * 8.64e19, 'FLOP'],
  ['160m', 1.6e8, null],
];

for (const [text, value, unit] of READ) {
  test(text, () => {
    const found = readQuantity(text);
    assert.ok(found !== null);
    assert.ok(Math.abs(found.value / value - 1) < 1e-12, String(found.value));
    assert.equal(found.unit, unit);
  });
}

test('what is no quantity', () => {
  for (const text of [
    '',
    'x',
    '7Q',
    '{metric_value}',
    '1.2.3',
    '--5',
    '7 B B',
    'step143000',
    '2026-01-02',
    `${'9'.repeat(80)}`,
  ])
    assert.equal(readQuantity(text), null, text);
});

test('shown for people', () => {
  assert.equal(quantityText(3e22), '3×10²²');
  assert.equal(quantityText(1e9), '10⁹');
  assert.equal(quantityText(0.25), '0.25');
  assert.equal(quantityText(1414647808), '1.414647808×10⁹');
  assert.equal(quantityText(2e-7), '2×10⁻⁷');
});
