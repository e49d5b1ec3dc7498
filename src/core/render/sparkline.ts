/**
 * The small chart in a hover: points, curve, band, threshold and chance line in under 4 KB of base64. An image in a hover
 * does not know the editor's theme, so every colour here stands out on white and on #1e1e1e alike.
 */
import { formatScale } from './number.ts';
import { TURN } from './palette.ts';
import { type PlotChoice, plotOf } from './plot.ts';
import { ticks, toPixel } from './scale.ts';
import { areaPath, coordinate, element, escapeXml, linePath, svgDataUri, textElement } from './svg-element.ts';
import type { Frame } from './svg-frame.ts';
import type { SeriesView } from './view-model.ts';

/** Mid-tones between the luminances 0.14 and 0.30: at least 3:1 on both white and #1e1e1e. */
export const SPARK_COLORS = {
  points: '#0f7cc0',
  curve: '#d55e00',
  threshold: '#b5559a',
  chance: '#858585',
  text: '#808080',
} as const;

/** Data URIs above this length make hovers slow to build and are the limit that the editor's guidance sets. */
export const SPARK_BYTES = 4096;

interface SparkSize {
  readonly width?: number;
  readonly height?: number;
}

/**
 * The sparkline of a series as SVG text. When many points would make it too long, fewer are drawn until it fits.
 * The picture has a text equivalent in the hover; its own label is the series' summary, shortened.
 */
export function sparkline(series: SeriesView, choice: PlotChoice = {}, size: SparkSize = {}): string {
  for (const limit of [90, 60, 40, 24]) {
    const svg = draw(series, { ...choice, limit }, limit, size);
    if (svgDataUri(svg).length < SPARK_BYTES) return svg;
  }
  return draw(series, { ...choice, limit: 12 }, 12, size);
}

/** The sparkline as a data URI for Markdown. */
export function sparklineUri(series: SeriesView, choice: PlotChoice = {}, size: SparkSize = {}): string {
  return svgDataUri(sparkline(series, choice, size));
}

function draw(series: SeriesView, choice: PlotChoice, samples: number, size: SparkSize): string {
  const { width = 320, height = 110 } = size;
  const plot = plotOf(series, choice);
  const [left, right, top, bottom] = [30, width - 6, 6, height - 17];
  const px = (x: number) => toPixel(plot.x, x, left, right);
  const py = (y: number) => Math.min(bottom + 40, Math.max(top - 40, toPixel(plot.y, y, bottom, top)));
  const at = ([x, y]: readonly [number, number]) => [px(x), py(y)] as const;
  const parts: string[] = [];

  const band = thin(plot.band, Math.min(28, samples));
  if (band.length > 1) {
    const d = areaPath(
      band.map(([x, , high]) => [px(x), py(high)] as const),
      band.map(([x, low]) => [px(x), py(low)] as const),
    );
    parts.push(element('path', { d, fill: SPARK_COLORS.curve, 'fill-opacity': '.2' }));
  }
  for (const place of [plot.threshold, plot.turn]) {
    if (place === null) continue;
    if (place.low !== null && place.high !== null && place.low > 0) {
      const from = Math.max(left, px(place.low));
      const to = Math.min(right, px(place.high));
      if (to > from) {
        const box = { x: from, y: top, width: to - from, height: bottom - top };
        parts.push(element('rect', { ...box, fill: SPARK_COLORS.threshold, 'fill-opacity': '.15' }));
      }
    }
    const dash = place === plot.turn ? TURN.join(' ') : null;
    const d = `M${coordinate(px(place.x))} ${top}V${bottom}`;
    parts.push(element('path', { d, stroke: SPARK_COLORS.threshold, 'stroke-dasharray': dash }));
  }
  if (plot.chance !== null) {
    const d = `M${left} ${coordinate(py(plot.chance))}H${right}`;
    parts.push(element('path', { d, stroke: SPARK_COLORS.chance, 'stroke-dasharray': '3 3' }));
  }
  const dots = plot.families
    .filter(({ hidden }) => !hidden)
    .flatMap(({ points }) => points.map(({ point }) => [point.x, point.y] as const));
  // Zero-length segments with round caps are dots: ten bytes each instead of fifty.
  const d = thin(dots, samples)
    .map(at)
    .map(([x, y]) => `M${coordinate(x)} ${coordinate(y)}h0`)
    .join('');
  const dot = dots.length > 60 ? 3.5 : 5;
  if (d !== '') {
    parts.push(element('path', { d, stroke: SPARK_COLORS.points, 'stroke-width': dot, 'stroke-linecap': 'round' }));
  }
  for (const [curve, dash] of [
    [plot.solid, null],
    [plot.dashed, '4 3'],
  ] as const) {
    if (curve.length < 2) continue;
    const path = linePath(thin(curve, Math.min(36, samples)).map(at));
    parts.push(element('path', { d: path, stroke: SPARK_COLORS.curve, 'stroke-width': 1.8, 'stroke-dasharray': dash }));
  }

  const clip = element(
    'clipPath',
    { id: 'c' },
    element('rect', { x: left, y: top - 3, width: right - left, height: bottom - top + 6 }),
  );
  const frame = element('path', { d: `M${left} ${top}V${bottom}H${right}`, stroke: SPARK_COLORS.chance });
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    element('title', {}, escapeXml(short(series))),
    clip,
    element('g', { fill: 'none', 'clip-path': 'url(#c)' }, ...parts),
    element('g', { fill: 'none' }, frame),
    labels(series, plot, { left, right, top, bottom, px, py }),
  );
}

/** First and last tick of each axis: enough to read the orders of magnitude. */
function labels(series: SeriesView, plot: ReturnType<typeof plotOf>, frame: Frame): string {
  const { left, bottom, px, py } = frame;
  const texts: string[] = [];
  const xs = ticks(plot.x, 4).filter(({ label }) => label !== '');
  const ends = xs.length > 1 ? [xs[0], xs.at(-1)] : xs;
  ends.forEach((tick, i) => {
    if (tick === undefined) return;
    const text = i === ends.length - 1 ? formatScale(tick.value, series.x.kind, 2) : tick.label;
    const anchor = i === 0 && ends.length > 1 ? 'middle' : 'end';
    const x = anchor === 'end' ? Math.min(frame.right, px(tick.value) + 26) : Math.max(left + 8, px(tick.value));
    texts.push(textElement(text, { x, y: bottom + 12, 'text-anchor': anchor }));
  });
  const ys = ticks(plot.y, 3).filter(({ label }) => label !== '');
  for (const tick of ys.length > 1 ? [ys[0], ys.at(-1)] : ys) {
    if (tick !== undefined) {
      texts.push(textElement(tick.label, { x: left - 3, y: py(tick.value) + 3, 'text-anchor': 'end' }));
    }
  }
  return element('g', { fill: SPARK_COLORS.text, 'font-family': 'sans-serif', 'font-size': '9' }, ...texts);
}

/** At most `count` items, evenly chosen, both ends kept. */
export function thin<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as T);
}

function short(series: SeriesView): string {
  return [...series.title].length <= 80 ? series.title : `${[...series.title].slice(0, 79).join('')}…`;
}
