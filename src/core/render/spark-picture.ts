/**
 * A further chart of a series as a small image for hovers: thinned points and lines in colours that stand out on white
 * and on dark alike, in under 4 KB of base64.
 */
import { EXTRAPOLATED } from './palette.ts';
import { picturePlot, solidAndDashed } from './picture-plot.ts';
import { toPixel } from './scale.ts';
import { SPARK_BYTES, SPARK_COLORS, thin } from './sparkline.ts';
import { areaPath, coordinate, element, escapeXml, linePath, svgDataUri, textElement } from './svg-element.ts';
import { hasBand } from './svg-picture.ts';
import type { PictureView, TracePoint, TraceView } from './view-model.ts';

/** Easy, medium, hard: at least 3:1 on both white and #1e1e1e. */
const TRACES = [SPARK_COLORS.points, SPARK_COLORS.threshold, '#1a9367', '#a06e1f'] as const;

const WIDTH = 320;
const HEIGHT = 110;

/** The picture as a data URI for Markdown; with many points, fewer are drawn until it fits. */
export function sparkPictureUri(picture: PictureView): string {
  for (const limit of [48, 32, 20]) {
    const uri = svgDataUri(draw(picture, limit));
    if (uri.length < SPARK_BYTES) return uri;
  }
  return svgDataUri(draw(picture, 10));
}

function colorOf({ color }: TraceView): string {
  return color === 'ink' ? SPARK_COLORS.curve : (TRACES[color % TRACES.length] as string);
}

function draw(picture: PictureView, limit: number): string {
  const plot = picturePlot(picture);
  const [left, right, top, bottom] = [6, WIDTH - 58, 6, HEIGHT - 8];
  const at = ({ x, y }: Pick<TracePoint, 'x' | 'y'>) =>
    [toPixel(plot.x, x, left, right), Math.min(bottom, Math.max(top, toPixel(plot.y, y, bottom, top)))] as const;
  const parts: string[] = [];
  if (plot.mark !== null) {
    const x = coordinate(toPixel(plot.x, plot.mark.x, left, right));
    parts.push(
      element('path', { d: `M${x} ${top}V${bottom}`, stroke: SPARK_COLORS.chance, 'stroke-dasharray': '2 3' }),
    );
  }
  for (const trace of plot.traces) {
    const color = colorOf(trace);
    const points = thin(trace.points, trace.kind === 'line' ? Math.min(20, limit) : limit);
    if (trace.kind === 'points') {
      const d = points.map((one) => `M${at(one).map(coordinate).join(' ')}h0`).join('');
      parts.push(element('path', { d, stroke: color, 'stroke-width': 3.5, 'stroke-linecap': 'round' }));
      continue;
    }
    if (hasBand(trace)) {
      const ends = points.filter(({ low, high }) => low !== null && high !== null);
      const d = areaPath(
        ends.map(({ x, high }) => at({ x, y: high as number })),
        ends.map(({ x, low }) => at({ x, y: low as number })),
      );
      parts.push(element('path', { d, fill: color, 'fill-opacity': '.2' }));
    }
    const { solid, dashed } = solidAndDashed(points, trace.dashedFrom);
    const paint = { stroke: color, 'stroke-width': trace.thin ? 1.2 : 1.8 };
    if (solid.length > 1) parts.push(element('path', { d: linePath(solid.map(at)), ...paint }));
    if (dashed.length > 1)
      parts.push(
        element('path', { d: linePath(dashed.map(at)), ...paint, 'stroke-dasharray': EXTRAPOLATED.join(' ') }),
      );
  }
  const frame = element('path', { d: `M${left} ${top}V${bottom}H${right}`, stroke: SPARK_COLORS.chance });
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
    },
    element('title', {}, escapeXml(picture.title)),
    element('g', { fill: 'none' }, ...parts, frame),
    labels(plot.traces, right + 5, top, bottom),
  );
}

/** Names of the groups, from top to bottom, in their colours. */
function labels(traces: readonly TraceView[], x: number, top: number, bottom: number): string {
  const named = traces.filter(({ kind }) => kind === 'points').slice(0, 4);
  const step = Math.min(16, (bottom - top) / Math.max(1, named.length));
  const texts = named.map((trace, i) =>
    textElement(trace.label.length > 9 ? `${trace.label.slice(0, 8)}…` : trace.label, {
      x,
      y: top + 10 + i * step,
      fill: colorOf(trace),
    }),
  );
  return element('g', { 'font-family': 'sans-serif', 'font-size': '10' }, ...texts);
}
