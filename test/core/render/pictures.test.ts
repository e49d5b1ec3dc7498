import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picturesOf } from '../../../src/core/render/pictures.ts';
import type { PictureView, TraceView } from '../../../src/core/render/view-model.ts';
import { passSeries, slicedSeries, turningSeries } from '../../fixture/pictured.ts';

const trace = (picture: PictureView | undefined, key: string) =>
  picture?.traces.find((one) => one.key === key) as TraceView;

test('slices: groups as points, the two fits, their mean with its band, and where fitting stopped', () => {
  const [slices, forecast] = picturesOf(slicedSeries);
  assert.deepEqual([slices?.id, forecast?.id], ['slices', 'slice-forecast']);
  assert.deepEqual(
    slices?.traces.map(({ key, kind }) => [key, kind]),
    [
      ['group:easy', 'points'],
      ['group:medium', 'points'],
      ['group:hard', 'points'],
      ['fit:easy', 'line'],
      ['fit:hard', 'line'],
      ['sandwich', 'line'],
    ],
  );
  assert.equal(slices?.mark?.x, 1e22);
  assert.ok(trace(slices, 'sandwich').points.every(({ low, high }) => low !== null && high !== null));
  assert.ok(
    trace(slices, 'fit:easy').points.every(({ low }) => low === null),
    'one band is enough',
  );
  assert.equal(trace(slices, 'sandwich').dashedFrom, 1e21);
  assert.deepEqual(
    trace(slices, 'group:hard').points.map(({ label }) => label),
    ['a', 'b', 'c', 'd'],
  );
  assert.ok(slices?.notes.includes('A note of the slices.'));
});

test('the forecast from slices keeps models above the threshold apart, in units of the score', () => {
  const [, forecast] = picturesOf(slicedSeries);
  assert.deepEqual(
    trace(forecast, 'seen').points.map(({ x }) => x),
    [1e20, 1e21],
  );
  assert.deepEqual(
    trace(forecast, 'held').points.map(({ y }) => y),
    [0.3, 0.6],
  );
  assert.deepEqual([forecast?.y.lower, forecast?.y.upper], [0, 1]);
  assert.match(forecast?.summary ?? '', /expects 0\.33 \(90\u00a0%: 0\.23 to 0\.43\)/);
  const record = slicedSeries['slices'] as object;
  const [, all] = picturesOf({ ...slicedSeries, slices: { ...record, fitBelow: null, ensemble: null } });
  assert.deepEqual(
    all?.traces.map(({ key }) => key),
    ['seen', 'published'],
  );
  assert.ok(
    trace(all, 'published').points.every(({ low }) => low !== null),
    'alone, the published route has its band',
  );
  assert.equal(all?.mark, null);
});

test('a pass rate becomes points with bars, its line, and the mean over instances upside down', () => {
  const [picture] = picturesOf(passSeries);
  assert.equal(picture?.first, true);
  const sizes = trace(picture, 'sizes').points;
  assert.deepEqual(
    sizes.map(({ x }) => x),
    [1e8, 1e9],
  );
  assert.deepEqual(
    trace(picture, 'held').points.map(({ x }) => x),
    [1e10],
  );
  const [first] = sizes;
  const f = Math.log(-Math.log(0.01));
  assert.ok(first !== undefined && Math.abs(first.y - f) < 1e-12);
  // SE / |PU ln PU| with SE = PU / 10: 0.1 / ln 100.
  const half = (1.6448536269514722 * 0.1) / Math.log(100);
  assert.ok(Math.abs((first.high ?? 0) - (f + half)) < 1e-12 && Math.abs((first.low ?? 0) - (f - half)) < 1e-12);
  const law = trace(picture, 'line').points;
  for (const { x, y } of law) assert.ok(Math.abs(y - (6.2 - 0.26 * Math.log(x))) < 1e-12, 'the weighted line');
  for (const { low, y, high } of trace(picture, 'instances').points)
    assert.ok(low !== null && high !== null && low < y && y < high);
  assert.match(picture?.notes[0] ?? '', /10M\u00a0parameters \(pass rate 0\)/);
  assert.match(picture?.heading ?? '', /a straight line/);
});

test('other series have no pictures, nor has a pass rate without a size on the axis', () => {
  assert.deepEqual(picturesOf(turningSeries), []);
  const record = passSeries['passuntil'] as { sizes: readonly object[] };
  const silent = { ...record, sizes: record.sizes.map((size) => ({ ...size, pu: 0 })) };
  assert.deepEqual(picturesOf({ ...passSeries, passuntil: silent }), []);
});
