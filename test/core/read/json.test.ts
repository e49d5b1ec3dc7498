// The tolerant JSON parser: every value at its place, every fault at its place, JSON.parse as the oracle for sound texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson, parseJsonValues } from '../../../src/core/read/json.ts';
import { at, entriesOf, has, type Node, numberOf, textOf } from '../../../src/core/read/tree.ts';
import { LM_EVAL } from './texts.ts';

function plain(node: Node | null): unknown {
  if (node === null) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key, plain(value)]));
}

test('sound texts read as JSON.parse reads them', () => {
  const texts = [
    '{}',
    '[]',
    ' [1, -2.5e-3, "a\\n\\u00e9\\"", true, false, null, {"k": [[]]}] ',
    LM_EVAL,
    '"alone"',
    '12',
    '{"a":{"b":{"c":1}}}',
  ];
  for (const text of texts) {
    const { root, problems } = parseJson(text);
    assert.deepEqual(plain(root), JSON.parse(text), text);
    assert.deepEqual(problems, []);
  }
});

test('values and keys know their places', () => {
  const text = '{"n": 12, "s": "x y"}';
  const { root } = parseJson(text);
  const [n, s] = entriesOf(root as Node);
  assert.equal(text.slice(n?.keySpan.start, n?.keySpan.end), '"n"');
  assert.equal(text.slice(n?.value.span.start, n?.value.span.end), '12');
  assert.equal(text.slice(s?.value.span.start, s?.value.span.end), '"x y"');
});

const FAULTS: readonly (readonly [text: string, at: string, says: RegExp, value: unknown])[] = [
  ['{"a": 1,}', ',', /trailing comma/, { a: 1 }],
  ['[1, 2,]', ',]', /trailing comma/, [1, 2]],
  ['{"a": 1 "b": 2}', '"b"', /comma is missing/, { a: 1, b: 2 }],
  ['{"a" 1, "b": 2}', '1', /colon is missing/, { b: 2 }],
  ["{'a': 1}", "'", /single quotes/, { a: 1 }],
  ['{a: 1}', 'a', /without quotes/, { a: 1 }],
  ['{"a": [1, 2}', '}', /expected/, { a: [1, 2] }],
  ['{"a": "x\n, "b": 2}', '"x', /not closed/, undefined],
  ['{"a": 1} trailing', 'trailing', /after the end/, { a: 1 }],
  ['{"a": 1, "b": {"c": 2', '{"c"', /cut off/, { a: 1, b: { c: 2 } }],
  ['{"a": 1e999}', '1e999', /larger/, { a: Number.POSITIVE_INFINITY }],
  ['{"a": yes}', 'yes', /no JSON value/, { a: 'yes' }],
];

for (const [text, where, says, value] of FAULTS) {
  test(`${JSON.stringify(text)} is read, and the fault is shown`, () => {
    const { root, problems } = parseJson(text);
    const found = problems.find(({ message }) => says.test(message));
    assert.ok(found !== undefined, JSON.stringify(problems));
    assert.equal(
      found.span.start,
      text.lastIndexOf(where) >= 0 && where === ',' ? text.lastIndexOf(where) : text.indexOf(where),
    );
    if (value !== undefined) assert.deepEqual(plain(root), value);
  });
}

test('what Python writes (NaN, Infinity, None, True) is read without a fault', () => {
  const { root, problems } = parseJson('[NaN, -Infinity, None, True]');
  assert.deepEqual(plain(root), [Number.NaN, Number.NEGATIVE_INFINITY, null, true]);
  assert.deepEqual(problems, []);
});

test('__proto__ is a key like any other, and pollutes nothing', () => {
  const { root } = parseJson('{"__proto__": {"polluted": 1}, "constructor": 2}');
  assert.equal(numberOf(at(root as Node, '__proto__', 'polluted')), 1);
  assert.equal(has(root as Node, 'toString'), false);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('a key twice: the last counts, and it is said where it stands', () => {
  const { root, problems } = parseJson('{"a": 1, "a": 2}');
  assert.equal(numberOf(at(root as Node, 'a')), 2);
  assert.deepEqual(
    problems.map(({ message, span }) => [message, span]),
    [['the key a stands twice in one map; the last one counts', { start: 9, end: 12 }]],
  );
  const keys = Array.from({ length: 100 }, (_, i) => `"k${i}": ${i}`).join(', ');
  assert.equal(parseJson(`{${keys}, "k7": 0}`).problems.length, 1);
  assert.equal(parseJson(`{${keys}}`).problems.length, 0);
});

test('depth is bounded', () => {
  const { problems } = parseJson('['.repeat(100_000));
  assert.match(problems.map(({ message }) => message).join(), /deeper than 200/);
});

test('several values: lines, and objects without a newline between them', () => {
  assert.deepEqual(parseJsonValues('{"a":1}\n{"a":2}\n').values.map(plain), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(parseJsonValues('{"a":1}{"a":2}').values.map(plain), [{ a: 1 }, { a: 2 }]);
  const broken = parseJsonValues('{"a":1}\n{"a":\n{"a":3}\n');
  assert.ok(broken.problems.length > 0);
  assert.equal(textOf(parseJson('"x"').root as Node), 'x');
});
