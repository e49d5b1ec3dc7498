/** A forecast: a prediction, its interval, and a verdict that says what it is worth and why. */
import type { At, FittedLaw } from '../law/law.ts';
import type { Forecast, Verdict } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';
import type { Backtest } from './backtest.ts';
import { predictionInterval } from './interval.ts';

/** Decades of x beyond the last fitted point; 0 inside the fitted range. */
export function horizonOf(lastFitted: number, x: number): number {
  return x > lastFitted && lastFitted > 0 ? Math.log10(x / lastFitted) : 0;
}

/** The forecast of one fitted law at one place. */
export function forecastAt(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  at: At,
  lastFitted: number,
  level: number,
): Forecast {
  const horizon = horizonOf(lastFitted, at.x);
  const interval = predictionInterval(series, fitted, backtest, at, horizon, level);
  const { verdict, why } = verdictOf(series, fitted, backtest, horizon, interval.y);
  return {
    x: at.x,
    y: interval.y,
    low: interval.low,
    high: interval.high,
    level,
    law: fitted.fit.law,
    horizon,
    verdict,
    why,
    method: interval.method,
    ...(at.y === undefined ? {} : { actual: at.y }),
    ...(at.model === undefined ? {} : { model: at.model }),
    ...(at.row === undefined ? {} : { row: at.row }),
  };
}

/** The verdict words of trust.md §6, with one sentence a reader can quote. */
export function verdictOf(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  horizon: number,
  y: number | null,
): { verdict: Verdict; why: string } {
  const identifiable = fitted.fit['identifiable'];
  if (y === null || identifiable === false || !fitted.fit.converged) {
    const why = fitted.fit['why'];
    return {
      verdict: 'not-identifiable',
      why:
        typeof why === 'string' ? why : `The ${fitted.fit.law} law is not determined by these ${fitted.fit.n} points.`,
    };
  }
  const mine = backtest?.laws.find((l) => l.law === fitted.fit.law) ?? null;
  if (backtest === null || mine === null || mine.meanAbsolute === null) {
    return { verdict: 'beyond-tested-range', why: 'Too few points for a backtest, so nothing tests this forecast.' };
  }
  const rivals = backtest.laws.filter((l) => (l.law === 'last' || l.law === 'mean-3') && l.meanAbsolute !== null);
  const best = rivals.reduce<(typeof rivals)[number] | null>(
    (b, l) => (b === null || (l.meanAbsolute as number) < (b.meanAbsolute as number) ? l : b),
    null,
  );
  const unit = backtest.errorScale === 'ln y' ? '' : series.upper === 100 ? ' points' : '';
  const shown = (v: number) =>
    backtest.errorScale === 'ln y' ? `${(100 * v).toPrecision(2)} %` : `${v.toPrecision(2)}${unit}`;
  if (best !== null && best.law !== fitted.fit.law && (best.meanAbsolute as number) <= mine.meanAbsolute) {
    return {
      verdict: 'no-better-than-baseline',
      why: `On held-out points the ${fitted.fit.law} law missed by ${shown(mine.meanAbsolute)} on average, no better than assuming no change (${best.law}: ${shown(best.meanAbsolute as number)}).`,
    };
  }
  const reach = backtest.misses.filter((m) => m.law === fitted.fit.law).reduce((m, e) => Math.max(m, e.horizon), 0);
  if (horizon > reach + 1e-9) {
    return {
      verdict: 'beyond-tested-range',
      why: `${horizon.toFixed(2)} decades beyond the data; backtests reach only ${reach.toFixed(2)}.`,
    };
  }
  return {
    verdict: 'tested',
    why: `Backtests up to ${reach.toFixed(2)} decades missed by ${shown(mine.meanAbsolute)} on average (${mine.count} held-out points).`,
  };
}
