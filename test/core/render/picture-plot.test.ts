import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picturePlot, solidAndDashed, traceKey } from '../../../src/core/render/picture-plot.ts';
import { picturesOf } from '../../../src/core/render/pictures.ts';
import type { PictureView, TracePoint } from '../../../src/core/render/view-model.ts';
import { slicedSeries } from '../../fixture/pictured.ts';

const picture = picturesOf(slicedSeries)[0] as PictureView;
const point = (x: number, y: number): TracePoint => ({ x, y, low: null, high: null, label: '' });

test('axes hold every trace and the mark; a hidden trace leaves', () => {
  const { x, y, traces } = picturePlot(picture);
  assert.equal(traces.length, picture.traces.length);
  for (const one of traces.flatMap(({ points }) => points)) {
    assert.ok(one.x > x.min && one.x < x.max && one.y > y.min && one.y < y.max);
  }
  const hidden = new Set([traceKey(picture, { key: 'sandwich' })]);
  assert.ok(picturePlot(picture, { hidden }).traces.every(({ key }) => key !== 'sandwich'));
});

test('a band that explodes does not squash the points, and a zoom is kept where it can be shown', () => {
  const wild = {
    ...picture,
    traces: picture.traces.map((trace) => ({
      ...trace,
      points: trace.points.map((one) => ({ ...one, low: -99, high: 99 })),
    })),
  };
  const [tame, tall] = [picturePlot(picture).y, picturePlot(wild).y];
  assert.ok(tall.max - tall.min < 2.2 * (tame.max - tame.min));
  const zoomed = picturePlot(picture, { zoom: { x: [1e20, 1e21], y: null } });
  assert.deepEqual([zoomed.x.min, zoomed.x.max, zoomed.zoomed], [1e20, 1e21, true]);
  assert.equal(picturePlot(picture, { zoom: { x: [-1, 1e21], y: null } }).zoomed, false);
});

test('a line turns dashed exactly where it becomes an extrapolation', () => {
  const line = [point(1, 0), point(100, 2)];
  const { solid, dashed } = solidAndDashed(line, 10);
  assert.deepEqual([solid.at(-1)?.x, dashed[0]?.x], [10, 10]);
  assert.ok(Math.abs((dashed[0]?.y ?? 0) - 1) < 1e-12, 'between the samples in log x');
  assert.deepEqual(solidAndDashed(line, null), { solid: line, dashed: [] });
  assert.deepEqual(solidAndDashed(line, 0.5), { solid: [], dashed: line });
  assert.deepEqual(solidAndDashed(line, 100).dashed, []);
});
