/**
 * What is drawn of one series once axes, law and zoom are chosen: axes, points by family, the curve in its solid and
 * dashed parts, the band, the reference lines. The SVG renderer and the Chart.js chart both draw this record, so an
 * export shows what the screen shows. Everything stays in data units; no colours, no pixels.
 */
import { type Axis, axisFor, showable } from './scale.ts';
import type { CurveView, FitView, ForecastView, PointView, SeriesView, ThresholdView, TurnView } from './view-model.ts';

export type Pair = readonly [number, number];

export interface PlotChoice {
  /** Law shown; the chosen one, else the first, when absent or unknown. */
  readonly law?: string | null;
  readonly xLog?: boolean | null;
  readonly yLog?: boolean | null;
  readonly zoom?: { readonly x: Pair | null; readonly y: Pair | null } | null;
  /** Parts switched off: 'family:NAME', 'curve', 'band', 'errors', 'threshold', 'turn', 'chance'. */
  readonly hidden?: ReadonlySet<string>;
  /** More points than this are thinned out for drawing. */
  readonly limit?: number;
  /** Place of each family in the palette, the same for all series of a file (`familyIndex`). */
  readonly families?: ReadonlyMap<string, number>;
}

export interface PlotPoint {
  /** Index into `series.points`. */
  readonly at: number;
  readonly point: PointView;
}

export interface PlotFamily {
  /** Key for `hidden`. */
  readonly key: string;
  readonly label: string;
  /** Place in the palette. */
  readonly index: number;
  readonly hidden: boolean;
  readonly points: readonly PlotPoint[];
}

export interface Plot {
  readonly x: Axis;
  readonly y: Axis;
  readonly families: readonly PlotFamily[];
  readonly curve: CurveView | null;
  /** The curve up to the last fitted x, and beyond it; the two share their meeting point. */
  readonly solid: readonly Pair[];
  readonly dashed: readonly Pair[];
  /** [x, low, high] where the curve has an interval. */
  readonly band: readonly (readonly [number, number, number])[];
  readonly threshold: ThresholdView | null;
  readonly turn: TurnView | null;
  readonly chance: number | null;
  readonly ceiling: number | null;
  readonly forecasts: readonly ForecastView[];
  /** x range of points kept from the fit beyond its last point, for shading. */
  readonly heldOut: Pair | null;
  readonly errors: boolean;
  /** Points that a logarithmic axis cannot show (≤ 0), and points thinned out. */
  readonly unshown: number;
  readonly thinned: number;
  readonly zoomed: boolean;
}

/** Draw at most this many points; the table and the exports keep all. */
export const POINT_LIMIT = 5000;

/** The family that a point is drawn as; empty when the file names none. */
export function familyOf(series: SeriesView, point: PointView): string {
  return point.family ?? series.family ?? '';
}

/**
 * Families of a file in order of first appearance: one colour and marker each, whichever series is shown. Points without
 * a family take the first colour, which the first family shares unless both occur in one series.
 */
export function familyIndex(view: FitView): Map<string, number> {
  const index = new Map<string, number>();
  let first = 0;
  for (const series of view.series) {
    const here = new Set(series.points.map((point) => familyOf(series, point)));
    if (here.has('') && here.size > 1) first = 1;
    for (const family of here) if (family !== '' && !index.has(family)) index.set(family, index.size);
  }
  return new Map([['', 0], ...[...index].map(([family, at]) => [family, at + first] as const)]);
}

/** The curve shown: the law asked for, else the chosen one, else the first; null when none was fitted. */
export function curveOf(series: SeriesView, law?: string | null): CurveView | null {
  return (
    series.curves.find((curve) => curve.law === law) ??
    series.curves.find((curve) => curve.chosen) ??
    series.curves[0] ??
    null
  );
}

/** The unit that goes with the values of y: '%' where the label or the range up to 100 says so, else nothing. */
export function yUnit(series: SeriesView): string {
  return /\(%\)|percent/i.test(series.y.label) || series.y.upper === 100 ? '%' : '';
}

/** What the y axis is called, with its unit and with the direction that is better: "accuracy (%), higher is better". */
export function yTitle(series: SeriesView): string {
  const unit = yUnit(series);
  const label = unit !== '' && !series.y.label.includes(unit) ? `${series.y.label} (${unit})` : series.y.label;
  return `${label}, ${series.better} is better`;
}

