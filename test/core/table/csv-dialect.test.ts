import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectDialect } from '../../../src/core/table/csv-dialect.ts';

test('the delimiter that cuts lines evenly', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['a,b,c\n1,2,3\n', ',', 3],
    ['a;b\n1,5;2,5\n3,25;4\n', ';', 2],
    ['a\tb, c\n1\t2\n', '\t', 2],
    ['a|b|c\n1|2|3\n', '|', 3],
    ['"x;y",b\n"p;q",2\n', ',', 2],
    ['one\ntwo\n', ',', 1],
    ['model,params,acc\na;1B,0.3\n', ',', 3],
  ];
  for (const [text, delimiter, fields] of cases) {
    const found = detectDialect(text);
    assert.deepEqual([found.delimiter, found.fields], [delimiter, fields], JSON.stringify(text));
  }
});
