import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteFor } from '../../../src/core/render/palette.ts';
import { svgChart, svgSheet } from '../../../src/core/render/svg.ts';
import { seriesView } from '../../../src/core/render/view.ts';
import type { SeriesView } from '../../../src/core/render/view-model.ts';
import { richView } from '../../fixture/fit-view.ts';
import { passSeries, slicedSeries } from '../../fixture/pictured.ts';
import { wellFormed } from './well-formed.ts';

const view = richView();
const at = (i: number) => view.series[i] as SeriesView;

test('a chart is well-formed, complete and free of NaN, for every kind of series, theme and axis', () => {
  for (const series of view.series) {
    for (const kind of ['light', 'dark', 'high-contrast'] as const) {
      for (const [xLog, yLog] of [
        [true, true],
        [false, false],
        [null, null],
      ] as const) {
        const svg = svgChart(series, { palette: paletteFor(kind), choice: { xLog, yLog } });
        assert.doesNotThrow(() => wellFormed(svg), series.id);
        assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
        assert.match(svg, new RegExp(`<rect width="760" height="480" fill="${paletteFor(kind).background}"/>`));
      }
    }
  }
});

test('what the chart must show is there: ticks, labels with units, band, dashes, threshold, chance, equation', () => {
  const svg = svgChart(at(2));
  for (const text of [
    '10²⁰',
    '10²⁴',
    'Training compute (FLOP)',
    'exact match, higher is better',
    'threshold 10²²\u00a0FLOP',
    'chance',
  ]) {
    assert.ok(svg.includes(text), text);
  }
  assert.match(svg, /stroke-dasharray="6 5"/);
  assert.match(svg, /fill-opacity="\.14"/);
  assert.match(svg, />90\u00a0% interval</);
  assert.match(svgChart(at(0)), /380|2,140·x<tspan dy="-4" font-size="78%">−0\.155<\/tspan>/);
});

test('every point is drawn where the axes say', () => {
  const series = at(4);
  const svg = svgChart(series, { choice: { hidden: new Set(['errors']) } });
  const circles = [...svg.matchAll(/M([\d.-]+) ([\d.-]+)a3\.8 3\.8/g)].map(([, x, y]) => [Number(x) + 3.8, Number(y)]);
  // The swatch in the legend is a circle of another radius.
  assert.equal(circles.length, series.points.length);
  for (let i = 1; i < circles.length; i++) {
    const [a, b] = [circles[i - 1], circles[i]] as [[number, number], [number, number]];
    const [p, q] = [series.points[i - 1], series.points[i]] as [{ y: number }, { y: number }];
    assert.ok(b[0] > a[0], 'x rises to the right');
    assert.equal(Math.sign(a[1] - b[1]), Math.sign(q.y - p.y), 'y rises upwards');
  }
});

test('text of the file is escaped', () => {
  const svg = svgChart(at(9));
  assert.ok(svg.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.ok(!/<img|<script|<\/script|<b>/.test(svg));
});

test('a sheet holds one panel per series; an empty view says why', () => {
  const sheet = svgSheet(view);
  assert.doesNotThrow(() => wellFormed(sheet));
  assert.equal([...sheet.matchAll(/<clipPath id="p\d+-clip">/g)].length, view.series.length);
  assert.equal(new Set([...sheet.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)).size, view.series.length);
  const empty = svgSheet({ ...view, series: [], message: 'No score column <here>.' });
  assert.doesNotThrow(() => wellFormed(empty));
  assert.ok(empty.includes('No score column &lt;here&gt;.'));
});

test('250 points and a curve cost a few kilobytes', () => {
  const points = Array.from({ length: 250 }, (_, i) => ({ ...at(7).points[i * 8]! }));
  const svg = svgChart({ ...at(7), points });
  // A marker and an error bar each, and each begins with a move.
  assert.ok([...svg.matchAll(/M[\d.-]+[ ,]/g)].length >= 500, 'no point is lost');
  assert.ok(svg.length < 40_000, `${svg.length}`);
});

test('a sheet ends with the further charts of its series', () => {
  const series = [slicedSeries, passSeries].map((one) => seriesView(one, []));
  const sheet = svgSheet({ ...richView(), series });
  wellFormed(sheet);
  for (const words of ['mean of both', 'slice ensemble', 'task law']) assert.ok(sheet.includes(words), words);
  assert.equal(sheet.match(/<svg /g)?.length, 1 + 3);
  const ids = [...sheet.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'clip paths stay apart');
});
