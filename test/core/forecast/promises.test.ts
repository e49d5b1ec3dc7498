import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { parsePromises, promiseLine, promisesOf, scorePromises } from '../../../src/core/forecast/promises.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const points = Array.from({ length: 14 }, (_, i) => {
  const x = 1e18 * 10 ** (i / 4);
  return makePoint(x, (1.8 + 800 * x ** -0.15) * (1 + 0.002 * Math.sin(5 * i)), i);
});
const before = makeSeries(points.slice(0, 12), { isLoss: true });
const after = makeSeries(points, { isLoss: true });
const report = (series: typeof before, at: readonly number[]) =>
  analyseSeries(series, null, { ...DEFAULT_OPTIONS, bootstrap: 0, at });
const made = { date: '2026-01-02T00:00:00.000Z', dataHash: 'sha256:0', tool: 'test' };

test('a log survives writing and reading, and a run that arrives settles its promise', () => {
  const records = promisesOf([report(before, [points[13]?.x as number, 1e26])], made);
  const read = parsePromises(records.map(promiseLine).join(''));
  assert.ok(read.ok);
  assert.deepEqual(read.value, records);
  const score = scorePromises(read.value, [report(after, [])]);
  assert.deepEqual(
    score.scored.map((s) => s.status),
    ['kept', 'open'],
  );
  assert.equal(score.covered, 1);
  assert.equal(score.level, 0.9);
});

test('a value outside the interval breaks the promise', () => {
  const [record] = promisesOf([report(before, [points[13]?.x as number])], made);
  assert.ok(record !== undefined);
  const worse = makeSeries(
    points.map((p, i) => (i === 13 ? { ...p, y: 4 } : p)),
    { isLoss: true },
  );
  const score = scorePromises([record], [report(worse, [])]);
  assert.equal(score.scored[0]?.status, 'broken');
  assert.equal(score.broken, 1);
});

test('a damaged line is named', () => {
  const read = parsePromises('{"version":1}\n');
  assert.ok(!read.ok && read.error.line === 1);
  const garbage = parsePromises('\nnot json\n');
  assert.ok(!garbage.ok && garbage.error.line === 2);
});
