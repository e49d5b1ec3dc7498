/** A forecast: a prediction, its interval, and a verdict that says what it is worth and why. */
import type { At, FittedLaw } from '../law/law.ts';
import { formatNumber, formatScale } from '../render/number.ts';
import type { Forecast, Verdict } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';
import { AUTO, type Backtest } from './backtest.ts';
import { isBlend } from './blend.ts';
import { clamp } from './clamp.ts';
import { predictionInterval, reachAt } from './interval.ts';
import { measuredCoverage } from './measured-coverage.ts';
import { missWords } from './miss-words.ts';
import { withinReach } from './reach.ts';
import { scoreEnds } from './score-ends.ts';

/** Decades of x beyond the last fitted point; 0 inside the fitted range. */
export function horizonOf(lastFitted: number, x: number): number {
  return x > lastFitted && lastFitted > 0 ? Math.log10(x / lastFitted) : 0;
}

/** Decades that would be printed as none. */
const LEAST_BELOW = 0.005;

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
  const below = belowData(series, at);
  if (below !== null) return refused(fitted.fit.law, at, horizon, level, below);
  const interval = predictionInterval(series, fitted, backtest, at, horizon, level);
  const { verdict, why } =
    interval.ranTo === undefined
      ? doubted(verdictOf(series, fitted, backtest, horizon, interval.y), interval.parts)
      : ranAway(fitted, interval.ranTo);
  // Slice-and-Sandwich is reported as published: its polynomials leave the range, and `bounded` stays inside.
  const raw = fitted.fit['unclipped'] === true ? fitted.predict(at) : Number.NaN;
  return {
    x: at.x,
    y: Number.isFinite(raw) ? raw : interval.y,
    ...(Number.isFinite(raw) ? { bounded: interval.y } : {}),
    low: interval.low,
    high: interval.high,
    level,
    law: fitted.fit.law,
    horizon,
    verdict,
    why,
    method: interval.method,
    parts: interval.parts,
    ...scopeOf(series, fitted, horizon),
    measuredCoverage: measuredCoverage(series, fitted, backtest, level, horizon),
    ...rivals(series, fitted, at, horizon),
    ...measured(at),
  };
}

/** A forecast that is not made, and why. */
export function refused(law: string, at: At, horizon: number, level: number, why: string): Forecast {
  return {
    x: at.x,
    y: null,
    low: null,
    high: null,
    level,
    law,
    horizon,
    verdict: 'not-identifiable',
    why,
    ...measured(at),
  };
}

/** What was measured there, where the place is a point of the file. */
function measured(at: At): Pick<Forecast, 'actual' | 'model' | 'row'> {
  return {
    ...(at.y === undefined ? {} : { actual: at.y }),
    ...(at.model === undefined ? {} : { model: at.model }),
    ...(at.row === undefined ? {} : { row: at.row }),
  };
}

/** Why nothing is forecast below the smallest point, where no backtest looks; null elsewhere. */
function belowData(series: StudySeries, at: At): string | null {
  const least = smallestX(series);
  const decades = Math.log10(least / at.x);
  if (!(decades >= LEAST_BELOW)) return null;
  const smallest = formatScale(least, series.scale);
  return `${formatScale(at.x, series.scale)} lies ${decades.toFixed(2)} decades below the smallest point (${smallest}): what comes before the data is not forecast. It needs a run measured there, or a target above ${smallest}.`;
}

/** Whom the forecast of a score speaks of, where one family alone was measured. */
function scopeOf(series: StudySeries, fitted: FittedLaw, horizon: number): { scope?: string } {
  if (series.isLoss || horizon <= 0 || scoreEnds(series) === null) return {};
  const measured = [...series.points].slice(0, fitted.fit.n).map((p) => p.family);
  const [family, ...others] = new Set(measured);
  if (family === undefined || family === null || others.length > 0) return {};
  return {
    scope: `Only ${family} models were measured: the interval is for larger ones of them. Other families differ by more; that needs models of at least three.`,
  };
}

/** A law whose answer no loss near these points could have says nothing about this place. */
function ranAway(fitted: FittedLaw, y: number): { verdict: Verdict; why: string } {
  return {
    verdict: 'not-identifiable',
    why: `The ${fitted.fit.law} law runs away here (to ${formatNumber(y, 2)}): what is shown is the farthest that the points permit.`,
  };
}

/** Times everything else that the newest points may disagree before a backtest of older ones no longer vouches. */
const DISAGREES = 1.5;

