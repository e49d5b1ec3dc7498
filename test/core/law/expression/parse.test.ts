import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOf, parseFormula } from '../../../../src/core/law/expression/parse.ts';

function problem(text: string): { message: string; at: number } {
  const result = parseFormula(text);
  assert.ok(!result.ok, `${text} should not parse`);
  return result.error;
}

test('names in order of appearance, functions and pi are none', () => {
  const result = parseFormula('E + A*exp(-x/pi) + E*N^-alpha');
  assert.ok(result.ok);
  assert.deepEqual(namesOf(result.value), ['E', 'A', 'x', 'N', 'alpha']);
});

test('errors know their character', () => {
  assert.equal(problem('a + $b').at, 4);
  assert.equal(problem('a b').at, 2);
  assert.equal(problem('(a + b').at, 6);
  assert.equal(problem('a + b)').at, 5);
  assert.equal(problem('').at, 0);
  assert.equal(problem('a ** 2').at, 2);
  assert.equal(problem('exp + 1').at, 0);
  assert.equal(problem('ln(x)').at, 0);
  assert.match(problem('ln(x)').message, /log is the natural logarithm/);
  assert.equal(problem('2x').at, 0);
  assert.equal(problem('a * / b').at, 4);
  assert.equal(problem('1e999').at, 0);
});

test('endless nesting and length are refused, not followed', () => {
  assert.match(problem('('.repeat(5000) + 'x' + ')'.repeat(5000)).message, /nested|longer/);
  assert.match(problem('-'.repeat(5000) + 'x').message, /nested/);
  assert.match(problem('x+'.repeat(20000) + 'x').message, /longer/);
});
