import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KeptRow, keptRows, merge, newGroup, offer, thin } from '../../../src/core/read/thin.ts';

const BYTES = new Uint8Array(0);

function filled(xs: readonly number[], most: number, order = 0) {
  const group = newGroup();
  xs.forEach((x, i) => {
    offer(group, x, (): KeptRow => ({ x, order: order + i, line: order + i, bytes: BYTES }));
    thin(group, most);
  });
  return group;
}

const xsOf = (group: ReturnType<typeof newGroup>): number[] =>
  [...keptRows(group)].sort((a, b) => a.order - b.order).map((row) => row.x);

test('few rows are all kept', () => {
  const xs = [5, 3, 8, Number.NaN, 1];
  assert.deepEqual(xsOf(filled(xs, 10)), xs);
});

test('many rows cover the whole range of x, with both ends, and depend on nothing but the rows', () => {
  const xs = Array.from({ length: 20_000 }, (_, i) => 10 ** (18 + (6 * ((i * 7919) % 20_000)) / 20_000));
  const kept = xsOf(filled(xs, 200));
  assert.ok(kept.length <= 202 && kept.length > 100, String(kept.length));
  assert.ok(kept.includes(Math.min(...xs)) && kept.includes(Math.max(...xs)));
  for (let decade = 18; decade < 24; decade++) {
    const there = kept.filter((x) => x >= 10 ** decade && x < 10 ** (decade + 1)).length;
    assert.ok(there > 12 && there < 70, `${there} in 1e${decade}`);
  }
  assert.deepEqual(xsOf(filled(xs, 200)), kept);
});

test('a run of steps keeps its early decades and its last row', () => {
  const kept = xsOf(
    filled(
      Array.from({ length: 100_000 }, (_, i) => i + 1),
      60,
    ),
  );
  assert.equal(kept.at(-1), 100_000);
  assert.ok(kept.filter((x) => x < 1000).length > 8);
});

test('equal x, and no x at all: every second row goes, the last one stays', () => {
  for (const x of [7, Number.NaN]) {
    const group = filled(new Array(1000).fill(x), 50);
    const orders = [...keptRows(group)].map((row) => row.order);
    assert.ok(orders.length > 20 && orders.length <= 52 && orders.includes(999) && orders.includes(0));
  }
});

test('groups join: nothing beyond the limit, the ends of both', () => {
  const a = filled([1, 2, 3, 4], 10);
  merge(a, filled([0.5, 100], 10, 10));
  assert.deepEqual(xsOf(a), [1, 2, 3, 4, 0.5, 100]);
  assert.equal(a.seen, 6);
  thin(a, 3);
  assert.ok(xsOf(a).includes(0.5) && xsOf(a).includes(100));
});
