import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeText } from '../../../src/core/render/place.ts';

test('lines and columns are counted from one', () => {
  const range = { start: { line: 0, character: 4 }, end: { line: 2, character: 0 } };
  assert.equal(placeText('runs/a.csv', range), 'runs/a.csv:1:5');
});
