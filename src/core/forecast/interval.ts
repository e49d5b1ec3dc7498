/**
 * Prediction intervals that combine what the fit knows of itself (bootstrap or delta) with what the backtest measured.
 * The half-width is the larger of the two and grows at least linearly in log distance beyond the tested horizon
 * (trust.md §4, §4.2).
 */
import type { At, FittedLaw } from '../law/law.ts';
import { tQuantile } from '../stats/distribution.ts';
import type { StudySeries } from '../study/study.ts';
import type { Backtest } from './backtest.ts';

export interface PredictionInterval {
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Where the width came from. */
  readonly method: string;
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
  const y = fitted.predict(at);
  if (!Number.isFinite(y)) return { y: null, low: null, high: null, method: 'the law cannot be evaluated here' };
  const log = series.isLoss && y > 0;
  const centre = log ? Math.log(y) : y;
  const own = ownHalfWidth(fitted, at, log, level);
  const rolled = backtest === null ? null : rollingHalfWidth(backtest, fitted.fit.law, horizon, level);
  const parts: string[] = [];
  let half = 0;
  if (own !== null) {
    half = own;
    parts.push('fit');
  }
  if (rolled !== null && rolled > half) {
    half = rolled;
    parts.push('backtest');
  }
  if (parts.length === 0) return { y: clamp(series, y), low: null, high: null, method: 'no interval: too few points' };
  const undo = log ? Math.exp : (v: number) => v;
  return {
    y: clamp(series, y),
    low: clamp(series, undo(centre - half)),
    high: clamp(series, undo(centre + half)),
    method: parts.length === 2 ? 'largest of fit and past misses' : `from the ${parts[0] ?? 'fit'}`,
  };
}

/** Inside the metric's own range. */
export function clamp(series: StudySeries, y: number): number {
  let v = y;
  if (series.lower !== null && v < series.lower) v = series.lower;
  if (series.upper !== null && v > series.upper) v = series.upper;
  return v;
}

function ownHalfWidth(fitted: FittedLaw, at: At, log: boolean, level: number): number | null {
  const delta = fitted.deltaError(at);
  const tail = (1 - level) / 2;
  if (delta !== null && Number.isFinite(delta.mean) && delta.df > 0) {
    const error = Math.hypot(delta.mean, delta.residual);
    const y = fitted.predict(at);
    const toScale = delta.scale === 'ln y' ? (log ? 1 : Math.abs(y)) : log ? 1 / Math.abs(y) : 1;
    return tQuantile(1 - tail, delta.df) * error * toScale;
  }
  const draws = fitted.draws(at);
  const rmse = log ? fitted.fit.rmsle : fitted.fit.rmse;
  if (draws.length < 20 || rmse === null) return null;
  const values = Float64Array.from(draws, (d) => (log ? Math.log(Math.max(d, Number.MIN_VALUE)) : d)).sort();
  const pick = (q: number) =>
    values[Math.min(values.length - 1, Math.max(0, Math.round(q * (values.length - 1))))] as number;
  const spread = (pick(1 - tail) - pick(tail)) / 2;
  const noise = tQuantile(1 - tail, Math.max(1, fitted.fit.n - fitted.freeParameters)) * rmse;
  return Math.hypot(spread, noise);
}

/** The ceil(level (m+1))-th smallest miss at horizons up to the asked one; the largest where there are fewer. */
function rollingHalfWidth(backtest: Backtest, law: string, horizon: number, level: number): number | null {
  const mine = backtest.misses.filter((m) => m.law === law);
  if (mine.length === 0) return null;
  const reach = mine.reduce((m, e) => Math.max(m, e.horizon), 0);
  const asked = Math.max(horizon, 0.05);
  let pool = mine.filter((m) => m.horizon <= asked + 1e-9);
  if (pool.length < 3) pool = mine;
  const sizes = pool.map((m) => Math.abs(m.error)).sort((a, b) => a - b);
  const rank = Math.ceil(level * (sizes.length + 1));
  const q = sizes[Math.min(rank, sizes.length) - 1] as number;
  return horizon > reach && reach > 0 ? q * (horizon / reach) : q;
}
