/**
 * How far the points permit a metric without ends of its own to run beyond them. A law with a steep end, fitted to a few
 * points, may fall to nothing or rise without limit just outside the data, and nothing in its residuals shows it: its answer
 * then says something about the formula and nothing about the models. What a forecast says, and what a backtest holds it to,
 * stays inside this reach; a law that leaves it within a decade is not believed.
 */
import type { At, FittedLaw } from '../law/law.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { remembered } from './remembered.ts';

/** Ends of what may be believed, in units of y. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

/**
 * Beyond the data y may change by so many times what all points together span, per span of the data in x; losses in ln y.
 * Chosen wide: the measured curves of docs/trust.md use at most a tenth of it, and laws that run away miss it by hundreds.
 */
const TIMES = 3;
/** Spans below these are noise: the scatter of one evaluation as a share of y, neighbouring sizes in decades. */
const LEAST_CHANGE = 0.05;
const LEAST_DECADES = 0.3;
/** Decades beyond the data within which a law must stay in reach to be believed. */
const NEAR = 1;

/** What the measured points span: x and every other variable that all of them know. */
interface Span {
  /** Whether low, high and room are logarithms. */
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  /** What y may change within one span of the data. */
  readonly room: number;
  readonly decades: number;
  readonly variables: ReadonlyMap<Variable, { readonly least: number; readonly most: number }>;
}
type Variable = 'x' | 'params' | 'tokens' | 'compute';
const VARIABLES: readonly Variable[] = ['x', 'params', 'tokens', 'compute'];

/** By the points, and by whether they are losses. */
const spans = new WeakMap<readonly Point[], Map<boolean, Span | null>>();

/**
 * The values that these points permit at a place: within three times their own spread of them (losses in ln y), and
 * beyond one span of the data (in decades of any variable outside its measured range) in proportion to the distance.
 * @param points measured ones
 * @returns null for scores with two ends, which need no other, and where fewer than two points have an x
 */
export function reachOf(series: StudySeries, points: readonly Point[], at: At): Reach | null {
  if (!series.isLoss && series.lower !== null && series.upper !== null) return null;
  const kinds = remembered(spans, points, () => new Map<boolean, Span | null>());
  const span = remembered(kinds, series.isLoss, () => spanOf(points, series.isLoss));
  if (span === null) return null;
  let outside = 0;
  for (const [name, { least, most }] of span.variables) {
    const value = at[name];
    if (typeof value === 'number' && value > 0)
      outside = Math.max(outside, Math.log10(value / most), Math.log10(least / value));
  }
  const room = span.room * Math.max(1, outside / span.decades);
  const undo = span.log ? Math.exp : (v: number) => v;
  return { low: undo(span.low - room), high: undo(span.high + room) };
}

function spanOf(points: readonly Point[], isLoss: boolean): Span | null {
  const used = points.filter((p) => p.x > 0 && Number.isFinite(p.y));
  if (used.length < 2) return null;
  // A loss that is not positive throughout has no logarithm to be held to.
  const log = isLoss && used.every((p) => p.y > 0);
  const variables = new Map<Variable, { least: number; most: number }>();
  for (const name of VARIABLES) {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (const point of used) {
      const value = point[name] ?? 0;
      if (!(value > 0)) most = Number.POSITIVE_INFINITY;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (Number.isFinite(most)) variables.set(name, { least, most });
  }
  const x = variables.get('x');
  if (x === undefined) return null;
  const values = used.map((p) => (log ? Math.log(p.y) : p.y));
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const noise = LEAST_CHANGE * (log ? 1 : Math.max(Math.abs(low), Math.abs(high)));
  return {
    log,
    low,
    high,
    room: TIMES * Math.max(noise, high - low),
    decades: Math.max(LEAST_DECADES, Math.log10(x.most / x.least)),
    variables,
  };
}

/** A value inside the reach; anything else, and anything that is no number, as it is. */
export function withinReach(reach: Reach | null, y: number): number {
  if (reach === null) return y;
  return y < reach.low ? reach.low : y > reach.high ? reach.high : y;
}

/** Whether a law of x leaves within a decade of the last point what the points permit. */
export function runsAway(series: StudySeries, fitted: FittedLaw, points: readonly Point[]): boolean {
  const last = points.reduce((most, p) => Math.max(most, p.x), 0);
  const at = { x: last * 10 ** NEAR };
  const reach = reachOf(series, points, at);
  const y = fitted.predict(at);
  return reach !== null && Number.isFinite(y) && withinReach(reach, y) !== y;
}
