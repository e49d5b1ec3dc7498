import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missWords } from '../../../src/core/forecast/miss-words.ts';

test('small misses of ln y are percent, large ones factors', () => {
  assert.equal(missWords(0.0123, 'ln y', false), '1.2\u00a0%');
  assert.equal(missWords(1.5, 'ln y', false), 'a factor of 4.5');
});

test('misses of scores stand in their own units', () => {
  assert.equal(missWords(0.0341, 'y', false), '0.034');
  assert.equal(missWords(3.41, 'y', true), '3.4 percentage points');
});
