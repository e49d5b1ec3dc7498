/**
 * The further charts of a series as SVG text: question groups with their fits, the forecast from slices, the line of a
 * pass rate. The HTML report, the command line and the panel's exports draw them with it.
 */
import { colorOf, EXTRAPOLATED, markerOf, type Palette, paletteFor } from './palette.ts';
import { type PicturePlot, picturePlot, solidAndDashed } from './picture-plot.ts';
import type { PlotChoice } from './plot.ts';
import { areaPath, element, fitText, linePath, markerPath, strokeOnly, textElement, textWidth } from './svg-element.ts';
import { type Frame, frameOf, grid, leftOf, page, panelTitle, yTicksOf } from './svg-frame.ts';
import { curveColor, type LegendEntry, legendOf } from './svg-legend.ts';
import type { PictureView, SeriesView, TraceView } from './view-model.ts';

export interface PictureOptions {
  readonly width?: number;
  readonly height?: number;
  readonly palette?: Palette;
  readonly choice?: Pick<PlotChoice, 'zoom' | 'hidden'>;
  /** Prefix of the ids inside, where several charts share one page. */
  readonly id?: string;
}

/** Colour of a trace. */
export function traceColor(palette: Palette, { color }: Pick<TraceView, 'color'>): string {
  return color === 'ink' ? curveColor(palette) : colorOf(palette, color);
}

/** Whether a line has a band. */
export function hasBand({ kind, points }: TraceView): boolean {
  return kind === 'line' && points.filter(({ low, high }) => low !== null && high !== null).length > 1;
}

/** One picture as a complete SVG document. */
export function svgPicture(series: SeriesView, picture: PictureView, options: PictureOptions = {}): string {
  const { width = 760, height = 480, palette = paletteFor('light'), id = 'q0' } = options;
  const plot = picturePlot(picture, options.choice);
  const yTicks = yTicksOf(plot.y, height);
  const yTitle = picture.y.label;
  const entries = plot.traces.map((trace) => entryOf(trace, palette));
  const legend = legendOf(entries, width - 18 - leftOf(yTicks, yTitle, height), palette);
  const above = 48 + legend.height;
  const frame = frameOf({ x: plot.x, y: plot.y, width, height, above, yTicks, yTitle });
  const { left, right, top, bottom } = frame;
  const clip = element('rect', { x: left, y: top, width: right - left, height: bottom - top });
  return page(
    width,
    height,
    palette,
    picture.summary,
    panelTitle(`${series.title}  ·  ${picture.title}`, width, palette),
    textElement(fitText(picture.heading, 11.5, width - 26), { x: 14, y: 42, fill: palette.muted, 'font-size': '11.5' }),
    element('g', { transform: `translate(${left} ${top - legend.height - 4})` }, legend.markup),
    element('clipPath', { id: `${id}-clip` }, clip),
    grid(frame, { x: plot.x, xKind: picture.x.kind, xTitle: picture.x.label, yTitle, yTicks, palette }),
    element('g', { 'clip-path': `url(#${id}-clip)` }, ...marks(plot, frame, palette)),
    caption(plot, frame, palette),
  );
}

function entryOf(trace: TraceView, palette: Palette): LegendEntry {
  const color = traceColor(palette, trace);
  if (trace.kind === 'line') {
    return {
      label: trace.label,
      swatch: (x, y) =>
        (hasBand(trace)
          ? element('rect', { x, y: y - 5, width: 15, height: 10, fill: color, 'fill-opacity': '.16' })
          : '') + element('path', { d: `M${x} ${y}h15`, stroke: color, 'stroke-width': trace.thin ? '1.4' : '2' }),
    };
  }
  const marker = markerOf(typeof trace.color === 'number' ? trace.color : 0);
  return {
    label: trace.label,
    swatch: (x, y) => {
      const d = markerPath(marker, x + 7, y, 4);
      return strokeOnly(marker)
        ? element('path', { d, stroke: color, 'stroke-width': '1.8', fill: 'none' })
        : element('path', { d, fill: color });
    },
  };
}

function marks(plot: PicturePlot, frame: Frame, palette: Palette): string[] {
  const { px, py, top, bottom } = frame;
  const parts: string[] = [];
  for (const trace of plot.traces) {
    if (!hasBand(trace)) continue;
    const ends = trace.points.filter(({ low, high }) => low !== null && high !== null);
    const d = areaPath(
      ends.map(({ x, high }) => [px(x), py(high as number)] as const),
      ends.map(({ x, low }) => [px(x), py(low as number)] as const),
    );
    parts.push(element('path', { d, fill: traceColor(palette, trace), 'fill-opacity': '.14' }));
  }
  if (plot.mark !== null) {
    const x = px(plot.mark.x);
    parts.push(element('path', { d: `M${x} ${top}V${bottom}`, stroke: palette.threshold, 'stroke-width': '1.5' }));
  }
  // Points under lines: the fits are what the picture is about.
  for (const trace of plot.traces) if (trace.kind === 'points') parts.push(...dots(trace, frame, palette));
  for (const trace of plot.traces) if (trace.kind === 'line') parts.push(...lines(trace, frame, palette));
  return parts;
}

function lines(trace: TraceView, { px, py }: Frame, palette: Palette): string[] {
  const { solid, dashed } = solidAndDashed(trace.points, trace.dashedFrom);
  const paint = {
    stroke: traceColor(palette, trace),
    'stroke-width': trace.thin ? '1.4' : '2.2',
    fill: 'none',
    'stroke-linejoin': 'round',
  };
  const path = (points: typeof solid) => linePath(points.map(({ x, y }) => [px(x), py(y)] as const));
  const parts: string[] = [];
  if (solid.length > 1) parts.push(element('path', { d: path(solid), ...paint }));
  if (dashed.length > 1)
    parts.push(element('path', { d: path(dashed), ...paint, 'stroke-dasharray': EXTRAPOLATED.join(' ') }));
  return parts;
}

function dots(trace: TraceView, { px, py }: Frame, palette: Palette): string[] {
  const color = traceColor(palette, trace);
  const marker = markerOf(typeof trace.color === 'number' ? trace.color : 0);
  const radius = trace.points.length > 200 ? 2.2 : trace.points.length > 40 ? 3 : 3.8;
  let bars = '';
  let d = '';
  for (const { x, y, low, high } of trace.points) {
    if (low !== null && high !== null)
      bars += linePath([
        [px(x), py(low)],
        [px(x), py(high)],
      ]);
    d += markerPath(marker, px(x), py(y), radius);
  }
  const parts: string[] = [];
  if (bars !== '')
    parts.push(element('path', { d: bars, stroke: color, 'stroke-opacity': '.6', 'stroke-width': '1.3' }));
  const paint = strokeOnly(marker)
    ? { fill: 'none', stroke: color, 'stroke-width': '1.8' }
    : { fill: color, 'fill-opacity': '.85', stroke: palette.background, 'stroke-width': '0.7' };
  parts.push(element('path', { d, ...paint }));
  return parts;
}

function caption(plot: PicturePlot, { px, left, right, top }: Frame, palette: Palette): string {
  if (plot.mark === null) return '';
  const x = px(plot.mark.x);
  if (x < left || x > right) return '';
  const flip = x + textWidth(plot.mark.text, 11) + 8 > right;
  return textElement(plot.mark.text, {
    'font-size': '11',
    stroke: palette.background,
    'stroke-width': '3',
    'paint-order': 'stroke',
    x: flip ? x - 6 : x + 6,
    y: top + 13,
    'text-anchor': flip ? 'end' : 'start',
    fill: palette.threshold,
  });
}
