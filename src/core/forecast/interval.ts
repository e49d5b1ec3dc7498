/**
 * Prediction intervals from everything that is known to move a forecast: past misses of the same method at the same
 * distance, scatter about the fit, uncertainty of its parameters, disagreement of rival laws, and what changes from one
 * model family to the next. They add in quadrature, and the sum is scaled by constants measured on public data
 * (calibration.ts), so that a nominal level is also the measured one.
 */
import type { At, FittedLaw } from '../law/law.ts';
import { normalQuantile, tQuantile } from '../stats/distribution.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { AUTO, type Backtest, type Miss } from './backtest.ts';
import type { Blend } from './blend.ts';
import { CURVE_SHRINK, FAMILY_TRANSFER, MEASURED, type MeasuredCoverage, RAMP, SCORE_SHRINK } from './calibration.ts';
import { clamp } from './clamp.ts';
import { type Reach, reachOf, withinReach } from './reach.ts';
import { recentTrend } from './recent-trend.ts';
import { scoreEnds } from './score-ends.ts';
import { highestPermitted } from './steepest-rise.ts';

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

/** Decades below which a horizon counts as none. */
const SHORTEST = 0.05;
/** Fewest misses that a quantile is taken of. */
const FEWEST_MISSES = 3;
/** An uncertainty of the parameters beyond so many times everything else says that the law is at fault, not the data. */
const DELTA_CAP = 3;
const RIVAL_CAP = 3;

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
  const parts = widthParts(series, fitted, backtest, at, horizon, level, log, y);
  if (parts === null)
    return { y: clamp(series, y), low: null, high: null, method: 'no interval: too few points', parts: {}, ...ran };
  const half = widestUpTo(series, fitted, backtest, at, horizon, level, halfWidth(parts, log, horizon));
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

/** What the points permit outside them; null inside, and for scores, whose metric has ends of its own. */
export function reachAt(series: StudySeries, at: At, horizon: number): Reach | null {
  const last = horizon > 0 ? Number((at.x / 10 ** horizon).toPrecision(9)) : Number.POSITIVE_INFINITY;
  const byLast = remembered(measured, series, () => new Map<number, readonly Point[]>());
  let points = byLast.get(last);
  if (points === undefined)
    byLast.set(last, (points = series.points.filter((p) => p.x <= last * (1 + 1e-7) && Number.isFinite(p.y))));
  const inside = horizon <= 0 && points.some((p) => p.x <= at.x);
  return inside ? null : reachOf(series, points, at);
}

/** The parts in quadrature. The constants were measured on held-out points; inside the data nothing is scaled. */
function halfWidth(parts: Readonly<Record<string, number>>, log: boolean, horizon: number): number {
  let square = 0;
  for (const part of Object.values(parts)) square += part * part;
  return (1 + ((log ? CURVE_SHRINK : SCORE_SHRINK) - 1) * outside(horizon)) * Math.sqrt(square);
}

/** Decades between the places where the half-width is remembered. */
const STEP = 0.05;

/**
 * An interval never narrows on the way out: what is not known nearer is not known farther. Parts alone may narrow, where
 * rival laws cross or the misses at a longer distance happened to be small.
 */
