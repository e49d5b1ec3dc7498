import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnNumbers } from '../../../src/core/table/csv-numbers.ts';
import { tokenizeCsv } from '../../../src/core/table/csv-tokens.ts';
import { parseDecimalComma, parseNumber } from '../../../src/core/table/numbers.ts';

/** The numbers of cells that stand one a line behind a name, `;` between them. */
function numbersOf(cells: readonly string[], decimalComma = false): number[] {
  const text = cells.map((cell) => `x;${cell}\n`).join('');
  const units = new TextEncoder().encode(text);
  const tokens = tokenizeCsv({ units, from: 0, length: units.length, delimiter: ';', maxLine: 1e6 });
  assert.equal(tokens.rows, cells.length);
  const rows = Uint32Array.from(cells.keys());
  const slice = (start: number, end: number): string => new TextDecoder().decode(units.subarray(start, end));
  return [...(columnNumbers(units, tokens, rows, [1], decimalComma, slice)[0] as Float64Array)];
}

const SPELLINGS = [
  ...['6.9e9', '1.1E+07', '3e+20', '84.0', '180000200267.03845', '210M', '802.8K', '11%', '739_328', '299,892,736,000'],
  ...[
    '9456351902178213888',
    '-0.5',
    '.25',
    '5.',
    ' 42 ',
    '-1e-3',
    '−3',
    '1.797e308',
    '1e-320',
    '0.1234567890123456789',
  ],
  ...['inf', '-0', '+5', '007', '1e22', '1e23', '1e-22', '1e-23', '5.e3', '0e99', '-.5', '9007199254740993', '0.1e-7'],
  ...['9007199254740992', '9007199254740991', '9007199254740993e3', '18446744073709551615', '99999999999999999999'],
  ...['0000000000000000000000012.5', '12.50000000000000000000000', '1e400', '4.9e-324', '1E5', '1e+5', '1e05', '1e005'],
  ...['', '-', 'N/A', '2e12T', '1,23', '1_2', '1xC', '160BT', 'step3', '1.2.3', '0x10', '<40', '8×7B', '100M–1B'],
  ...[
    '2024-05-01',
    '1e',
    'e5',
    '+',
    '-e5',
    '.',
    '-.',
    '.e3',
    '1e+',
    '1e--3',
    '12 apples',
    '--1',
    '+-1',
    ' ',
    '\t',
    ' - ',
  ],
  ...['"12.5"', ' "12.5" ', '"1,5"', '"  7"', '"1e3 "', '""', '"nan"', '12:5', '12/5', '1 2', '1\t', '\u00a07', '１２'],
];

test('every spelling comes out as the grammar reads it, decimal comma or point', () => {
  const bare = SPELLINGS.map((text) => text.trim().replace(/^"(.*)"$/, '$1'));
  assert.deepEqual(numbersOf(SPELLINGS), bare.map(parseNumber));
  assert.deepEqual(numbersOf(SPELLINGS, true), bare.map(parseDecimalComma));
  const commas = [
    '0,25',
    '1.234,5',
    '1.5',
    '1,5e3',
    '12',
    ',5',
    '5,',
    '1,2,3',
    '1.234',
    '-0,000123456789012345678',
    '1.234.567,8',
  ];
  assert.deepEqual(numbersOf(commas, true), commas.map(parseDecimalComma));
});

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test('digits come out exactly as JavaScript reads them', () => {
  const next = generator(12345);
  const cells: string[] = [];
  for (let k = 0; k < 20_000; k++) {
    const value = (next() - 0.5) * 10 ** Math.floor(next() * 40 - 15);
    cells.push(String(value), value.toPrecision(5), value.toExponential(8), value.toFixed(6));
    // Sixteen to nineteen digits, where a double no longer holds them all.
    let digits = String(1 + Math.floor(9 * next()));
    while (digits.length < 15 + (k % 6)) digits += Math.floor(10 * next());
    const point = Math.floor(next() * digits.length);
    cells.push(digits, `${digits.slice(0, point)}.${digits.slice(point)}`, `${digits}e${Math.floor(next() * 45) - 22}`);
  }
  assert.deepEqual(numbersOf(cells), cells.map(Number));
});

test('halves between two doubles are rounded to even', () => {
  const cells: string[] = [];
  for (let k = 0n; k < 2000n; k++) {
    const low = 2n ** 53n + 2n * k * 7919n;
    for (const half of [low + 1n, 2n * low + 2n, 4n * low + 4n])
      for (const beside of [-1n, 0n, 1n])
        cells.push(String(half + beside), `${half + beside}e-3`, `${half + beside}e4`);
  }
  assert.deepEqual(numbersOf(cells), cells.map(Number));
});

test('rows left out, rows too short, rows longer than a window, many columns', () => {
  const row = (k: number): string =>
    k % 7 === 0 ? `${k}` : `${k},${k / 4},${'x'.repeat(k === 500 ? 200_000 : k % 9)},-${k}`;
  const text = Array.from({ length: 3000 }, (_, k) => row(k)).join('\r\n');
  const units = new TextEncoder().encode(text);
  const tokens = tokenizeCsv({ units, from: 0, length: units.length, delimiter: ',', maxLine: 1e6 });
  const rows = Uint32Array.from({ length: 3000 }, (_, k) => k).filter((k) => k % 3 !== 1);
  const slice = (start: number, end: number): string => text.slice(start, end);
  const [first, second, fourth] = columnNumbers(units, tokens, rows, [0, 1, 3], false, slice) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  rows.forEach((k, i) => {
    assert.equal(first[i], k);
    assert.equal(second[i], k % 7 === 0 ? Number.NaN : k / 4);
    assert.equal(fourth[i], k % 7 === 0 ? Number.NaN : -k);
  });
});
