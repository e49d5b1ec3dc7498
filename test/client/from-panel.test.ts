import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saidBy, uriOf } from '../../src/client/from-panel.ts';

const census = { width: 10, height: 10, painted: 5, colours: 3 };
const drawn = {
  type: 'drawn',
  uri: 'file:///a.csv',
  version: 3,
  series: 'task/accuracy',
  law: null,
  milliseconds: 12.5,
  census,
  plotted: { points: [[1, 2]], curve: [], threshold: null, chance: null },
};
const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } };

test('what the page says in the right shape is taken', () => {
  assert.deepEqual(saidBy({ type: 'ready', state: { uri: 'file:///a.csv', tab: 'chart' } }), {
    type: 'ready',
    uri: 'file:///a.csv',
  });
  assert.deepEqual(saidBy({ type: 'ready', state: null }), { type: 'ready', uri: null });
  assert.equal(saidBy(drawn)?.type, 'drawn');
  assert.deepEqual(saidBy({ type: 'reveal', uri: 'file:///a.csv', range }), {
    type: 'reveal',
    uri: 'file:///a.csv',
    range,
  });
  assert.deepEqual(saidBy({ type: 'log', level: 'warn', message: 'slow' }), {
    type: 'log',
    level: 'warn',
    message: 'slow',
  });
});

test('anything else is nothing, and never throws', () => {
  for (const message of [
    null,
    undefined,
    7,
    'ready',
    [],
    {},
    { type: 'other' },
    { type: 'log', level: 'dispose', message: 'x' },
    { type: 'log', level: 'info' },
    { type: 'reveal', uri: 'file:///a.csv' },
    { type: 'reveal', uri: 7, range },
    { type: 'reveal', uri: 'file:///a.csv', range: { start: { line: -1, character: 0 }, end: range.end } },
    { type: 'reveal', uri: 'file:///a.csv', range: { start: { line: 0.5, character: 0 }, end: range.end } },
    { ...drawn, milliseconds: '12' },
    { ...drawn, census: null },
    { ...drawn, plotted: {} },
    { ...drawn, version: Number.NaN },
  ])
    assert.equal(saidBy(message), null, JSON.stringify(message));
});

test('a kept state of another version gives its file, or none', () => {
  assert.equal(uriOf({ uri: 'file:///a.csv' }), 'file:///a.csv');
  for (const state of [null, undefined, 'x', {}, { uri: 3 }]) assert.equal(uriOf(state), null);
});
