/**
 * Backtests: leave the largest points out, fit what is left, and see how far the predictions miss. A forecast is worth
 * what its law was worth on points it had not seen. Errors are grouped by distance in decades beyond the last fitted
 * x and always stand beside the baselines (trust.md §3).
 */
import type { FitOptions, Law } from '../law/law.ts';
import type { Point, Study, StudySeries } from '../study/study.ts';

/** One held-out prediction. */
export interface Miss {
  readonly law: string;
  /** Decades between the last fitted x and the held-out x. */
  readonly horizon: number;
  /** Prediction minus truth: in ln y for losses, in units of y otherwise. */
  readonly error: number;
  /** How many points the law was fitted on. */
  readonly fitted: number;
  /** x of the last fitted point. */
  readonly origin: number;
  readonly x: number;
}

export interface HorizonErrors {
  /** Decades: misses with horizon in (previous bin, this]. */
  readonly upTo: number;
  readonly count: number;
  readonly meanAbsolute: number;
}

export interface LawBacktest {
  readonly law: string;
  readonly count: number;
  readonly meanAbsolute: number | null;
  readonly rms: number | null;
  readonly byHorizon: readonly HorizonErrors[];
  readonly failed: number;
}

export interface Backtest {
  readonly protocol: 'rolling' | 'largest-out';
  /** Unit of every error in this record. */
  readonly errorScale: 'ln y' | 'y';
  readonly origins: number;
  /** Longest distance, in decades, at which any prediction was checked. */
  readonly longestHorizon: number;
  readonly laws: readonly LawBacktest[];
  readonly misses: readonly Miss[];
}

const BIN_EDGES = [0.33, 0.67, 1, 1.5, 2, 3, 5];

/** The x values after which to cut: the fitted part ends there. Dense curves: x_max/2^(j/2); sparse ones: each distinct x. */
export function origins(
  points: readonly Point[],
  minPoints: number,
): { protocol: Backtest['protocol']; cuts: number[] } {
  const distinct = [...new Set(points.map((p) => p.x))].sort((a, b) => a - b);
  const last = distinct[distinct.length - 1];
  if (last === undefined) return { protocol: 'largest-out', cuts: [] };
  const keep = Math.max(4, minPoints);
  const enough = (cut: number) => points.filter((p) => p.x <= cut).length >= keep;
  if (distinct.length > 40) {
    const cuts: number[] = [];
    for (let j = 1; j <= 8; j++) {
      const limit = last / 2 ** (j / 2);
      if (limit >= (distinct[0] as number) && enough(limit)) cuts.push(limit);
    }
    return { protocol: 'rolling', cuts };
  }
  const most = Math.floor(0.7 * distinct.length);
  const cuts: number[] = [];
  for (let h = 1; h <= most; h++) {
    const cut = distinct[distinct.length - 1 - h];
    if (cut !== undefined && enough(cut)) cuts.push(cut);
  }
  return { protocol: 'largest-out', cuts };
}

/**
 * Backtests several laws on the same origins.
 * @param points sorted by x
 * @param options fit options; the bootstrap is switched off inside
 */
export function backtest(
  series: StudySeries,
  points: readonly Point[],
  laws: readonly Law[],
  study: Study | null,
  options: FitOptions,
): Backtest {
  const errorScale = series.isLoss ? 'ln y' : 'y';
  const minPoints = Math.min(...laws.filter((l) => !l.baseline).map((l) => l.minPoints), 99);
  const plan = origins(points, minPoints === 99 ? 4 : minPoints);
  const misses: Miss[] = [];
  const failed = new Map<string, number>();
  const quick: FitOptions = { ...options, bootstrap: 0 };
  for (const cut of plan.cuts) {
    if (options.signal?.aborted) break;
    const fitted = points.filter((p) => p.x <= cut);
    const held = points.filter((p) => p.x > cut);
    const origin = fitted[fitted.length - 1]?.x ?? cut;
    for (const law of laws) {
      const outcome = law.fit({ series, points: fitted, study }, quick);
      if (!outcome.ok) {
        failed.set(law.id, (failed.get(law.id) ?? 0) + 1);
        continue;
      }
      for (const point of held) {
        const predicted = outcome.value.predict(point);
        const error = missOf(errorScale, predicted, point.y);
        if (error === null) continue;
        misses.push({
          law: law.id,
          horizon: Math.log10(point.x / origin),
          error,
          fitted: fitted.length,
          origin,
          x: point.x,
        });
      }
    }
  }
  return {
    protocol: plan.protocol,
    errorScale,
    origins: plan.cuts.length,
    longestHorizon: misses.reduce((m, e) => Math.max(m, e.horizon), 0),
    laws: laws.map((law) => summarise(law.id, misses, failed.get(law.id) ?? 0)),
    misses,
  };
}

/** Signed error on the scale of the backtest; null where it does not exist. */
export function missOf(scale: 'ln y' | 'y', predicted: number, actual: number): number | null {
  if (scale === 'y') return Number.isFinite(predicted) ? predicted - actual : null;
  return predicted > 0 && actual > 0 ? Math.log(predicted / actual) : null;
}

function summarise(law: string, all: readonly Miss[], failed: number): LawBacktest {
  const misses = all.filter((m) => m.law === law);
  const byHorizon: HorizonErrors[] = [];
  let low = 0;
  for (const upTo of BIN_EDGES) {
    const inside = misses.filter((m) => m.horizon > low && m.horizon <= upTo);
    if (inside.length > 0) byHorizon.push({ upTo, count: inside.length, meanAbsolute: meanAbs(inside) });
    low = upTo;
  }
  return {
    law,
    count: misses.length,
    meanAbsolute: misses.length > 0 ? meanAbs(misses) : null,
    rms: misses.length > 0 ? Math.sqrt(misses.reduce((s, m) => s + m.error * m.error, 0) / misses.length) : null,
    byHorizon,
    failed,
  };
}

function meanAbs(misses: readonly Miss[]): number {
  return misses.reduce((s, m) => s + Math.abs(m.error), 0) / misses.length;
}
