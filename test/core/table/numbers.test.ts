import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeUnits } from '../../../src/core/table/code-units.ts';
import {
  isMissing,
  parseDecimalComma,
  parseNumber,
  parseQuantity,
  parseNumberAt as parseUnitsAt,
  showNumber,
} from '../../../src/core/table/numbers.ts';

const parseNumberAt = (text: string, start: number, end: number): number =>
  parseUnitsAt(codeUnits(text), start, end, (a, b) => text.slice(a, b));

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
    const padded = `xx${text}yy`;
    assert.equal(parseNumberAt(padded, 2, 2 + text.length), value, text);
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
    assert.ok(Number.isNaN(parseNumberAt(text, 0, text.length)), text);
  }
});

test('digits come out exactly as JavaScript reads them', () => {
  let seed = 12345;
  const next = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  for (let k = 0; k < 5000; k++) {
    const value = (next() - 0.5) * 10 ** Math.floor(next() * 40 - 15);
    for (const text of [String(value), value.toPrecision(5), value.toExponential(8), value.toFixed(6)]) {
      assert.equal(parseNumberAt(text, 0, text.length), Number(text), text);
    }
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
