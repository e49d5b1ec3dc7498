// Texts in columns of numbers are said: they leave no trace in a chart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText } from '../study/tables.ts';

const found = (text: string): readonly (readonly [line: number, character: number, message: string])[] =>
  fromText(text)
    .findings.filter(({ code, message }) => code === 'data.missing' && /no numbers?/.test(message))
    .map(({ range, message }) => [range.start.line, range.start.character, message]);

const rows = (losses: readonly string[]): string =>
  `model,N,loss\n${losses.map((loss, i) => `m${i},${i + 1}e8,${loss}`).join('\n')}\n`;

test('one cell at its place, several with the first of them', () => {
  assert.deepEqual(found(rows(['3.4', 'oops', '3.0', '2.9', '2.8'])), [
    [2, 7, 'One cell of “loss” is no number and counts as missing: “oops”.'],
  ]);
  assert.deepEqual(found(rows(['3.4', 'oops', '3.0', 'diverged', '2.8', '2.7', '2.6'])), [
    [2, 7, '2 cells of “loss” are no numbers and count as missing: “oops”, “diverged”.'],
  ]);
});

test('empty cells and ways to say “nothing here” are none', () => {
  assert.deepEqual(found(rows(['3.4', '', '3.0', 'N/A', '2.8', '-', '2.6'])), []);
});
