// Row filters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWhere } from '../../../src/core/manifest/where.ts';

test('columns, operators and values', () => {
  assert.deepEqual(parseWhere('condition == raw_loss'), { column: 'condition', op: '=', value: 'raw_loss' });
  assert.deepEqual(parseWhere('family != "MoE, big"'), { column: 'family', op: '!=', value: 'MoE, big' });
  assert.deepEqual(parseWhere('N>=1e9'), { column: 'N', op: '>=', value: '1e9' });
  assert.deepEqual(parseWhere('"Model Size (B)" < 10'), { column: 'Model Size (B)', op: '<', value: '10' });
  assert.deepEqual(parseWhere('model in [a, b]'), { column: 'model', op: 'in', value: 'a, b' });
  assert.deepEqual(parseWhere('note = '), { column: 'note', op: '=', value: '' });
  assert.deepEqual(parseWhere('domain = x'), { column: 'domain', op: '=', value: 'x' });
});

test('what is no filter', () => {
  for (const text of ['abc', '', '== x', 'a >']) assert.equal(parseWhere(text), null, text);
});
