import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from '../../../src/core/table/quantity.ts';

test('magnitude gates', () => {
  assert.equal(gate('params', 7e9).kind, 'ok');
  assert.equal(gate('compute', 1e9).kind, 'per-token');
  const small = gate('params', 0.4);
  assert.deepEqual(small.kind === 'outside' ? small.factors : null, [1e9, 1e6]);
  const tokens = gate('tokens', 300);
  assert.deepEqual(tokens.kind === 'outside' ? tokens.factors : null, [1e9, 1e12, 1e6]);
  const never = gate('params', 1e15);
  assert.deepEqual(never.kind === 'outside' ? never.factors : null, []);
});