function widestUpTo(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  at: At,
  horizon: number,
  level: number,
  here: number,
): number {
  if (horizon <= 0) return here;
  const byPlace = remembered(widest, fitted, () => new Map<string, number[]>());
  const ratio = at.params && at.tokens ? (at.tokens / at.params).toPrecision(3) : '';
  const key = `${level}|${ratio}|${backtest?.misses.length ?? 'none'}|${(at.x / 10 ** horizon).toPrecision(9)}`;
  let known = byPlace.get(key);
  if (known === undefined) byPlace.set(key, (known = []));
  const steps = Math.ceil(horizon / STEP - 1e-9) - 1;
  for (let i = known.length; i <= steps; i++) {
    const near = nearer(series, at, i * STEP - horizon);
    const y = withinReach(reachAt(series, near, i * STEP), fitted.predict(near));
    const log = series.isLoss && y > 0;
    const parts = Number.isFinite(y) ? widthParts(series, fitted, backtest, near, i * STEP, level, log, y) : null;
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

/** 0 inside the data, 1 from `RAMP` decades beyond it on. */
function outside(horizon: number): number {
  return Math.min(1, Math.max(0, horizon / RAMP));
}

function widthParts(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  at: At,
  horizon: number,
  level: number,
  log: boolean,
  y: number,
): Record<string, number> | null {
  const tail = 1 - (1 - level) / 2;
  const df = Math.max(1, fitted.fit.n - fitted.freeParameters);
  const t = tQuantile(tail, df);
  const grow = log ? 1 : 1 + horizon;
  const parts: Record<string, number> = {};
  const rmse = log ? fitted.fit.rmsle : fitted.fit.rmse;
  if (rmse !== null) parts['scatter'] = t * rmse * Math.sqrt(fitted.fit.n / df) * grow;
  const misses = backtest === null || horizon <= 0 ? [] : relevantMisses(backtest, fitted);
  const rolled = misses.length === 0 ? null : knownWidth(misses, horizon, level);
  if (rolled !== null) parts['past misses'] = rolled * outside(horizon);
  const z = normalQuantile(tail);
  const spread = isBlend(fitted) ? fitted.spread(at) : 0;
  const transfer = transferWidth(series, z) * (1 + horizon) * outside(horizon);
  if (transfer > 0) parts['other families'] = transfer;
  if (Object.keys(parts).length === 0) return null;
  const rest = Math.hypot(...Object.values(parts));
  // An answer that is off by more than this many times everything else says that the rival is at fault, not the data.
  if (spread > 0) parts['rival laws'] = Math.min(z * spread, RIVAL_CAP * rest);
  const trend = horizon > 0 ? recentTrend(series, at.x / 10 ** horizon, at.x) : null;
  if (trend !== null) {
    const gap = (Math.abs(trend - (log ? Math.log(y) : y)) * z) / 1.645;
    // The interval reaches what the newest points say: this part is not shrunk.
    parts['recent trend'] = (log ? Math.min(gap, RIVAL_CAP * rest) : gap / SCORE_SHRINK) * outside(horizon);
  }
  const own = parameterError(fitted, at, log, y);
  if (own !== null && own > 0) parts['parameters'] = Math.min(t * own, DELTA_CAP * rest);
  return parts;
}

function isBlend(fitted: FittedLaw): fitted is Blend {
  return 'spread' in fitted;
}

/** Misses of what is asked: of the whole choice for a blend, of the law itself otherwise. */
function relevantMisses(backtest: Backtest, fitted: FittedLaw): readonly Miss[] {
  const name = isBlend(fitted) ? AUTO : fitted.fit.law;
  const mine = missesOf(backtest, name);
  return mine.length > 0 ? mine : missesOf(backtest, fitted.fit.law);
}

/** Curves and hovers ask for hundreds of intervals of one backtest: what they share is found once. */
const missesByLaw = new WeakMap<Backtest, Map<string, readonly Miss[]>>();
const widths = new WeakMap<readonly Miss[], Map<string, number>>();
const familyCounts = new WeakMap<StudySeries, number>();
const widest = new WeakMap<FittedLaw, Map<string, number[]>>();

function remembered<K extends object, V>(memory: WeakMap<K, V>, key: K, make: () => V): V {
  let value = memory.get(key);
  if (value === undefined) memory.set(key, (value = make()));
  return value;
}

function missesOf(backtest: Backtest, law: string): readonly Miss[] {
  let known = missesByLaw.get(backtest);
  if (known === undefined) missesByLaw.set(backtest, (known = new Map()));
  let mine = known.get(law);
  if (mine === undefined) known.set(law, (mine = backtest.misses.filter((m) => m.law === law)));
  return mine;
}

/** Half-width at the level for points of other families than the fitted ones; zero for one family or none known. */
function transferWidth(series: StudySeries, z: number): number {
  const ends = scoreEnds(series);
  if (ends === null) return 0;
  let families = familyCounts.get(series);
  if (families === undefined) {
    families = new Set(series.points.map((p) => p.family).filter((f) => f !== null)).size;
    familyCounts.set(series, families);
  }
  return families < 2 ? 0 : (FAMILY_TRANSFER * Math.abs(ends.ceiling - ends.floor) * z) / 1.645;
}

/** Standard error of the mean prediction by the delta method, else the spread of the resamples. */
function parameterError(fitted: FittedLaw, at: At, log: boolean, y: number): number | null {
  const delta = fitted.deltaError(at);
  if (delta !== null && Number.isFinite(delta.mean) && delta.df > 0) {
    if (delta.scale === 'ln y') return log ? delta.mean : delta.mean * Math.abs(y);
    return log ? delta.mean / Math.abs(y) : delta.mean;
  }
  const draws = fitted.draws(at);
  if (draws.length < 20) return null;
  const values = Float64Array.from(draws, (d) => (log ? Math.log(Math.max(d, Number.MIN_VALUE)) : d)).sort();
  const pick = (q: number) => values[Math.round(q * (values.length - 1))] as number;
  return (pick(0.84) - pick(0.16)) / 2;
}

function knownWidth(misses: readonly Miss[], horizon: number, level: number): number {
  let known = widths.get(misses);
  if (known === undefined) widths.set(misses, (known = new Map()));
  const key = `${horizon}|${level}`;
  let width = known.get(key);
  if (width === undefined) known.set(key, (width = rollingHalfWidth(misses, horizon, level)));
  return width;
}

/**
 * The ceil(level (m+1))-th smallest miss at horizons up to the asked one; the largest where there are fewer. Beyond the
 * longest tested horizon it grows with the distance.
 */
export function rollingHalfWidth(misses: readonly Miss[], horizon: number, level: number): number {
  const reach = misses.reduce((m, e) => Math.max(m, e.horizon), 0);
  const asked = Math.max(horizon, SHORTEST);
  let pool = misses.filter((m) => m.horizon <= asked + 1e-9);
  // Too few that near: the nearest ones speak for the distance.
  if (pool.length < FEWEST_MISSES) pool = misses.toSorted((a, b) => a.horizon - b.horizon).slice(0, FEWEST_MISSES);
  const sizes = Float64Array.from(pool, (m) => Math.abs(m.error)).sort();
  const rank = Math.ceil(level * (sizes.length + 1));
  const q = sizes[Math.min(rank, sizes.length) - 1] as number;
  return horizon > reach && reach > 0 ? q * (horizon / reach) : q;
}

/** Measured coverage of such an interval: on public data of this kind, and on the file's own backtests. */
export function measuredCoverage(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  level: number,
  horizon: number,
): MeasuredCoverage {
  const kind = series.isLoss ? MEASURED.curve : MEASURED.scores;
  return {
    level: 0.9,
    covered: kind.covered,
    on: kind.on,
    own: backtest === null ? null : owned(series, fitted, backtest, level, horizon),
  };
}

/** One answer per backtest and tenth of a decade. */
const known = new WeakMap<Backtest, Map<string, { covered: number; count: number } | null>>();

function owned(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest,
  level: number,
  horizon: number,
): { covered: number; count: number } | null {
  const reach = Math.max(SHORTEST_CHECK, Math.ceil(10 * horizon) / 10);
  const answers = known.get(backtest) ?? new Map<string, { covered: number; count: number } | null>();
  known.set(backtest, answers);
  const key = `${fitted.fit.law}|${level}|${reach}`;
  const answer = answers.get(key);
  if (answer !== undefined) return answer;
  const fresh = ownCoverage(series, fitted, backtest, level, reach);
  answers.set(key, fresh);
  return fresh;
}

/** Decades of misses that are counted at least. */
const SHORTEST_CHECK = 0.3;
/** Fewest misses that a share of them is given of. */
const FEWEST_CHECKED = 5;
/** Origins with fewer points say little of a fit to more. */
const FEWEST_FITTED = 6;

/** Misses up to a horizon against the interval that the earlier origins alone would have given. */
function ownCoverage(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest,
  level: number,
  reach: number,
): { covered: number; count: number } | null {
  const misses = relevantMisses(backtest, fitted).filter((m) => m.noise !== undefined);
  const z = normalQuantile(1 - (1 - level) / 2);
  const transfer = transferWidth(series, z);
  let inside = 0;
  let count = 0;
  for (const origin of new Set(misses.map((m) => m.origin))) {
    const earlier = misses.filter((m) => m.x <= origin && m.origin < origin);
    if (earlier.length < FEWEST_MISSES) continue;
    for (const m of misses) {
      if (m.origin !== origin || m.horizon > reach + 1e-9 || m.fitted < FEWEST_FITTED) continue;
      const half = Math.hypot(
        rollingHalfWidth(earlier, m.horizon, level),
        z * (m.noise ?? 0) * (series.isLoss ? 1 : 1 + m.horizon),
        z * (m.spread ?? 0),
        transfer * (1 + m.horizon),
      );
      if (Math.abs(m.error) <= (series.isLoss ? CURVE_SHRINK : SCORE_SHRINK) * half) inside++;
      count++;
    }
  }
  return count < FEWEST_CHECKED ? null : { covered: inside / count, count };
}
