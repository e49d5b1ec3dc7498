/**
 * What is drawn of a further chart of a series: its axes, and its traces without those that the reader switched off. The
 * SVG renderer and the panel's chart both draw this record.
 */
import type { PlotChoice } from './plot.ts';
import { type Axis, axisFor, showable } from './scale.ts';
import type { PictureView, TracePoint, TraceView } from './view-model.ts';

export interface PicturePlot {
  readonly x: Axis;
  readonly y: Axis;
  readonly traces: readonly TraceView[];
  readonly mark: PictureView['mark'];
  readonly zoomed: boolean;
}

/** Key of a trace among the hidden parts of a panel: kept apart from those of the plain chart. */
export function traceKey(picture: PictureView, trace: Pick<TraceView, 'key'>): string {
  return `${picture.id}:${trace.key}`;
}

/** The plot of a picture; `hidden` holds trace keys as `traceKey` makes them. */
export function picturePlot(picture: PictureView, choice: Pick<PlotChoice, 'zoom' | 'hidden'> = {}): PicturePlot {
  const hidden = choice.hidden ?? new Set<string>();
  const traces = picture.traces.filter((trace) => !hidden.has(traceKey(picture, trace)));
  const xs: number[] = [];
  const ys: number[] = [];
  const beyond: number[] = [];
  for (const { points, dashedFrom } of traces) {
    for (const { x, y } of points) {
      xs.push(x);
      (dashedFrom !== null && x > dashedFrom ? beyond : ys).push(y);
    }
  }
  if (picture.mark !== null) xs.push(picture.mark.x);
  // Bands, bars and extrapolated ends of lines may go beyond what the rest needs by a third: one wild end must not flatten it.
  const inner = axisFor(ys, 'linear', 0);
  const room = 0.35 * (inner.max - inner.min);
  const cap = (value: number) => Math.min(inner.max + room, Math.max(inner.min - room, value));
  for (const y of beyond) ys.push(cap(y));
  for (const { points } of traces) {
    for (const { low, high } of points) {
      if (low !== null) ys.push(cap(low));
      if (high !== null) ys.push(cap(high));
    }
  }
  const type = picture.x.log ? 'log' : 'linear';
  const x = axisFor(xs, type, 0.04);
  const y = axisFor(ys, 'linear', 0.07, { lower: picture.y.lower, upper: picture.y.upper });
  const zoom = (axis: Axis, range: readonly [number, number] | null | undefined): Axis =>
    range === null || range === undefined || !showable(axis.type, range[0]) || !(range[1] > range[0])
      ? axis
      : { type: axis.type, min: range[0], max: range[1] };
  const [zx, zy] = [zoom(x, choice.zoom?.x), zoom(y, choice.zoom?.y)];
  return { x: zx, y: zy, traces, mark: picture.mark, zoomed: zx !== x || zy !== y };
}

/** The parts of a line before and beyond the place where it becomes an extrapolation; both hold the meeting point. */
export function solidAndDashed(
  points: readonly TracePoint[],
  from: number | null,
): { readonly solid: readonly TracePoint[]; readonly dashed: readonly TracePoint[] } {
  if (from === null) return { solid: points, dashed: [] };
  const solid = points.filter(({ x }) => x <= from);
  const dashed = points.filter(({ x }) => x > from);
  const [before, after] = [solid.at(-1), dashed[0]];
  if (before === undefined || after === undefined) return { solid, dashed };
  const share = Math.log(from / before.x) / Math.log(after.x / before.x);
  const joint = { ...before, x: from, y: before.y + (Number.isFinite(share) ? share : 0) * (after.y - before.y) };
  return { solid: before.x < from ? [...solid, joint] : solid, dashed: [joint, ...dashed] };
}
