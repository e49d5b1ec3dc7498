import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckerSpec, chosen, judge, numbersIn } from '../../../src/core/passuntil/checkers.ts';

const rows = (
  spec: CheckerSpec,
  cases: readonly (readonly [completion: string, answer: string, passes: boolean])[],
) => {
  for (const [completion, answer, passes] of cases) {
    assert.equal(judge(spec, completion, answer), passes, `${spec.type}: ${JSON.stringify(completion)} for ${answer}`);
  }
};

test('exact', () => {
  rows({ type: 'exact', trim: true, ignoreCase: false }, [
    [' yes\n', 'yes', true],
    ['Yes', 'yes', false],
    ['yes.', 'yes', false],
  ]);
  rows({ type: 'exact', trim: false, ignoreCase: true }, [
    ['YES', 'yes', true],
    ['yes ', 'yes', false],
  ]);
});

test('regex, with the answer as plain text inside', () => {
  rows({ type: 'regex', pattern: '^\\s*{{answer}}\\b', flags: 'i' }, [
    ['a.b then', 'A.B', true],
    ['axb', 'a.b', false],
    ['$1', '$1', true],
  ]);
  // The global flag would make a pattern remember where it stopped.
  rows({ type: 'regex', pattern: 'x', flags: 'g' }, [
    ['x', '', true],
    ['x', '', true],
  ]);
});

test('numeric', () => {
  assert.deepEqual(numbersIn('1,234.5 and -2e3, .5 or 7.'), [1234.5, -2000, 0.5, 7]);
  rows({ type: 'numeric', tolerance: 0.01, relative: 0, take: 'last' }, [
    ['2 + 2 = 4', '4', true],
    ['4.02', '4', false],
    ['none', '4', false],
    ['$1,000', '1000', true],
  ]);
  rows({ type: 'numeric', tolerance: 0, relative: 0.1, take: 'first' }, [['105, not 7', '100', true]]);
});

test('json', () => {
  rows({ type: 'json', path: ['a', 0, 'b'] }, [
    ['{"a":[{"b":3}]}', '3', true],
    ['```json\n{"a":[{"b":"x"}]}\n```', 'x', true],
    ['Here: {"a":[{"b":3}]} as asked', '3', true],
    ['{"a":[]}', '3', false],
    ['{"a":[{"__proto__":1}]}', '3', false],
    ['{', '3', false],
  ]);
  rows({ type: 'json', path: [] }, [
    ['{"y":[1,2],"x":1}', '{"x":1,"y":[1,2]}', true],
    ['{"x":1}', '{"x":1,"y":2}', false],
  ]);
});

test('choice', () => {
  assert.equal(chosen('(B) because', 4), 'B');
  assert.equal(chosen('The answer is c.', 4), 'C');
  assert.equal(chosen('Because of E', 4), null);
  rows({ type: 'choice', options: 4 }, [
    ['B', 'b', true],
    ['B. A', 'A', false],
    ['All of them', 'A', false],
  ]);
});

test('an external command is not judged here', () => {
  assert.equal(judge({ type: 'command', command: ['x'], timeout: 1 }, '', ''), null);
});
