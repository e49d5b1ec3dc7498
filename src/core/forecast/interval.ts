/**
 * Prediction intervals from everything that is known to move a forecast (width-parts.ts). The parts add in quadrature, and
 * the sum is scaled by constants measured on public data (calibration.ts), so that a nominal level is also the measured one.
 */
import type { At, FittedLaw } from '../law/law.ts';
import type { Point, StudySeries } from '../study/study.ts';
import type { Backtest } from './backtest.ts';
import { clamp } from './clamp.ts';
import { type Reach, reachOf, withinReach } from './reach.ts';
import { remembered } from './remembered.ts';
import { scoreEnds } from './score-ends.ts';
import { highestPermitted } from './steepest-rise.ts';
import { type Asked, halfWidth, outside, widthParts } from './width-parts.ts';

export interface PredictionInterval {
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Where the width came from. */
  readonly method: string;
  /** Half-widths at the asked level by cause, on the scale of the backtest. */
  readonly parts: Readonly<Record<string, number>>;
  /** The law's own answer, where it lies beyond what the points permit and `y` is the nearest that they do. */
  readonly ranTo?: number;
}

/**
 * @param level nominal level, e.g. 0.9
 * @param horizon decades beyond the last fitted x, 0 inside
 */
export function predictionInterval(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  at: At,
  horizon: number,
  level: number,
): PredictionInterval {
  const answer = fitted.predict(at);
  if (!Number.isFinite(answer))
    return { y: null, low: null, high: null, method: 'the law cannot be evaluated here', parts: {} };
  const reach = reachAt(series, at, horizon);
  const y = withinReach(reach, answer);
  const ran = y === answer ? {} : { ranTo: answer };
  const log = series.isLoss && y > 0;
  const centre = log ? Math.log(y) : y;
  const asked = { series, fitted, backtest, level };
  const parts = widthParts(asked, at, horizon, y, log);
  if (parts === null)
    return { y: clamp(series, y), low: null, high: null, method: 'no interval: too few points', parts: {}, ...ran };
  const half = widestUpTo(asked, at, horizon, halfWidth(parts, log, horizon));
  const undo = log ? Math.exp : (v: number) => v;
  const permitted = permittedReach(series, at, horizon, level, y);
  return {
    y: clamp(series, y),
    low: clamp(series, withinReach(reach, undo(centre - Math.max(half, -permitted)))),
    high: clamp(series, withinReach(reach, undo(centre + Math.max(half, permitted)))),
    method: `quadrature of ${Object.keys(parts).join(', ')}${Math.abs(permitted) > half ? ', up to the fastest rise that the points permit' : ''}`,
    parts,
    ...ran,
  };
}

/** The measured points up to a last one, so that what they span is found once. */
const measured = new WeakMap<StudySeries, Map<number, readonly Point[]>>();

/** What the points permit outside them; null inside, and for scores with two ends. */
export function reachAt(series: StudySeries, at: At, horizon: number): Reach | null {
  const last = horizon > 0 ? Number((at.x / 10 ** horizon).toPrecision(9)) : Number.POSITIVE_INFINITY;
  const points = remembered(
    remembered(measured, series, () => new Map<number, readonly Point[]>()),
    last,
    () => series.points.filter((p) => p.x <= last * (1 + 1e-7) && Number.isFinite(p.y)),
  );
  const inside = horizon <= 0 && points.some((p) => p.x <= at.x);
  return inside ? null : reachOf(series, points, at);
}

/** Decades between the places where the half-width is remembered. */
const STEP = 0.05;

const widest = new WeakMap<FittedLaw, Map<string, number[]>>();

/**
 * An interval never narrows on the way out: what is not known nearer is not known farther. Parts alone may narrow, where
 * rival laws cross or the misses at a longer distance happened to be small.
 */
function widestUpTo(asked: Asked, at: At, horizon: number, here: number): number {
  if (horizon <= 0) return here;
  const { series, fitted, backtest, level } = asked;
  const byPlace = remembered(widest, fitted, () => new Map<string, number[]>());
  const ratio = at.params && at.tokens ? (at.tokens / at.params).toPrecision(3) : '';
  const key = `${level}|${ratio}|${backtest?.misses.length ?? 'none'}|${(at.x / 10 ** horizon).toPrecision(9)}`;
  const known = remembered(byPlace, key, (): number[] => []);
  const steps = Math.ceil(horizon / STEP - 1e-9) - 1;
  for (let i = known.length; i <= steps; i++) {
    const near = nearer(series, at, i * STEP - horizon);
    const y = withinReach(reachAt(series, near, i * STEP), fitted.predict(near));
    const log = series.isLoss && y > 0;
    const parts = Number.isFinite(y) ? widthParts(asked, near, i * STEP, y, log) : null;
    const half = parts === null ? 0 : halfWidth(parts, log, i * STEP);
    known.push(Math.max(half, known[i - 1] ?? 0));
  }
  return Math.max(here, known[steps] ?? 0);
}

/** The same kind of model so many decades of x farther (negative: nearer), at the same tokens per parameter. */
function nearer(series: StudySeries, at: At, decades: number): At {
  const factor = 10 ** decades;
  const size = series.scale === 'compute' ? Math.sqrt(factor) : factor;
  const scaled = (v: number | null | undefined, by: number) => (v === null || v === undefined ? {} : v * by);
  const params = scaled(at.params, size);
  const tokens = scaled(at.tokens, size);
  const compute = scaled(at.compute, size * size);
  return {
    ...at,
    x: at.x * factor,
    ...(typeof params === 'number' ? { params } : {}),
    ...(typeof tokens === 'number' ? { tokens } : {}),
    ...(typeof compute === 'number' ? { compute } : {}),
  };
}

/** Signed distance from the prediction to the best score that the points permit; 0 for losses, and inside the data. */
function permittedReach(series: StudySeries, at: At, horizon: number, level: number, y: number): number {
  const ends = scoreEnds(series);
  if (ends === null || horizon <= 0) return 0;
  const share = highestPermitted(series, at.x / 10 ** horizon, at.x, level);
  if (share === null) return 0;
  const reach = ends.floor + (ends.ceiling - ends.floor) * share - y;
  // Only towards the ceiling: the way down is the business of the other parts.
  return reach * (ends.ceiling - ends.floor) > 0 ? reach * outside(horizon) : 0;
}
