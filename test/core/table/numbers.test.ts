import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isMissing,
  parseDecimalComma,
  parseNumber,
  parseQuantity,
  showNumber,
} from '../../../src/core/table/numbers.ts';

test('numbers as people write them', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['6.9e9', 6.9e9],
    ['1.1E+07', 1.1e7],
    ['3e+20', 3e20],
    ['84.0', 84],
    ['180000200267.03845', 180000200267.03845],
    ['210M', 210e6],
    ['802.8K', 802.8e3],
    ['11%', 11],
    ['739_328', 739328],
    ['299,892,736,000', 299892736000],
    ['9456351902178213888', 9456351902178213888],
    ['-0.5', -0.5],
    ['.25', 0.25],
    ['5.', 5],
    [' 42 ', 42],
    ['-1e-3', -1e-3],
    ['−3', -3],
    ['1.797e308', 1.797e308],
    ['1e-320', 1e-320],
    ['0.1234567890123456789', 0.1234567890123456789],
    ['inf', Infinity],
  ];
  for (const [text, value] of cases) {
    assert.equal(parseNumber(text), value, text);
  }
});

test('what is no number', () => {
  for (const text of [
    '',
    '-',
    'N/A',
    '2e12T',
    '1,23',
    '1_2',
    '1xC',
    '160BT',
    'step3',
    '1.2.3',
    '0x10',
    '<40',
    '8×7B',
    '100M–1B',
    '2024-05-01',
    '598K tok/s, 33.3% MFU',
    '1× H100',
    '2 of 3',
    '1e',
    'e5',
    '+',
    '12 apples',
    '--1',
  ]) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
});

test('missing spellings, decimal commas, quantities', () => {
  for (const text of ['', '-', ' N/A ', 'NaN', 'null', '#REF!', '   ']) assert.ok(isMissing(text), text);
  assert.ok(!isMissing('0'));
  assert.equal(parseDecimalComma('0,25'), 0.25);
  assert.equal(parseDecimalComma('1.234,5'), 1234.5);
  assert.deepEqual(
    ['7B', '1.4T', '739_328', '5 ZFLOP', '3e22 FLOP', '180 GFLOPs', '2 trillion tokens'].map(parseQuantity),
    [7e9, 1.4e12, 739328, 5e21, 3e22, 180e9, 2e12],
  );
  assert.ok(Number.isNaN(parseQuantity('2e12T')));
  assert.equal(showNumber(1.4e9), '1.4e9');
  assert.equal(showNumber(0.25), '0.25');
});
