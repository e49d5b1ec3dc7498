import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/study/draft.ts';
import { DraftList, type DraftSource } from '../../../src/core/study/draft-list.ts';
import { makePoint } from '../law/series.ts';

/** Rows whose score is their number and an offset. */
class Numbered implements DraftSource {
  made = 0;
  readonly #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  score(row: number): number {
    return this.#offset + row;
  }

  draft(row: number): Draft {
    this.made++;
    return makePoint(Number.NaN, this.score(row), row);
  }
}

const held = (y: number): Draft => makePoint(Number.NaN, y, 0);
const scores = (list: DraftList): number[] => list.all().map((d) => d.y);

test('rows of several sources and drafts of their own, in the order in which they came', () => {
  const list = new DraftList();
  const [a, b] = [new Numbered(100), new Numbered(200)];
  const expected: number[] = [];
  for (let row = 0; row < 40; row++) {
    const source = row % 20 < 15 ? a : b;
    list.addRow(source, row);
    expected.push(source.score(row));
    if (row % 9 !== 0) continue;
    list.add(held(row / 10));
    expected.push(row / 10);
  }
  assert.equal(list.length, expected.length);
  assert.deepEqual([...list.scores()], expected);
  assert.equal(a.made + b.made, 0, 'scores need no drafts');
  assert.deepEqual(scores(list), expected);
});

test('a draft taken out leaves the others in their order, wherever it stood', () => {
  for (let at = 0; at < 9; at++) {
    const list = new DraftList();
    for (let i = 0; i < 3; i++) list.addRow(new Numbered(0), i);
    for (let i = 3; i < 6; i++) list.add(held(i));
    for (let i = 6; i < 9; i++) list.addRow(new Numbered(0), i);
    list.remove(at);
    list.addRow(new Numbered(0), 9);
    const left = Array.from({ length: 10 }, (_, i) => i).filter((i) => i !== at);
    assert.deepEqual(scores(list), left);
    assert.deepEqual([...list.scores()], left);
  }
});

test('a list without drafts', () => {
  const list = new DraftList();
  assert.deepEqual([list.length, list.all(), [...list.scores()]], [0, [], []]);
});
