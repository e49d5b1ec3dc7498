import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText } from '../../src/cli/json-text.ts';

const text = (value: unknown) => [...jsonText(value)].join('');

test('the text reads back as what JSON.stringify would have written', () => {
  for (const value of [
    null,
    3,
    'a "quoted"\nline',
    [],
    {},
    { a: undefined, b: null, c: [undefined, Number.NaN], d: { e: [] } },
    { x: [1, 2], rows: [{ y: 1, low: null }, null], deep: [[1], [[2]]], 'key "k"': { a: { b: { c: true } } } },
    Array.from({ length: 40 }, (_, i) => ({ y: i, low: i - 1 })),
    { list: Array.from({ length: 40 }, (_, i) => ({ i, inner: [i] })) },
  ])
    assert.deepEqual(JSON.parse(text(value)), JSON.parse(JSON.stringify(value)));
});

test('fields on lines of their own, numbers and small records of a long list on one', () => {
  assert.equal(
    text({ a: 1, x: [1, 2], findings: [{ code: 'c', at: { line: 1 } }], none: [] }),
    '{\n "a": 1,\n "x": [1,2],\n "findings": [\n  {\n   "code": "c",\n   "at": {\n    "line": 1\n   }\n  }\n ],\n "none": []\n}\n',
  );
  assert.equal(text(Array.from({ length: 40 }, (_, y) => ({ y }))).split('\n').length, 2);
});

test('a large value comes in pieces', () => {
  const pieces = [...jsonText({ series: Array.from({ length: 300 }, () => ({ x: Array(200).fill(0.125), n: {} })) })];
  assert.ok(pieces.length > 3);
  assert.ok(pieces.every((piece) => piece.length < 100_000));
});
