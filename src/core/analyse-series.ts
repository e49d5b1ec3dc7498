/**
 * The analysis of one series: shape, fits, choice, backtest, forecasts, curve. Pure and synchronous, so that a pool of
 * workers can run many; the result depends on the series and the options alone (random streams are derived from the
 * series' id), never on the order or the number of workers.
 */
import { type Effort, effortNote, FULL, thinned } from './effort.ts';
import { type Backtest, backtest as runBacktest } from './forecast/backtest.ts';
import { benchmarkBacktest } from './forecast/benchmark.ts';
import { believe, blend } from './forecast/blend.ts';
import { candidateLaws } from './forecast/select.ts';
import type { CustomFormula, FitInput, FitOptions, FittedLaw, Law, ObjectiveName } from './law/law.ts';
import { lawById } from './law/registry.ts';
import { pointsRecord } from './points-record.ts';
import type { Fit, SeriesReport } from './report-model.ts';
import { curveOf, predictions } from './series-curve.ts';
import { forecasts, type Ground, noModelWhy, outlookOf, targetForecasts } from './series-forecasts.ts';
import { shapeOfSeries } from './shape/classify.ts';
import { thresholdDefinitions } from './shape/threshold-definitions.ts';
import { turnInterval } from './shape/turn-interval.ts';
import type { Point, Study, StudyManifest, StudySeries } from './study/study.ts';

export interface AnalyseOptions {
  readonly bootstrap: number;
  readonly seed: number;
  readonly level: number;
  /** Between-model sd added in quadrature to standard errors in contrast mode (fraction of the metric's range). */
  readonly betweenModelSd: number;
  /** Law ids to fit; 'auto' lets the series decide. */
  readonly laws: 'auto' | readonly string[];
  readonly shapes: boolean;
  readonly backtests: boolean;
  /** Also the two benchmark protocols on bounded scores (hundreds of small fits per series). */
  readonly protocols?: boolean;
  readonly objective?: ObjectiveName;
  readonly delta?: number;
  readonly resample?: FitOptions['resample'];
  readonly fix?: Readonly<Record<string, number>>;
  readonly tie?: FitOptions['tie'];
  readonly weights?: FitOptions['weights'];
  readonly custom?: CustomFormula;
  /** Rows that feed each stage of a composed law. */
  readonly stages?: FitOptions['stages'];
  /** `isoflop`: drop rows by the published quality control first. */
  readonly qualityControl?: FitOptions['qualityControl'];
  /** Fit only points with x strictly below. */
  readonly fitBelow?: number;
  /** Where to forecast: x values, or every point not fitted. */
  readonly at?: readonly number[] | 'held-out';
  readonly timeBudget?: number;
  /** The study's manifest, for threads that have no study. */
  readonly manifest?: StudyManifest | null;
  /** Set by `analyse` from the size of the study; full when absent. */
  readonly effort?: Effort;
}

export const DEFAULT_OPTIONS: AnalyseOptions = {
  bootstrap: 200,
  seed: 1,
  level: 0.9,
  betweenModelSd: 0.01,
  laws: 'auto',
  shapes: true,
  backtests: true,
};

const BASELINES = ['last', 'mean-3', 'mean', 'log-linear'];

/**
 * Everything the report says about one series.
 * @param study null where only this series is known; laws that read a whole table then refuse
 */
