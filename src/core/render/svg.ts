/**
 * Charts as SVG text, without a browser: one panel per series, or all series of a file as small multiples. The CLI, the
 * HTML page and the panel's SVG export call it. It draws the same `Plot` as the chart on screen, with the same ticks.
 */
import { formatScale } from './number.ts';
import { colorOf, EXTRAPOLATED, fade, markerOf, type Palette, paletteFor, REFERENCE, TURN } from './palette.ts';
import { familyIndex, type Plot, type PlotChoice, plotOf, yTitle } from './plot.ts';
import {
  areaPath,
  coordinate,
  element,
  equationElement,
  fitText,
  linePath,
  markerPath,
  strokeOnly,
  textElement,
  textWidth,
} from './svg-element.ts';
import { type Frame, frameOf, grid, heading, leftOf, page, panelTitle, yTicksOf } from './svg-frame.ts';
import { crowded, curveColor, legendRows } from './svg-legend.ts';
import { svgPicture } from './svg-picture.ts';
import type { FitView, SeriesView } from './view-model.ts';

export interface SvgOptions {
  /** Pixels of one panel. */
  readonly width?: number;
  readonly height?: number;
  readonly palette?: Palette;
  readonly choice?: PlotChoice;
  /** Line above the panels of `svgSheet`. */
  readonly title?: string;
  /** Panels side by side in `svgSheet`. */
  readonly columns?: number;
  /** Prefix of the ids inside `svgChart`, where several charts share one HTML page. */
  readonly id?: string;
}

/** One series as a complete SVG document. */
export function svgChart(series: SeriesView, options: SvgOptions = {}): string {
  const { width = 760, height = 480, palette = paletteFor('light'), id = 'p0' } = options;
  return page(
    width,
    height,
    palette,
    series.summary === '' ? series.title : series.summary,
    panel(series, { width, height, palette, choice: options.choice ?? {}, id }),
  );
}

/** All series of a view as small multiples in one SVG document; families keep one colour and marker throughout. */
export function svgSheet(view: FitView, options: SvgOptions = {}): string {
  const { width = 460, height = 330, palette = paletteFor('light') } = options;
  const title = options.title ?? view.title;
  const further = view.series.flatMap((series) => series.pictures.map((picture) => ({ series, picture })));
  const count = view.series.length + further.length;
  if (count === 0) {
    const message = view.message ?? 'No series to draw.';
    const text = textElement(fitText(message, 13, 600), { x: 320, y: 84, 'text-anchor': 'middle', 'font-size': '13' });
    return page(640, 160, palette, message, heading(title, 600, palette), element('g', { fill: palette.muted }, text));
  }
  const columns = Math.max(1, Math.min(count, options.columns ?? (count < 3 ? count : count < 7 ? 2 : 3)));
  const rows = Math.ceil(count / columns);
  const gap = 16;
  const top = 44;
  const families = familyIndex(view);
  const choice = { limit: 1500, families, ...options.choice };
  const drawn = [
    ...view.series.map((series, i) => panel(series, { width, height, palette, choice, id: `p${i}` })),
    // The further charts of sliced tasks and pass rates come after all others.
    ...further.map(({ series, picture }, i) =>
      svgPicture(series, picture, { width, height, palette, choice, id: `q${i}` }),
    ),
  ];
  const panels = drawn.map((markup, i) => {
    const x = gap + (i % columns) * (width + gap);
    const y = top + Math.floor(i / columns) * (height + gap);
    return element('g', { transform: `translate(${x} ${y})` }, markup);
  });
  const sheetWidth = columns * (width + gap) + gap;
  return page(
    sheetWidth,
    top + rows * (height + gap),
    palette,
    `${title}: ${view.series.length} series`,
    heading(title, sheetWidth - 2 * gap, palette),
    ...panels,
  );
}

interface PanelOptions {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly choice: PlotChoice;
  /** Prefix that keeps clip paths of several panels apart. */
  readonly id: string;
}

