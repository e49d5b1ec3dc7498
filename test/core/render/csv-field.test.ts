import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvField, quotedField } from '../../../src/core/render/csv-field.ts';

test('formulas are disarmed', () => {
  assert.equal(csvField('=1+1'), "'=1+1");
  assert.equal(csvField('@SUM(A1)'), "'@SUM(A1)");
  assert.equal(csvField('-model'), "'-model");
  assert.equal(csvField('-3'), '-3');
  assert.equal(csvField('=A1,"B"'), '"\'=A1,""B"""');
});

test('text is quoted where it must be, and only there', () => {
  assert.equal(csvField('a;b', ';'), '"a;b"');
  assert.equal(csvField('a;b'), 'a;b');
  assert.equal(quotedField('=1+1'), '=1+1');
  assert.equal(quotedField('a,b'), '"a,b"');
  assert.equal(quotedField('say "x"'), '"say ""x"""');
  assert.equal(quotedField('two\nlines'), '"two\nlines"');
  assert.equal(quotedField(' padded'), '" padded"');
});

test('what is no number has no cell', () => {
  assert.deepEqual(
    [1e-300, true, null, Number.NaN].map((value) => csvField(value)),
    ['1e-300', 'true', '', ''],
  );
});