export function analyseSeries(
  given: StudySeries,
  study: Study | null,
  options: AnalyseOptions,
  signal?: AbortSignal,
): SeriesReport {
  // The points once, for as long as the analysis takes: a study makes them each time they are asked for.
  const series = { ...given, points: [...given.points] };
  // Only a formula of the user's own may mean something at x ≤ 0; every other law is one of scale.
  const anySign = options.custom !== undefined;
  const usable = series.points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y) && (p.x > 0 || anySign));
  const points = options.fitBelow === undefined ? usable : usable.filter((p) => p.x < (options.fitBelow as number));
  const effort = options.effort ?? FULL;
  const resamples = effort.thresholdResamples;
  const shape = options.shapes
    ? shapeOfSeries({ ...series, points }, resamples === null ? options : { ...options, resamples })
    : null;

  const auto = options.laws === 'auto';
  // A choice among laws can be made on fewer points than the chosen one is then fitted to.
  const scanned = auto ? thinned(points, effort.points) : points;
  const ids = options.laws === 'auto' ? candidateLaws(series, scanned, shape?.shape ?? null, effort) : options.laws;
  const fitOptions = fitOptionsOf(options, effort, signal);
  const laws = new Map<string, Law>();
  const fitted = new Map<string, FittedLaw>();
  const refused: { law: string; code: string; message: string }[] = [];
  for (const id of ids) {
    const law = lawById(id);
    if (law === undefined) {
      refused.push({ law: id, code: 'fit.unsupported', message: `There is no law '${id}'.` });
      continue;
    }
    laws.set(id, law);
    // The bootstrap of a law that nobody will look at is wasted: point fits first, resamples for the chosen law.
    const outcome = law.fit(
      { series, points: scanned, study },
      auto ? { ...fitOptions, bootstrap: 0, pointOnly: true } : fitOptions,
    );
    if (outcome.ok) fitted.set(id, outcome.value);
    else refused.push({ law: id, code: outcome.error.code, message: outcome.error.message });
  }

  const believed = options.laws === 'auto' ? believe(series, fitted, laws, shape?.shape ?? null, scanned) : null;
  const chosen = options.laws === 'auto' ? (believed?.chosen ?? null) : (first(fitted) ?? null);
  if (auto && chosen !== null) {
    const outcome = fitChosen({ series, points, study }, scanned, laws.get(chosen) as Law, fitted, fitOptions);
    if (outcome !== null) fitted.set(chosen, outcome);
  }

  let tested: Backtest | null = null;
  if (options.backtests && points.length >= 5) {
    const pool = new Map<string, Law>(laws);
    for (const id of BASELINES) {
      const law = lawById(id);
      if (law !== undefined) pool.set(id, law);
    }
    const relevant = [...pool.values()].filter((law) => law.baseline || fitted.has(law.id));
    const again = auto ? { shape: shape?.shape ?? null } : null;
    tested = runBacktest(series, scanned, relevant, study, fitOptions, again, effort.origins);
  }

  const model =
    believed !== null ? blend(series, believed, fitted) : chosen === null ? null : (fitted.get(chosen) ?? null);
  // Intervals ask what the newest points say: of those that the choice has looked at.
  const seen = scanned === points ? series : { ...series, points: scanned };
  const whyNone = noModelWhy(shape?.shape ?? null, refused);
  const ground: Ground = { series: seen, usable, points, model, whyNone, tested };
  const targets = targetForecasts(ground, options.manifest ?? study?.manifest ?? null, options);
  const asked = [...(Array.isArray(options.at) ? (options.at as readonly number[]) : []), ...targets.map(({ x }) => x)];
  const curve = model === null ? null : curveOf(seen, points, model, tested, options.level, asked, effort.curve);
  const note = auto ? effortNote(effort, points.length) : null;
  return {
    id: series.id,
    task: series.task,
    metric: series.metric,
    family: series.family,
    better: series.better,
    scale: series.scale,
    ...pointsRecord(series),
    chance: series.chance?.value ?? null,
    ceiling: series.ceiling?.value ?? null,
    shape: shape?.shape ?? null,
    threshold: shape?.threshold ?? null,
    ...evidenceRecord({ ...series, points }, shape, options, effort),
    linearity: finite(shape?.linearity),
    breakthroughness: finite(shape?.breakthroughness),
    fits: [...fitted.values()].flatMap((f) => [f.fit, ...stepsOf(f.fit)]),
    refused,
    chosen,
    backtest: tested === null ? null : backtestRecord(tested, options.protocols === true ? series : null),
    forecast: forecasts(ground, options),
    outlook: outlookOf(ground, options),
    ...(targets.length === 0 ? {} : { targets }),
    ...(believed === null || believed.members.length < 2 ? {} : { blend: believed.members }),
    curve,
    predicted:
      model === null || curve === null ? null : predictions(series, points, model, tested, options.level, curve),
    isLoss: series.isLoss,
    aggregate: series.aggregate,
    range: series.lower === null && series.upper === null ? null : { lower: series.lower, upper: series.upper },
    notes: note === null ? series.notes : [...series.notes, note],
    excluded: series.excluded,
  };
}

