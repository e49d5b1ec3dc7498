/**
 * Backtests: leave the largest points out, fit what is left, and see how far the predictions miss. A forecast is worth
 * what its law was worth on points it had not seen. Errors are grouped by distance in decades beyond the last fitted
 * x and always stand beside the baselines (trust.md §3).
 */
import type { FitOptions, FittedLaw, Law } from '../law/law.ts';
import type { Shape } from '../report-model.ts';
import type { Point, Study, StudySeries } from '../study/study.ts';
import { believe, blend } from './blend.ts';
import { clamp } from './clamp.ts';
import { reachOf, withinReach } from './reach.ts';

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
  /** For `auto`: residual deviation of the fit and spread of its members at x, on the error scale. */
  readonly noise?: number;
  readonly spread?: number;
}

/** What `auto` would have answered at each origin, under this name among the laws. */
export const AUTO = 'auto';

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
  readonly protocol: 'rolling' | 'largest-out' | 'largest-runs-out';
  /** Unit of every error in this record. */
  readonly errorScale: 'ln y' | 'y';
  readonly origins: number;
  /** Longest distance, in decades, at which any prediction was checked. */
  readonly longestHorizon: number;
  readonly laws: readonly LawBacktest[];
  readonly misses: readonly Miss[];
}

const BIN_EDGES = [0.33, 0.67, 1, 1.5, 2, 3, 5];

/** More cuts than this between the first and the last say little more and cost as much each. */
const MOST_ORIGINS = 10;

/** At most `most` of the items, evenly chosen, the first and the last among them. */
export function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  if (most < 2) return items.slice(0, most);
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * step)] as T);
}

/**
 * Fewer cuts than planned, the deepest among them and the rest evenly shallower: the shallowest hold a point or two out,
 * which few cuts cannot be spent on.
 * @param cuts shallowest first
 */
export function fewer<T>(cuts: readonly T[], most: number): T[] {
  if (cuts.length <= most) return [...cuts];
  return Array.from({ length: most }, (_, i) => cuts[Math.round(((i + 1) * cuts.length) / most) - 1] as T);
}

/** What is fitted at a cut, and what is predicted from it. */
export interface Cut {
  readonly fitted: readonly Point[];
  readonly held: readonly Point[];
}

/**
 * The cuts of a backtest, shallowest first. Dense curves end at x_max/2^(j/2), sparse ones at each distinct x; where runs
 * stand with their checkpoints the largest runs are left out whole: the first checkpoints of a large run are cheap, and a
 * cut in compute would let them tell of it.
 * @param points sorted by x
 */
export function origins(points: readonly Point[], minPoints: number): { protocol: Backtest['protocol']; cuts: Cut[] } {
  const keep = Math.max(4, minPoints);
  const runs = runsWithCheckpoints(points);
  if (runs !== null)
    return { protocol: 'largest-runs-out', cuts: evenly(withoutLargestRuns(runs, keep), MOST_ORIGINS) };
  const { protocol, cuts } = places(points, keep);
  return {
    protocol,
    cuts: cuts.map((x) => ({ fitted: points.filter((p) => p.x <= x), held: points.filter((p) => p.x > x) })),
  };
}

const FEWEST_RUNS = 5;
const CHECKPOINTS = 3;

/** The points of each run, the run that reaches the smallest x first; null where most runs are single points. */
function runsWithCheckpoints(points: readonly Point[]): readonly (readonly Point[])[] | null {
  const byRun = new Map<string, Point[]>();
  for (const p of points) {
    const run = byRun.get(p.run);
    if (run === undefined) byRun.set(p.run, [p]);
    else run.push(p);
  }
  const runs = [...byRun.values()];
  if (runs.length < FEWEST_RUNS || 2 * runs.filter((run) => run.length >= CHECKPOINTS).length < runs.length)
    return null;
  const end = (run: readonly Point[]): number => run[run.length - 1]?.x ?? 0;
  return runs.sort((a, b) => end(a) - end(b));
}

function withoutLargestRuns(runs: readonly (readonly Point[])[], keep: number): Cut[] {
  const cuts: Cut[] = [];
  for (let h = 1; h <= Math.floor(0.7 * runs.length); h++) {
    const fitted = runs
      .slice(0, -h)
      .flat()
      .sort((a, b) => a.x - b.x);
    const last = fitted[fitted.length - 1]?.x ?? Number.POSITIVE_INFINITY;
    const held = runs
      .slice(-h)
      .flat()
      .filter((p) => p.x > last)
      .sort((a, b) => a.x - b.x);
    if (fitted.length >= keep && held.length > 0) cuts.push({ fitted, held });
  }
  return cuts;
}

