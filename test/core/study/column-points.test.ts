import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ColumnPoints, columnsOf, fieldAt, valuesOf } from '../../../src/core/study/column-points.ts';
import type { Points } from '../../../src/core/study/study.ts';
import { makePoint } from '../law/series.ts';

const LIST = Array.from({ length: 6 }, (_, i) =>
  makePoint(10 ** (18 + i), i === 2 ? -0 : i / 7, i + 3, {
    compute: 10 ** (18 + i),
    params: i === 1 ? null : 1e9 * (i + 1),
    n: 1000,
    stderr: i < 3 ? 0.01 : null,
    family: i % 2 === 0 ? 'even' : null,
    run: i === 4 ? 'again' : `model-${i + 3}`,
    ...(i === 5 ? { stderrPopulation: 0.009 } : {}),
  }),
);

test('points come out of columns as they went in', () => {
  const points = new ColumnPoints(columnsOf(LIST));
  assert.deepEqual([...points], LIST);
  assert.deepEqual([...points.entries()], [...LIST.entries()]);
  assert.ok(Object.is(points.at(2)?.y, -0));
  assert.deepEqual(points.at(-1), LIST.at(-1));
  assert.deepEqual([points.at(6), points.at(-7)], [undefined, undefined]);
});

test('what is asked of points is answered as by a list', () => {
  const ask = (points: Points) => [
    points.length,
    points.map((p, i) => `${p.model}${i}`),
    points.filter((p, i) => p.stderr === null || i === 0),
    points.find((p) => p.params === null),
    points.find((p) => p.x > 1e30),
    points.some((p, i) => i === 5 && p.stderrPopulation === 0.009),
    points.some((p) => p.loss !== null),
    points.every((p) => p.n === 1000),
    points.every((p) => p.stderr !== null),
    points.reduce((sum, p, i) => sum + p.y * i, 1),
  ];
  assert.deepEqual(ask(new ColumnPoints(columnsOf(LIST))), ask(LIST));
  assert.deepEqual(ask(new ColumnPoints(columnsOf([]))), ask([]));
});

test('a field of one value stands once, fields of the same values share theirs', () => {
  const { numbers, texts, places } = columnsOf(LIST);
  assert.deepEqual([numbers.n.length, numbers.loss.length, places.table.length, places.row.length], [1, 1, 1, 6]);
  assert.equal(numbers.x, numbers.compute);
  assert.notEqual(texts.run, texts.model, 'one run is named otherwise');
  const { texts: four } = columnsOf(LIST.slice(0, 4));
  assert.equal(four.run, four.model);
  assert.deepEqual([...valuesOf(numbers.n, 3)], [1000, 1000, 1000]);
  assert.equal(fieldAt(numbers.n, 5), 1000);
  assert.equal(fieldAt(numbers.x, 5), LIST[5]?.x);
});

test('columns go between threads as they are', () => {
  const columns = columnsOf(LIST);
  assert.equal(columnsOf(new ColumnPoints(columns)), columns, 'not unpacked to be packed again');
  assert.deepEqual([...new ColumnPoints(structuredClone(columns))], LIST);
});
