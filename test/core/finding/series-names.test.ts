import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesNames } from '../../../src/core/finding/series-names.ts';

const one = (id: string, facets: Record<string, string> = {}, family: string | null = null) => ({
  id,
  task: 'qa',
  metric: 'acc',
  family,
  facets,
});

const names = (...series: readonly ReturnType<typeof one>[]) => [...seriesNames(series).values()];

test('alone a series is its task and metric, whatever its facets', () => {
  assert.deepEqual(names(one('a', { split: 'test' }, 'gpt')), ['qa (acc)']);
});

test('of facets only what differs is said, a bare number with its key', () => {
  assert.deepEqual(names(one('a', { split: 'test', shots: '0' }), one('b', { split: 'test', shots: '5' })), [
    'qa (acc, shots 0)',
    'qa (acc, shots 5)',
  ]);
  assert.deepEqual(names(one('a', { filter: 'strict' }), one('b', { filter: 'flexible' }), one('c')), [
    'qa (acc, strict)',
    'qa (acc, flexible)',
    'qa (acc)',
  ]);
});

test('what goes together is said once; families stand beside facets', () => {
  assert.deepEqual(names(one('a', { suite: 'bbh', shots: '3' }), one('b', { suite: 'cot', shots: '0' })), [
    'qa (acc, bbh)',
    'qa (acc, cot)',
  ]);
  assert.deepEqual(names(one('a', { f: 'x' }, 'gpt'), one('b', { f: 'y' }, 'gpt'), one('c', { f: 'x' }, 'opt')), [
    'qa (acc, gpt, x)',
    'qa (acc, gpt, y)',
    'qa (acc, opt, x)',
  ]);
});

test('other tasks and metrics are no siblings', () => {
  const other = { ...one('b', { split: 'dev' }), metric: 'loss' };
  assert.deepEqual(names(one('a', { split: 'test' }), other), ['qa (acc)', 'qa (loss)']);
});

test('a task called like its metric is said once', () => {
  const bare = (id: string, facets: Record<string, string>) => ({ ...one(id, facets), task: 'acc' });
  assert.deepEqual(names(bare('a', {})), ['acc']);
  assert.deepEqual(names(bare('a', { split: 'test' }), bare('b', { split: 'dev' })), ['acc (test)', 'acc (dev)']);
});