/** A forecast that the newest points contradict is beyond what was tested, whatever the distance. */
function doubted(
  said: { verdict: Verdict; why: string },
  parts: Readonly<Record<string, number>>,
): { verdict: Verdict; why: string } {
  const trend = parts['recent trend'] ?? 0;
  const rest = Math.hypot(...Object.entries(parts).map(([name, part]) => (name === 'recent trend' ? 0 : part)));
  if (said.verdict !== 'tested' || trend <= DISAGREES * rest) return said;
  return {
    verdict: 'beyond-tested-range',
    why: 'The newest points point elsewhere than the fit to all of them, and no backtest has seen what follows such a change.',
  };
}

function smallestX(series: StudySeries): number {
  return series.points.reduce((least, p) => (p.x > 0 ? Math.min(least, p.x) : least), Number.POSITIVE_INFINITY);
}

/** What each law of a blend says at the target, the heaviest first. */
function rivals(series: StudySeries, fitted: FittedLaw, at: At, horizon: number): Record<string, unknown> {
  if (!isBlend(fitted)) return {};
  const answers = fitted.answers(at);
  if (answers.length < 2) return {};
  const reach = reachAt(series, at, horizon);
  const said = (y: number) => clamp(series, withinReach(reach, y));
  return {
    blend: answers
      .map((a) => ({ law: a.law, weight: a.weight, y: Number.isFinite(a.y) ? said(a.y) : null }))
      .sort((a, b) => b.weight - a.weight),
  };
}

/** Fewest held-out predictions that can call a forecast tested. */
const FEWEST_CHECKS = 3;

/** The verdict words of docs/trust.md, with one sentence a reader can quote. */
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
        identifiable === false && typeof why === 'string'
          ? why
          : `The ${fitted.fit.law} law is not determined by these ${fitted.fit.n} points.`,
    };
  }
  const name = isBlend(fitted) ? AUTO : fitted.fit.law;
  const mine =
    backtest?.laws.find((l) => l.law === name && l.count > 0) ??
    backtest?.laws.find((l) => l.law === fitted.fit.law) ??
    null;
  if (backtest === null || mine === null || mine.meanAbsolute === null || mine.count < FEWEST_CHECKS) {
    return { verdict: 'beyond-tested-range', why: 'Too few points for a backtest, so nothing tests this forecast.' };
  }
  const shown = (v: number) => missWords(v, backtest.errorScale, series.upper === 100);
  const own = backtest.misses.filter((m) => m.law === mine.law);
  const same = (law: string) => paired(own, backtest, law);
  for (const law of ['last', 'mean-3']) {
    const both = law === fitted.fit.law ? null : same(law);
    if (both !== null && both.theirs <= both.mine) {
      return {
        verdict: 'no-better-than-baseline',
        why: `On ${both.count} held-out points the forecast missed by ${shown(both.mine)} on average, no better than assuming no change (${law}: ${shown(both.theirs)}).`,
      };
    }
  }
  const reach = own.reduce((m, e) => Math.max(m, e.horizon), 0);
  if (horizon > reach + 1e-9) {
    return {
      verdict: 'beyond-tested-range',
      why: `${beyondReach(horizon, reach)}.`,
    };
  }
  return {
    verdict: 'tested',
    why: `Backtests up to ${reach.toFixed(2)} decades missed by ${shown(mine.meanAbsolute)} on average (${mine.count} held-out points).`,
  };
}

/** Both distances with as many digits as it takes to tell them apart. */
function beyondReach(horizon: number, reach: number): string {
  const digits = [2, 3, 4].find((d) => horizon.toFixed(d) !== reach.toFixed(d));
  return digits === undefined
    ? `${horizon.toFixed(2)} decades beyond the data, just beyond the reach of the backtests`
    : `${horizon.toFixed(digits)} decades beyond the data; backtests reach only ${reach.toFixed(digits)}`;
}

/** Mean misses of a law and of a baseline on the very same held-out points. */
function paired(
  own: Backtest['misses'],
  backtest: Backtest,
  baseline: string,
): { mine: number; theirs: number; count: number } | null {
  const theirs = new Map(
    backtest.misses.filter((m) => m.law === baseline).map((m) => [`${m.origin}|${m.x}`, Math.abs(m.error)]),
  );
  let a = 0;
  let b = 0;
  let count = 0;
  for (const m of own) {
    const other = theirs.get(`${m.origin}|${m.x}`);
    if (other === undefined) continue;
    a += Math.abs(m.error);
    b += other;
    count++;
  }
  return count === 0 ? null : { mine: a / count, theirs: b / count, count };
}
