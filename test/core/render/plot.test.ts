import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveAt, curveOf, familyIndex, plotOf, yTitle, yUnit } from '../../../src/core/render/plot.ts';
import type { CurveView, SeriesView } from '../../../src/core/render/view-model.ts';
import { largeSeries, richView } from '../../fixture/fit-view.ts';

const view = richView();
const at = (i: number) => view.series[i] as SeriesView;

test('the curve is solid up to the last fitted x and dashed beyond, in one line', () => {
  const plot = plotOf(at(2));
  const last = (plot.curve as CurveView).lastFitted;
  assert.ok(plot.solid.every(([x]) => x <= last) && plot.dashed.every(([x]) => x >= last));
  assert.deepEqual(plot.solid.at(-1), plot.dashed[0]);
  assert.equal(plot.solid.at(-1)?.[0], last);
  assert.deepEqual(plot.heldOut, [last, at(2).points.at(-1)?.x]);
  assert.equal(plotOf(at(0)).heldOut, null);
});

test('axes hold all points, the curve, the threshold and the chance line', () => {
  for (const series of view.series) {
    const { x, y, curve } = plotOf(series);
    for (const point of series.points) {
      assert.ok(point.x > x.min && point.x < x.max && point.y >= y.min && point.y <= y.max, series.id);
    }
    for (const cx of curve?.xs ?? []) assert.ok(cx >= x.min && cx <= x.max);
    if (series.threshold !== null) assert.ok(series.threshold.x > x.min && series.threshold.x < x.max);
    if (series.chance !== null) assert.ok(series.chance >= y.min && series.chance <= y.max);
  }
});

test('a band that explodes does not squash the points', () => {
  const series = at(0);
  const curve = series.curves[0] as CurveView;
  const wild = { ...series, curves: [{ ...curve, high: curve.ys.map((y) => y * 1e6), low: curve.ys.map(() => -1e6) }] };
  const tame = plotOf(series, { yLog: false }).y;
  const { min, max } = plotOf(wild, { yLog: false }).y;
  assert.ok(max - min < 2.2 * (tame.max - tame.min), `${min} to ${max}`);
  assert.ok(plotOf(wild, { yLog: true }).band.every(([, low]) => low > 0));
});

test('a logarithmic axis passes over what it cannot show, and says how many', () => {
  const series = at(2);
  const zero = { ...series, points: series.points.map((point, i) => (i < 3 ? { ...point, y: 0 } : point)) };
  assert.equal(plotOf(zero, { yLog: true }).unshown, 3);
  assert.equal(plotOf({ ...zero, y: { ...zero.y, logPossible: false } }, { yLog: true }).y.type, 'linear');
});

test('zoom, hidden parts and another law are taken; nonsense is not', () => {
  const zoomed = plotOf(at(1), { zoom: { x: [1e21, 1e22], y: null } });
  assert.deepEqual([zoomed.x.min, zoomed.x.max, zoomed.zoomed], [1e21, 1e22, true]);
  assert.equal(plotOf(at(1), { zoom: { x: [-1, 5], y: [3, 2] } }).zoomed, false);
  const bare = plotOf(at(1), { hidden: new Set(['curve', 'band', 'chance', 'errors', 'family:OPT']) });
  assert.deepEqual(
    [bare.solid.length, bare.dashed.length, bare.band.length, bare.chance, bare.errors],
    [0, 0, 0, null, false],
  );
  assert.deepEqual(
    bare.families.map(({ hidden }) => hidden),
    [false, true, false],
  );
  assert.equal(curveOf(at(6), 'log-linear')?.law, 'log-linear');
  assert.equal(curveOf(at(6), 'no such law')?.law, 'sigmoid');
  assert.equal(curveOf(at(4)), null);
});

test('thinning keeps extremes and excluded points, within the limit', () => {
  const series = largeSeries(12_000);
  const marked = {
    ...series,
    points: series.points.map((p, i) => (i === 777 ? { ...p, y: 9 } : i === 5001 ? { ...p, excluded: 'outlier' } : p)),
  };
  const plot = plotOf(marked);
  const kept = new Set(plot.families.flatMap(({ points }) => points.map((one) => one.at)));
  assert.ok(kept.size <= 5000 && kept.size > 2000, `${kept.size}`);
  assert.equal(plot.thinned, 12_000 - kept.size);
  assert.ok(kept.has(777) && kept.has(5001));
  assert.equal(plotOf(largeSeries(5000)).thinned, 0);
});

test('interpolation reproduces the samples, is exact for power laws on log axes, and stops at the ends', () => {
  const xs = [1e18, 1e20, 1e22];
  const curve = { ...(at(0).curves[0] as CurveView), xs, ys: xs.map((x) => 5 * x ** -0.1) };
  assert.equal(curveAt(curve, 1e20, true, true), curve.ys[1]);
  assert.ok(Math.abs((curveAt(curve, 3e20, true, true) as number) - 5 * 3e20 ** -0.1) < 1e-12);
  assert.equal(curveAt(curve, 1e17), null);
  assert.equal(curveAt(curve, 1e23), null);
});

test('families keep one place in a file, units and titles follow the metric', () => {
  const index = familyIndex(view);
  assert.equal(index.get(''), 0);
  assert.equal(index.get('Pythia'), 0);
  assert.equal(index.get('OPT'), 1);
  assert.equal(yUnit(at(5)), '%');
  assert.equal(yTitle(at(5)), 'accuracy (%), higher is better');
  assert.equal(yTitle(at(0)), 'loss, lower is better');
});

test('a forecast far beyond the data is on both axes, its interval as far as it does not squash the points', () => {
  const series = at(0);
  const far = {
    x: 1e30,
    y: 1.2,
    low: 0.9,
    high: 1.6,
    level: 0.9,
    law: 'power',
    verdict: 'tested',
    why: '',
    name: 'far',
  } as const;
  const curve = series.curves[0] as CurveView;
  const plot = plotOf({ ...series, forecasts: [{ ...far, law: curve.law }] });
  assert.ok(plot.x.max > 1e30 && plot.y.min < 1.2);
  assert.equal(plot.forecasts.length, 1);
});

test('a turn is on the axis and can be switched off', () => {
  const turn = { x: 1e19, low: 5e18, high: 2e19, level: 0.9, text: 'turns' };
  const series = { ...at(0), turn };
  assert.deepEqual(plotOf(series).turn, turn);
  assert.ok(plotOf(series).x.min < 1e19);
  assert.equal(plotOf(series, { hidden: new Set(['turn']) }).turn, null);
});
