/**
 * How far the points permit a loss to run beyond them. A law with a steep end, fitted to a few points, may fall to nothing
 * or rise without limit just outside the data, and nothing in its residuals shows it: its answer then says something about
 * the formula and nothing about the models. What a forecast says, and what a backtest holds it to, stays inside this reach;
 * a law that leaves it within a decade is not believed.
 */
import type { At, FittedLaw } from '../law/law.ts';
import type { Point, StudySeries } from '../study/study.ts';

/** Ends of what may be believed, as losses (not logarithms), both positive. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

/**
 * Beyond the data a loss may change by so many times what all points together span in ln y, per span of the data in x.
 * Chosen wide: the measured curves of docs/trust.md use at most a tenth of it, and laws that run away miss it by hundreds.
 */
const TIMES = 3;
/** Spans below these are noise: the scatter of one evaluation in ln y, neighbouring sizes in decades. */
const LEAST_CHANGE = 0.05;
const LEAST_DECADES = 0.3;
/** Decades beyond the data within which a law must stay in reach to be believed. */
const NEAR = 1;

/** What the measured points span: x and every other variable that all of them know. */
interface Span {
  readonly low: number;
  readonly high: number;
  readonly decades: number;
  readonly variables: ReadonlyMap<Variable, { readonly least: number; readonly most: number }>;
}
type Variable = 'x' | 'params' | 'tokens' | 'compute';
const VARIABLES: readonly Variable[] = ['x', 'params', 'tokens', 'compute'];

const spans = new WeakMap<readonly Point[], Span | null>();

/**
 * The losses that these points permit at a place: ln y within three times their own spread of them, and beyond one span of
 * the data (in decades of any variable outside its measured range) in proportion to the distance.
 * @param points measured ones, losses
 * @returns null where fewer than two points have a positive loss and x
 */
export function lossReach(points: readonly Point[], at: At): Reach | null {
  let span = spans.get(points);
  if (span === undefined) spans.set(points, (span = spanOf(points)));
  if (span === null) return null;
  let outside = 0;
  for (const [name, { least, most }] of span.variables) {
    const value = at[name];
    if (typeof value === 'number' && value > 0)
      outside = Math.max(outside, Math.log10(value / most), Math.log10(least / value));
  }
  const room = TIMES * Math.max(LEAST_CHANGE, span.high - span.low) * Math.max(1, outside / span.decades);
  return { low: Math.exp(span.low - room), high: Math.exp(span.high + room) };
}

function spanOf(points: readonly Point[]): Span | null {
  const used = points.filter((p) => p.x > 0 && p.y > 0 && Number.isFinite(p.y));
  if (used.length < 2) return null;
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
  const logs = used.map((p) => Math.log(p.y));
  return {
    low: logs.reduce((a, b) => Math.min(a, b)),
    high: logs.reduce((a, b) => Math.max(a, b)),
    decades: Math.max(LEAST_DECADES, Math.log10(x.most / x.least)),
    variables,
  };
}

/** A loss inside the reach; anything else, and anything that is no number, as it is. */
export function withinReach(reach: Reach | null, y: number): number {
  if (reach === null) return y;
  return y < reach.low ? reach.low : y > reach.high ? reach.high : y;
}

/** Whether a law of x leaves within a decade of the last point what the points permit. */
export function runsAway(series: StudySeries, fitted: FittedLaw, points: readonly Point[]): boolean {
  if (!series.isLoss) return false;
  const last = points.reduce((most, p) => Math.max(most, p.x), 0);
  const at = { x: last * 10 ** NEAR };
  const reach = lossReach(points, at);
  const y = fitted.predict(at);
  return reach !== null && Number.isFinite(y) && withinReach(reach, y) !== y;
}