/** Value of the curve at x, interpolated between its samples on the axes given; null outside them. */
export function curveAt(curve: CurveView, x: number, xLog = true, yLog = false): number | null {
  const { xs, ys } = curve;
  const last = xs.length - 1;
  if (last < 0 || !(x >= (xs[0] as number)) || !(x <= (xs[last] as number))) return null;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if ((xs[mid] as number) <= x) low = mid;
    else high = mid;
  }
  const [x0, x1, y0, y1] = [xs[low], xs[high], ys[low], ys[high]] as [number, number, number, number];
  if (x1 === x0) return y0;
  const useLogX = xLog && x0 > 0;
  const share = useLogX ? Math.log(x / x0) / Math.log(x1 / x0) : (x - x0) / (x1 - x0);
  return yLog && y0 > 0 && y1 > 0 ? y0 * (y1 / y0) ** share : y0 + (y1 - y0) * share;
}

/** Everything drawn of a series under a choice of law, axes and zoom. */
export function plotOf(series: SeriesView, choice: PlotChoice = {}): Plot {
  const hidden = choice.hidden ?? new Set<string>();
  const xLog = (choice.xLog ?? series.x.log) && series.x.logPossible;
  const yLog = (choice.yLog ?? series.y.log) && series.y.logPossible;
  const [xType, yType] = [xLog ? 'log' : 'linear', yLog ? 'log' : 'linear'] as const;
  const curve = curveOf(series, choice.law);

  const groups = new Map<string, PlotPoint[]>();
  let unshown = 0;
  series.points.forEach((point, at) => {
    const family = familyOf(series, point);
    const group = groups.get(family) ?? [];
    groups.set(family, group);
    if (showable(xType, point.x) && showable(yType, point.y)) group.push({ at, point });
    else unshown++;
  });

  const samples: (readonly [number, number])[] = [];
  const band: (readonly [number, number, number])[] = [];
  curve?.xs.forEach((x, i) => {
    const y = curve.ys[i];
    if (!showable(xType, x) || !showable(yType, y)) return;
    samples.push([x, y]);
    const [low, high] = [curve.low[i], curve.high[i]];
    if (typeof low === 'number' && showable(yType, high)) band.push([x, low, high]);
  });
  const { solid, dashed } = split(samples, curve, xLog, yLog);

  const shown = [...groups.values()].flat();
  const forecasts = series.forecasts.filter(
    (forecast) =>
      (curve === null || forecast.law === curve.law) && showable(xType, forecast.x) && showable(yType, forecast.y),
  );
  const { x, y } = axes(series, { xType, yType, points: shown, samples, band, forecasts, hidden });
  const zoomX = usable(choice.zoom?.x, xType);
  const zoomY = usable(choice.zoom?.y, yType);

  const limit = choice.limit ?? POINT_LIMIT;
  const thin = shown.length > limit;
  const families = [...groups].map(([name, points], order): PlotFamily => {
    const key = `family:${name}`;
    const share = Math.max(4, Math.floor((limit * points.length) / Math.max(1, shown.length)));
    return {
      key,
      label: name === '' ? 'measured' : name,
      index: choice.families?.get(name) ?? order,
      hidden: hidden.has(key),
      points: thin ? thinOut(points, share, xLog) : points,
    };
  });
  const drawn = families.reduce((sum, family) => sum + family.points.length, 0);

  return {
    x: zoomX === null ? x : { type: xType, min: zoomX[0], max: zoomX[1] },
    y: zoomY === null ? y : { type: yType, min: zoomY[0], max: zoomY[1] },
    families,
    curve,
    solid: hidden.has('curve') ? [] : solid,
    dashed: hidden.has('curve') ? [] : dashed,
    // On a logarithmic axis a band that reaches zero is cut at the lower edge of the axis.
    band: hidden.has('band')
      ? []
      : band.map(([at, low, high]) => [at, yLog ? Math.max(low, y.min * 1e-3) : low, high] as const),
    threshold: hidden.has('threshold') || !showable(xType, series.threshold?.x) ? null : series.threshold,
    turn: hidden.has('turn') || !showable(xType, series.turn?.x) ? null : series.turn,
    chance: hidden.has('chance') || !showable(yType, series.chance) ? null : series.chance,
    ceiling: showable(yType, series.ceiling) ? series.ceiling : null,
    forecasts,
    heldOut: heldOut(series, curve),
    errors: !hidden.has('errors') && shown.length <= 400 && shown.some(({ point }) => point.stderr !== null),
    unshown,
    thinned: shown.length - drawn,
    zoomed: zoomX !== null || zoomY !== null,
  };
}

function usable(range: Pair | null | undefined, type: Axis['type']): Pair | null {
  if (range === null || range === undefined) return null;
  const [low, high] = range;
  return showable(type, low) && showable(type, high) && high > low ? range : null;
}

