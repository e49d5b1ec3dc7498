import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Newest } from '../../src/client/newest.ts';

/** Fetches that a test answers by hand, and what came of them. */
function setup() {
  const asked: { key: string; answer: (value: string) => void; refuse: (why: string) => void }[] = [];
  const shown: string[] = [];
  const newest = new Newest<string>({
    fetch: (key) =>
      new Promise((resolve, reject) => {
        asked.push({ key, answer: resolve, refuse: (why) => reject(new Error(why)) });
      }),
    show: (key, value) => shown.push(`${key}: ${value}`),
    fail: (key, error) => shown.push(`${key}: ${(error as Error).message}!`),
  });
  const keys = () => asked.map(({ key }) => key).join('');
  const rest = () => new Promise((resolve) => setImmediate(resolve));
  return { newest, asked, shown, keys, rest };
}

test('changes while an answer is under way are answered once more, not once each', async () => {
  const { newest, asked, shown, keys, rest } = setup();
  for (let i = 0; i < 5; i++) newest.want('a');
  assert.equal(keys(), 'a');
  newest.want('a');
  asked[0]?.answer('one');
  await rest();
  assert.equal(keys(), 'aa');
  asked[1]?.answer('two');
  await rest();
  assert.equal(keys(), 'aa');
  assert.deepEqual(shown, ['a: one', 'a: two']);
});

test('another key does not wait for the answer about the one before, which is not shown any more', async () => {
  const { newest, asked, shown, keys, rest } = setup();
  newest.want('a');
  newest.want('b');
  assert.equal(keys(), 'ab', 'asked at once');
  asked[1]?.answer('new');
  asked[0]?.answer('old');
  await rest();
  assert.deepEqual(shown, ['b: new']);
});

test('back and forth: only the last question counts', async () => {
  const { newest, asked, shown, keys, rest } = setup();
  newest.want('a');
  newest.want('b');
  newest.want('a');
  assert.equal(keys(), 'aba');
  for (const [i, { answer }] of asked.entries()) answer(`${i}`);
  await rest();
  assert.deepEqual(shown, ['a: 2']);
});

test('a refusal is told and ends nothing; what is dropped is neither shown nor told', async () => {
  const { newest, asked, shown, rest } = setup();
  newest.want('a');
  asked[0]?.refuse('nothing there');
  await rest();
  newest.want('a');
  asked[1]?.answer('one');
  await rest();
  newest.want('a');
  newest.want('a');
  newest.drop();
  asked[2]?.refuse('too late');
  await rest();
  assert.deepEqual(shown, ['a: nothing there!', 'a: one']);
  assert.equal(asked.length, 3);
});
