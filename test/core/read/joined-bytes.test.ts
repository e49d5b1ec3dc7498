import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinedBytes } from '../../../src/core/read/joined-bytes.ts';

test('pieces stand one after another, a single one is not copied', () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  assert.deepEqual(joinedBytes([a, new Uint8Array(0), b]), Uint8Array.of(1, 2, 3));
  assert.equal(joinedBytes([a]), a);
  assert.equal(joinedBytes([]).length, 0);
});