/**
 * The chosen law once more: on all points, with everything that is reported of it. Where the choice was made on fewer
 * points its optimum is the start, for a search on all of them costs as much as the rest of the analysis.
 * @returns null where the fit that is there stays
 */
function fitChosen(
  input: FitInput,
  scanned: readonly Point[],
  law: Law,
  fitted: ReadonlyMap<string, FittedLaw>,
  options: FitOptions,
): FittedLaw | null {
  const scan = fitted.get(law.id)?.fit;
  // The same points with nothing more to add.
  if (scanned.length === input.points.length && options.bootstrap === 0 && options.pointOnly === true) return null;
  if (scan !== undefined && scanned.length < input.points.length && options.bootstrap === 0) {
    const warm = law.fit(input, { ...options, near: scan.parameters });
    if (warm.ok && warm.value.fit.converged) return { ...warm.value, fit: { ...warm.value.fit, starts: scan.starts } };
  }
  const outcome = law.fit(input, options);
  return outcome.ok ? outcome.value : null;
}

/** Where a series turns, and where its ability starts by every published definition: for those that do either. */
function evidenceRecord(
  series: StudySeries,
  found: ReturnType<typeof shapeOfSeries> | null,
  { seed, level }: AnalyseOptions,
  effort: Effort,
): Record<string, unknown> {
  if (found === null) return {};
  const most = effort.thresholdResamples;
  const turn = turnInterval(series, found.shape, { seed, level, ...(most === null ? {} : { resamples: most }) });
  // The definitions refit a sigmoid and a broken law: worth it where there is a threshold and time for it.
  const defined = found.threshold !== null && effort.thresholdResamples === null;
  return {
    ...(turn === null ? {} : { turn }),
    ...(defined ? { thresholds: thresholdDefinitions(series, { seed, level }) } : {}),
  };
}

function fitOptionsOf(options: AnalyseOptions, effort: Effort, signal: AbortSignal | undefined): FitOptions {
  return {
    bootstrap: Math.min(options.bootstrap, effort.resamples),
    ...(effort.resamples === 0 ? { pointOnly: true } : {}),
    seed: options.seed,
    level: options.level,
    ...(options.objective === undefined ? {} : { objective: options.objective }),
    ...(options.delta === undefined ? {} : { delta: options.delta }),
    ...(options.resample === undefined ? {} : { resample: options.resample }),
    ...(options.fix === undefined ? {} : { fix: options.fix }),
    ...(options.tie === undefined ? {} : { tie: options.tie }),
    ...(options.weights === undefined ? {} : { weights: options.weights }),
    ...(options.custom === undefined ? {} : { custom: options.custom }),
    ...(options.stages === undefined ? {} : { stages: options.stages }),
    ...(options.qualityControl === undefined ? {} : { qualityControl: options.qualityControl }),
    ...(options.timeBudget === undefined ? {} : { timeBudget: options.timeBudget }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The stages of a composed law (two-step), each a complete fit of its own, beside the chain. */
function stepsOf(fit: Fit): Fit[] {
  return [fit['step1'], fit['step2']].filter((step): step is Fit => isFit(step));
}

function isFit(value: unknown): value is Fit {
  return typeof value === 'object' && value !== null && 'law' in value && 'parameters' in value && 'objective' in value;
}

function first(fitted: ReadonlyMap<string, FittedLaw>): string | undefined {
  return fitted.keys().next().value;
}

function finite(v: number | null | undefined): number | null {
  return v !== null && v !== undefined && Number.isFinite(v) ? v : null;
}

function backtestRecord(tested: Backtest, series: StudySeries | null): Readonly<Record<string, unknown>> {
  const { misses, ...summary } = tested;
  const benchmark = series === null ? null : benchmarkBacktest(series);
  return { ...summary, heldOut: misses.length, ...(benchmark === null ? {} : { benchmark }) };
}