function panel(series: SeriesView, options: PanelOptions): string {
  const { width, height, palette, choice, id } = options;
  const plot = plotOf(series, choice);
  const data = plot.families.some(({ points }) => points.length > 0) || plot.solid.length > 0;
  const yTicks = data ? yTicksOf(plot.y, height) : [];
  const legend = legendRows(plot, width - 18 - leftOf(yTicks, yTitle(series), height), palette);
  const subtitle = plot.curve?.equation ?? series.noCurve ?? '';
  const above = 30 + (subtitle === '' ? 0 : 18) + legend.height;
  const frame = frameOf({ x: plot.x, y: plot.y, width, height, above, yTicks, yTitle: yTitle(series) });
  const { left, right, top, bottom } = frame;
  const title = [series.title, series.shape?.title ?? ''].filter((part) => part !== '').join('  ·  ');
  return [
    panelTitle(title, width, palette),
    subtitle === ''
      ? ''
      : equationElement(fitText(subtitle, 11.5, width - 26), {
          x: 14,
          y: 42,
          fill: palette.muted,
          'font-size': '11.5',
        }),
    element('g', { transform: `translate(${left} ${top - legend.height - 4})` }, legend.markup),
    element(
      'clipPath',
      { id: `${id}-clip` },
      element('rect', { x: left, y: top, width: right - left, height: bottom - top }),
    ),
    grid(frame, { x: plot.x, xKind: series.x.kind, xTitle: series.x.label, yTitle: yTitle(series), yTicks, palette }),
    data
      ? element('g', { 'clip-path': `url(#${id}-clip)` }, ...marks(plot, frame, palette))
      : textElement('no points', {
          x: (left + right) / 2,
          y: (top + bottom) / 2,
          fill: palette.muted,
          'font-size': '12',
          'text-anchor': 'middle',
        }),
    captions(series, plot, frame, palette),
  ].join('');
}

function marks(plot: Plot, frame: Frame, palette: Palette): string[] {
  const { left, right, top, bottom, px, py } = frame;
  const c = coordinate;
  const at = ([x, y]: readonly [number, number]) => [px(x), py(y)] as const;
  const parts: string[] = [];
  if (plot.heldOut !== null) {
    const [from, to] = plot.heldOut.map(px) as [number, number];
    const box = { x: from, y: top, width: Math.max(0, to - from) + 8, height: bottom - top };
    parts.push(element('rect', { ...box, fill: palette.foreground, 'fill-opacity': '.05' }));
  }
  const ink = curveColor(palette);
  if (plot.band.length > 1) {
    const d = areaPath(
      plot.band.map(([x, , high]) => [px(x), py(high)] as const),
      plot.band.map(([x, low]) => [px(x), py(low)] as const),
    );
    parts.push(element('path', { d, fill: ink, 'fill-opacity': '.14' }));
  }
  for (const place of [plot.threshold, plot.turn]) {
    if (place === null) continue;
    const [low, high] = [place.low, place.high].map((x) =>
      x === null || (plot.x.type === 'log' && x <= 0) ? null : Math.min(right, Math.max(left, px(x))),
    ) as [number | null, number | null];
    if (low !== null && high !== null && high > low) {
      const box = { x: low, y: top, width: high - low, height: bottom - top };
      parts.push(element('rect', { ...box, fill: palette.threshold, 'fill-opacity': '.13' }));
    }
    const d = `M${c(px(place.x))} ${c(top)}V${c(bottom)}`;
    const dash = place === plot.turn ? { 'stroke-dasharray': TURN.join(' ') } : {};
    parts.push(element('path', { d, stroke: palette.threshold, 'stroke-width': '1.5', ...dash }));
  }
  for (const level of [plot.chance, plot.ceiling]) {
    if (level === null) continue;
    const d = `M${c(left)} ${c(py(level))}H${c(right)}`;
    parts.push(
      element('path', { d, stroke: palette.chance, 'stroke-width': '1.3', 'stroke-dasharray': REFERENCE.join(' ') }),
    );
  }
  const line = { stroke: ink, 'stroke-width': '2', fill: 'none', 'stroke-linejoin': 'round' };
  const curve: string[] = [];
  if (plot.solid.length > 1) curve.push(element('path', { d: linePath(plot.solid.map(at)), ...line }));
  if (plot.dashed.length > 1) {
    const dash = { 'stroke-dasharray': EXTRAPOLATED.join(' ') };
    curve.push(element('path', { d: linePath(plot.dashed.map(at)), ...line, ...dash }));
  }
  const shown = plot.families.filter(({ hidden }) => !hidden);
  const dots = shown.flatMap((family) => points(family, plot, frame, palette));
  if (crowded(plot)) {
    // Hundreds of points would bury the curve: it goes on top, with a halo in the background's colour.
    const halo = { ...line, stroke: palette.background, 'stroke-width': '4.5', 'stroke-opacity': '.8' };
    const under = plot.solid.length > 1 ? [element('path', { d: linePath(plot.solid.map(at)), ...halo })] : [];
    parts.push(...dots, ...under, ...curve);
  } else {
    parts.push(...curve, ...dots);
  }
  for (const { x, y, low, high } of plot.forecasts) {
    const place = at([x, y as number]);
    if (low !== null && high !== null && (plot.y.type === 'linear' || low > 0)) {
      parts.push(element('path', { d: linePath([at([x, low]), at([x, high])]), stroke: ink, 'stroke-width': '1.5' }));
    }
    const d = markerPath('diamond', place[0], place[1], 4);
    parts.push(element('path', { d, fill: palette.background, stroke: ink, 'stroke-width': '1.8' }));
  }
  return parts;
}