/** The x values after which the fitted part ends. */
function places(points: readonly Point[], keep: number): { protocol: Backtest['protocol']; cuts: number[] } {
  const distinct = [...new Set(points.map((p) => p.x))].sort((a, b) => a - b);
  const last = distinct[distinct.length - 1];
  if (last === undefined) return { protocol: 'largest-out', cuts: [] };
  const enough = (cut: number) => points.filter((p) => p.x <= cut).length >= keep;
  if (distinct.length > 40 && isOneCurve(points)) {
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
  return { protocol: 'largest-out', cuts: evenly(cuts, MOST_ORIGINS) };
}

/** Checkpoints of one run, or a curve without models: dense in x and smooth. */
function isOneCurve(points: readonly Point[]): boolean {
  const runs = new Set(points.map((p) => p.run));
  const families = new Set(points.map((p) => p.family).filter((f) => f !== null));
  return families.size <= 1 && (runs.size <= 3 || families.size === 0);
}

/**
 * Backtests several laws on the same origins.
 * @param points sorted by x
 * @param options fit options; the bootstrap is switched off inside
 * @param auto the shape, where the choice of laws is to be made again at every cut
 * @param mostOrigins most cuts (`fewer` says which)
 */
export function backtest(
  series: StudySeries,
  points: readonly Point[],
  laws: readonly Law[],
  study: Study | null,
  options: FitOptions,
  auto: { readonly shape: Shape | null } | null = null,
  mostOrigins = MOST_ORIGINS,
): Backtest {
  const errorScale = series.isLoss ? 'ln y' : 'y';
  const minPoints = Math.min(...laws.filter((l) => !l.baseline).map((l) => l.minPoints), 99);
  const plan = origins(points, minPoints === 99 ? 4 : minPoints);
  const cuts = fewer(plan.cuts, mostOrigins);
  const misses: Miss[] = [];
  const failed = new Map<string, number>();
  const quick: FitOptions = { ...options, bootstrap: 0, pointOnly: true };
  const byId = new Map(laws.map((law) => [law.id, law]));
  for (const cut of cuts) {
    if (options.signal?.aborted) break;
    const { fitted, held } = cut;
    const origin = fitted[fitted.length - 1]?.x ?? Number.NaN;
    const outcomes = new Map<string, FittedLaw>();
    for (const law of laws) {
      const outcome = law.fit({ series, points: fitted, study }, quick);
      if (!outcome.ok) {
        failed.set(law.id, (failed.get(law.id) ?? 0) + 1);
        continue;
      }
      outcomes.set(law.id, outcome.value);
      for (const point of held) {
        const error = missOf(errorScale, said(series, fitted, point, outcome.value), point.y);
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
    if (auto !== null) missesOfAuto(series, errorScale, outcomes, byId, auto.shape, fitted, held, origin, misses);
  }
  return {
    protocol: plan.protocol,
    errorScale,
    origins: cuts.length,
    longestHorizon: misses.reduce((m, e) => Math.max(m, e.horizon), 0),
    laws: [...(auto === null ? [] : [AUTO]), ...laws.map((law) => law.id)].map((id) =>
      summarise(id, misses, failed.get(id) ?? 0),
    ),
    misses,
  };
}

/** What a forecast from the fitted points would have said of a held-out one. */
function said(series: StudySeries, fitted: readonly Point[], point: Point, law: FittedLaw): number {
  return withinReach(reachOf(series, fitted, point), clamp(series, law.predict(point)));
}

/** What the choice of laws, made again on the fitted part alone, would have answered. */
function missesOfAuto(
  series: StudySeries,
  scale: Backtest['errorScale'],
  outcomes: ReadonlyMap<string, FittedLaw>,
  laws: ReadonlyMap<string, Law>,
  shape: Shape | null,
  fitted: readonly Point[],
  held: readonly Point[],
  origin: number,
  misses: Miss[],
): void {
  const believed = believe(series, outcomes, laws, shape, fitted) ?? fallback(series, outcomes);
  if (believed === null) return;
  const model = blend(series, believed, outcomes);
  const { n, rmse, rmsle } = model.fit;
  const scatter = scale === 'ln y' ? rmsle : rmse;
  // Where no scatter is known the interval that would have been said is not known either.
  const noise = scatter === null ? null : scatter * Math.sqrt(n / Math.max(1, n - model.freeParameters));
  for (const point of held) {
    const error = missOf(scale, said(series, fitted, point, model), point.y);
    if (error === null) continue;
    const horizon = Math.log10(point.x / origin);
    const width = noise === null ? {} : { noise, spread: model.spread(point) };
    misses.push({ law: AUTO, horizon, error, fitted: n, origin, x: point.x, ...width });
  }
}

/** Too few points for any law to be believed: the simplest one that was fitted. */
function fallback(series: StudySeries, outcomes: ReadonlyMap<string, FittedLaw>): ReturnType<typeof believe> {
  const slope = outcomes.get('log-linear')?.fit.parameters['slope'] ?? 0;
  // A sigmoid can only rise towards its ceiling: a score that gets worse is better served by its line.
  const worsens = !series.isLoss && (series.better === 'lower' ? slope > 0 : slope < 0);
  for (const law of worsens ? ['log-linear'] : ['power', 'sigmoid', 'log-linear']) {
    if (outcomes.has(law)) return { chosen: law, members: [{ law, weight: 1 }] };
  }
  return null;
}

/** Signed error on the scale of the backtest; null where it does not exist. */
export function missOf(scale: 'ln y' | 'y', predicted: number, actual: number): number | null {
  if (scale === 'y') return Number.isFinite(predicted) ? predicted - actual : null;
  return predicted > 0 && actual > 0 ? Math.log(predicted / actual) : null;
}

/** Errors of one law by distance. */
export function summarise(law: string, all: readonly Miss[], failed: number): LawBacktest {
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
