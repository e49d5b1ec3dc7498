import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from '../../src/cli/table.ts';

test('numbers stand to the right, words to the left, rules under the header', () => {
  const rows = [
    ['series', 'n', 'law', 'note'],
    ['a/loss', '7', 'power', 'x'],
    ['b/loss', '1203', '–', ''],
  ];
  assert.deepEqual(table(rows, true), [
    'series     n  law    note',
    '──────  ────  ─────  ────',
    'a/loss     7  power  x',
    'b/loss  1203  –',
  ]);
});

test('what one pastes into --series is never cut, the last column ends where the terminal does', () => {
  const id = `task/${'x'.repeat(60)}`;
  const [line] = table([[id, 'y'.repeat(60), 'z'.repeat(200)]], false, 150);
  assert.ok(line?.startsWith(`${id}  ${'y'.repeat(43)}…  zzz`));
  assert.equal([...(line ?? '')].length, 150);
  const [piped] = table([[id, 'b', 'z'.repeat(200)]], false, Number.POSITIVE_INFINITY);
  assert.ok(piped?.endsWith('z'.repeat(200)));
});

test('where a terminal is too narrow, the last columns follow under their row with their names', () => {
  const rows = [
    ['series', 'n', 'range', 'shape', 'law', 'parameters ± standard error'],
    ['validation/loss', '12', '1.4×10¹⁷ to 1.1×10²² FLOP', 'positive', 'power-offset', 'e 1.705 ± 0.020, b 1160 ± 130'],
    ['hindsight/accuracy', '12', '1.4×10¹⁷ to 1.1×10²² FLOP', 'u-shaped', '–', ''],
  ];
  const lines = table(rows, true, 72);
  assert.deepEqual(lines, [
    'series               n  range                      shape',
    '──────────────────  ──  ─────────────────────────  ────────',
    'validation/loss     12  1.4×10¹⁷ to 1.1×10²² FLOP  positive',
    '      law: power-offset · parameters ± standard error: e 1.705 ± 0.020,',
    '      b 1160 ± 130',
    'hindsight/accuracy  12  1.4×10¹⁷ to 1.1×10²² FLOP  u-shaped',
  ]);
  for (const room of [40, 60, 72, 80, 100])
    for (const line of table(rows, true, room)) assert.ok([...line].length <= Math.max(room, 47), `${room}: ${line}`);
  assert.equal(table(rows, true, 200).length, 4, 'with room enough nothing is folded');
});