function points(family: Plot['families'][number], plot: Plot, frame: Frame, palette: Palette): string[] {
  const { px, py } = frame;
  const c = coordinate;
  const color = colorOf(palette, family.index);
  const marker = markerOf(family.index);
  const crowd = family.points.length;
  const radius = crowd > 800 ? 1.8 : crowd > 200 ? 2.6 : 3.8;
  let bars = '';
  let filled = '';
  let hollow = '';
  for (const { point } of family.points) {
    const [x, y] = [px(point.x), py(point.y)];
    if (plot.errors && point.stderr !== null && point.stderr > 0) {
      const under = point.y - point.stderr;
      const low = plot.y.type === 'log' && under <= 0 ? frame.bottom : py(under);
      bars += `M${c(x)} ${c(low)}V${c(py(point.y + point.stderr))}`;
    }
    const d = markerPath(marker, x, y, radius);
    if (point.excluded === null) filled += d;
    else hollow += d;
  }
  const parts: string[] = [];
  if (bars !== '')
    parts.push(element('path', { d: bars, stroke: color, 'stroke-opacity': '.55', 'stroke-width': '1.2' }));
  const strokes = strokeOnly(marker);
  if (filled !== '') {
    const paint = strokes
      ? { fill: 'none', stroke: color, 'stroke-width': '1.8' }
      : crowded(plot)
        ? { fill: fade(color, 0.5) }
        : { fill: color, stroke: palette.background, 'stroke-width': '0.8' };
    parts.push(element('path', { d: filled, ...paint }));
  }
  if (hollow !== '') {
    const paint = { fill: 'none', stroke: color, 'stroke-width': '1.4', 'stroke-opacity': strokes ? '.5' : '1' };
    parts.push(element('path', { d: hollow, ...paint }));
  }
  return parts;
}

/** Words on the reference lines, with a halo so that they stay readable over points. */
function captions(series: SeriesView, plot: Plot, frame: Frame, palette: Palette): string {
  const { left, right, top, bottom, px, py } = frame;
  const halo = { 'font-size': '11', stroke: palette.background, 'stroke-width': '3', 'paint-order': 'stroke' };
  const texts: string[] = [];
  const { threshold, turn, chance } = plot;
  for (const [word, place] of [
    ['threshold', threshold],
    ['turn', turn],
  ] as const) {
    if (place === null) continue;
    const x = px(place.x);
    if (x < left || x > right) continue;
    const label = `${word} ${formatScale(place.x, series.x.kind, 2)}`;
    const flip = x + textWidth(label, 11) + 8 > right;
    // Both at once stand under each other.
    const y = top + (word === 'turn' && threshold !== null ? 27 : 13);
    const anchor = { x: flip ? x - 6 : x + 6, y, 'text-anchor': flip ? 'end' : 'start' };
    texts.push(textElement(label, { ...halo, ...anchor, fill: palette.threshold }));
  }
  if (chance !== null) {
    const y = py(chance);
    if (y > top + 14 && y < bottom) {
      const anchor = { x: right - 5, y: y - 5, 'text-anchor': 'end' };
      texts.push(textElement('chance', { ...halo, ...anchor, fill: palette.muted }));
    }
  }
  return texts.join('');
}