/** Where the last fitted x falls between two samples, both parts get the point in between. */
function split(samples: readonly Pair[], curve: CurveView | null, xLog: boolean, yLog: boolean) {
  if (curve === null) return { solid: [], dashed: [] };
  const last = curve.lastFitted;
  const solid = samples.filter(([x]) => x <= last);
  const dashed = samples.filter(([x]) => x > last);
  if (solid.length === 0 || dashed.length === 0) return { solid, dashed };
  const y = curveAt(curve, last, xLog, yLog);
  const joint: Pair = y === null ? (solid.at(-1) as Pair) : [last, y];
  if ((solid.at(-1) as Pair)[0] < joint[0]) solid.push(joint);
  return { solid, dashed: [joint, ...dashed] };
}

interface AxesInput {
  readonly xType: Axis['type'];
  readonly yType: Axis['type'];
  readonly points: readonly PlotPoint[];
  readonly samples: readonly Pair[];
  readonly band: readonly (readonly [number, number, number])[];
  readonly forecasts: readonly ForecastView[];
  readonly hidden: ReadonlySet<string>;
}

/**
 * Points decide the range; curve, forecasts however far, chance line, threshold and turn join; a band that explodes only
 * gets part of its way.
 */
function axes(
  series: SeriesView,
  { xType, yType, points, samples, band, forecasts, hidden }: AxesInput,
): { x: Axis; y: Axis } {
  const xs: (number | null)[] = points.map(({ point }) => point.x);
  const ys: (number | null)[] = points.map(({ point }) => point.y);
  const bars: number[] = [];
  for (const { point } of points) {
    if (point.stderr === null || hidden.has('errors')) continue;
    bars.push(point.y - point.stderr, point.y + point.stderr);
  }
  for (const [x, y] of samples) {
    xs.push(x);
    ys.push(y);
  }
  for (const { x, y } of forecasts) {
    xs.push(x);
    ys.push(y);
  }
  if (!hidden.has('threshold')) xs.push(series.threshold?.x ?? null);
  if (!hidden.has('turn')) xs.push(series.turn?.x ?? null);
  if (!hidden.has('chance')) ys.push(series.chance);
  const inner = axisFor(ys, yType, 0);
  const [low, high] = yType === 'log' ? [Math.log10(inner.min), Math.log10(inner.max)] : [inner.min, inner.max];
  const room = 0.35 * (high - low);
  const cap = (value: number) => {
    if (!showable(yType, value)) return null;
    const limited = Math.min(high + room, Math.max(low - room, yType === 'log' ? Math.log10(value) : value));
    return yType === 'log' ? 10 ** limited : limited;
  };
  // Of an error bar that reaches down to nothing on a logarithmic axis only a part is shown.
  for (const end of bars) ys.push(cap(end));
  for (const [, bottom, top] of band) ys.push(cap(bottom), cap(top));
  for (const { low, high } of forecasts) ys.push(low === null ? null : cap(low), high === null ? null : cap(high));
  return {
    x: axisFor(xs, xType, 0.04),
    y: axisFor(ys, yType, 0.07, { lower: series.y.lower, upper: series.y.upper }),
  };
}

function heldOut(series: SeriesView, curve: CurveView | null): Pair | null {
  if (curve === null) return null;
  let end = Number.NEGATIVE_INFINITY;
  for (const { x, excluded } of series.points) {
    if (excluded !== null && x > curve.lastFitted) end = Math.max(end, x);
  }
  return end > curve.lastFitted ? [curve.lastFitted, end] : null;
}

/**
 * Fewer points with the same outline: per bin of x the first, last, lowest and highest (M4, Jugel et al. 2014), which
 * leaves a drawing of that width unchanged. Excluded points are always kept.
 */
function thinOut(points: readonly PlotPoint[], limit: number, xLog: boolean): PlotPoint[] {
  if (points.length <= limit) return [...points];
  const place = ({ point }: PlotPoint) => (xLog ? Math.log(point.x) : point.x);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const one of points) {
    low = Math.min(low, place(one));
    high = Math.max(high, place(one));
  }
  const bins = Math.max(1, Math.floor(limit / 4));
  const kept = new Map<number, { first: PlotPoint; last: PlotPoint; low: PlotPoint; high: PlotPoint }>();
  const chosen = new Set<PlotPoint>();
  for (const one of points) {
    if (one.point.excluded !== null) chosen.add(one);
    const bin = high === low ? 0 : Math.min(bins - 1, Math.floor(((place(one) - low) / (high - low)) * bins));
    const held = kept.get(bin);
    if (held === undefined) {
      kept.set(bin, { first: one, last: one, low: one, high: one });
      continue;
    }
    held.last = one;
    if (one.point.y < held.low.point.y) held.low = one;
    if (one.point.y > held.high.point.y) held.high = one;
  }
  for (const { first, last, low: bottom, high: top } of kept.values()) {
    for (const one of [first, last, bottom, top]) chosen.add(one);
  }
  return [...chosen].sort((a, b) => a.at - b.at);
}
