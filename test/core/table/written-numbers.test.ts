// Numbers as prose and printed tables write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNumber } from '../../../src/core/table/numbers.ts';
import { plainForm, writesDecimalComma } from '../../../src/core/table/written-numbers.ts';

test('approximations, powers, words and remarks leave the number what it is', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['~10B', 1e10],
    ['≈ 3.38 B', 3.38e9],
    ['3.1×10²³', 3.1e23],
    ['2 Milliarden', 2e9],
    ['3.5 亿', 3.5e8],
    ['~10²⁵', 1e25],
    ['2 x 10^-3', 2e-3],
    ['10^{21}', 1e21],
    ['$3 \\times 10^{21}$', 3e21],
    ['2.9 e18', 2.9e18],
    ['22 057', 22057],
    ['4 Trillion', 4e12],
    ['1,020M tokens', 1.02e9],
    ['3.1 ZFLOPs', 3.1e21],
    ['1e21 FLOP', 1e21],
    ['6.66 (first try)', 6.66],
    ['671 B (37 B active)', 6.71e11],
    ['0.5 [0.4, 0.6]', 0.5],
    ['45.1 ± 0.3', 45.1],
    ['45.1% ± 0.3%', 45.1],
    ['3.07†', 3.07],
    ['−0.5*', -0.5],
    ['🟢 1.5448 (8.3M)', 1.5448],
  ];
  for (const [text, value] of cases) assert.equal(parseNumber(text), value, text);
});

test('bounds, ranges, rates, names and dates are no numbers', () => {
  for (const text of [
    '<0.1',
    '100M–1B',
    '598K tok/s',
    '8×7B',
    '1× H100',
    '2024-05-01',
    '0:42',
    '5-shot',
    '12 layers',
    '3 (a) b',
  ])
    assert.ok(Number.isNaN(parseNumber(text)), text);
});

test('plain numbers and names are left alone at once', () => {
  for (const text of ['0.25', '1e9', '7B', 'pythia-1.4b', 'about 3B', '', `1${'0'.repeat(90)} (long)`])
    assert.equal(plainForm(text), null, text);
});

test('a decimal comma is told by cells that can be nothing else, and by no cell that says otherwise', () => {
  assert.ok(writesDecimalComma(['134.515.008', '17,954', 'Original']));
  assert.ok(writesDecimalComma(['0,4657', '23 M']));
  assert.ok(writesDecimalComma(['1,4B']));
  assert.ok(!writesDecimalComma(['1,024', '2,048']));
  assert.ok(!writesDecimalComma(['12,5', '3.14']));
  assert.ok(!writesDecimalComma(['model', '512']));
});

test('count words of other languages', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['7 млрд', 7e9],
    ['1.5 млн.', 1.5e6],
    ['130 Mio.', 1.3e8],
    ['7 Mrd.', 7e9],
    ['13 mil millones', 1.3e10],
    ['2 bilhões', 2e9],
    ['3 兆', 3e12],
  ];
  for (const [text, value] of cases) assert.equal(parseNumber(text), value, text);
});
