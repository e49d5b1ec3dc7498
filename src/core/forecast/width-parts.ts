/**
 * What moves a forecast, each as a half-width at the asked level: scatter about the fit, past misses of the same method at
 * the same distance, what changes from one model family to the next, disagreement of rival laws and of the newest points,
 * uncertainty of the parameters.
 */
import type { At, FittedLaw } from '../law/law.ts';
import { normalQuantile, tQuantile } from '../stats/distribution.ts';
import type { StudySeries } from '../study/study.ts';
import type { Backtest } from './backtest.ts';
import { isBlend } from './blend.ts';
import { CURVE_SHRINK, FAMILY_TRANSFER, RAMP, SCORE_SHRINK } from './calibration.ts';
import { knownHalfWidth, relevantMisses } from './past-misses.ts';
import { recentTrend } from './recent-trend.ts';
import { remembered } from './remembered.ts';
import { scoreEnds } from './score-ends.ts';

/** What is asked of every place alike. */
export interface Asked {
  readonly series: StudySeries;
  readonly fitted: FittedLaw;
  readonly backtest: Backtest | null;
  /** Nominal level, e.g. 0.9. */
  readonly level: number;
}

/** An uncertainty of the parameters beyond so many times everything else says that the law is at fault, not the data. */
const DELTA_CAP = 3;
const RIVAL_CAP = 3;

const familyCounts = new WeakMap<StudySeries, number>();

/** 0 inside the data, 1 from `RAMP` decades beyond it on. */
export function outside(horizon: number): number {
  return Math.min(1, Math.max(0, horizon / RAMP));
}

/** The parts in quadrature. The constants were measured on held-out points; inside the data nothing is scaled. */
export function halfWidth(parts: Readonly<Record<string, number>>, log: boolean, horizon: number): number {
  let square = 0;
  for (const part of Object.values(parts)) square += part * part;
  return (1 + ((log ? CURVE_SHRINK : SCORE_SHRINK) - 1) * outside(horizon)) * Math.sqrt(square);
}

/**
 * @param horizon decades beyond the last fitted x, 0 inside
 * @param y the prediction
 * @param log whether widths are of ln y
 * @returns null where nothing at all is known
 */
export function widthParts(
  { series, fitted, backtest, level }: Asked,
  at: At,
  horizon: number,
  y: number,
  log: boolean,
): Record<string, number> | null {
  const tail = 1 - (1 - level) / 2;
  const df = Math.max(1, fitted.fit.n - fitted.freeParameters);
  const t = tQuantile(tail, df);
  const grow = log ? 1 : 1 + horizon;
  const parts: Record<string, number> = {};
  const rmse = log ? fitted.fit.rmsle : fitted.fit.rmse;
  if (rmse !== null) parts['scatter'] = t * rmse * Math.sqrt(fitted.fit.n / df) * grow;
  const misses = backtest === null || horizon <= 0 ? [] : relevantMisses(backtest, fitted);
  const rolled = misses.length === 0 ? null : knownHalfWidth(misses, horizon, level);
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

/** Half-width at the level for points of other families than the fitted ones; zero for one family or none known. */
export function transferWidth(series: StudySeries, z: number): number {
  const ends = scoreEnds(series);
  if (ends === null) return 0;
  const families = remembered(
    familyCounts,
    series,
    () => new Set(series.points.map((p) => p.family).filter((f) => f !== null)).size,
  );
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
