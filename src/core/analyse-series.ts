/**
 * The analysis of one series: shape, fits, choice, backtest, forecasts, curve. Pure and synchronous, so that a pool of
 * workers can run many; the result depends on the series and the options alone (random streams are derived from the
 * series' id), never on the order or the number of workers.
 */
import { type Effort, effortNote, FULL, thinned } from './effort.ts';
import { type Backtest, backtest as runBacktest } from './forecast/backtest.ts';
import { benchmarkBacktest } from './forecast/benchmark.ts';
import { believe, blend } from './forecast/blend.ts';
import { forecastAt, horizonOf } from './forecast/forecast.ts';
import { clamp, predictionInterval } from './forecast/interval.ts';
import { candidateLaws } from './forecast/select.ts';
import { judged, type TargetForecast, targetsOf } from './forecast/targets.ts';
import type { At, CustomFormula, FitInput, FitOptions, FittedLaw, Law, ObjectiveName } from './law/law.ts';
import { lawById } from './law/registry.ts';
import { pointsRecord } from './points-record.ts';
import type { Fit, Forecast, SeriesReport, Shape } from './report-model.ts';
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
const CURVE_POINTS = 64;

/**
 * Everything the report says about one series.
 * @param study null where only this series is known; laws that read a whole table then refuse
 */
export function analyseSeries(
  series: StudySeries,
  study: Study | null,
  options: AnalyseOptions,
  signal?: AbortSignal,
): SeriesReport {
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

  const believed = options.laws === 'auto' ? believe(series, fitted, laws, shape?.shape ?? null) : null;
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
  const whyNone = noModelWhy(shape?.shape ?? null, refused);
  const targets = targetForecasts(series, points, options.manifest ?? study?.manifest ?? null, model, tested, options);
  const asked = [...(Array.isArray(options.at) ? (options.at as readonly number[]) : []), ...targets.map(({ x }) => x)];
  const curve = model === null ? null : curveOf(series, points, model, tested, options.level, asked);
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
    forecast: forecasts(series, usable, points, model, whyNone, tested, options),
    outlook: outlookOf(series, usable, points, model, whyNone, tested, options),
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
  const turn = turnInterval(series, found.shape, { seed, level });
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

/** Where a law of N and D is asked at a bare x: the series' own tokens per parameter (geometric median). */
export function placeAt(series: StudySeries, points: readonly Point[], x: number): At {
  let ratio = ratios.get(points);
  if (ratio === undefined) ratios.set(points, (ratio = medianRatio(points)));
  return placeByScale(series.scale, x, ratio);
}

/** Tokens per parameter of the same points are asked for at every place of a curve. */
const ratios = new WeakMap<readonly Point[], number | null>();

function medianRatio(points: readonly Point[]): number | null {
  const known = points
    .filter((p) => p.params !== null && p.tokens !== null)
    .map((p) => Math.log((p.tokens as number) / (p.params as number)))
    .sort((a, b) => a - b);
  return known.length === 0 ? null : Math.exp(known[(known.length - 1) >> 1] as number);
}

function placeByScale(scale: string, x: number, ratio: number | null): At {
  switch (scale) {
    case 'compute':
      return ratio === null
        ? { x, compute: x }
        : { x, compute: x, params: Math.sqrt(x / (6 * ratio)), tokens: Math.sqrt((x * ratio) / 6) };
    case 'params':
      return ratio === null ? { x, params: x } : { x, params: x, tokens: x * ratio, compute: 6 * x * x * ratio };
    case 'tokens':
      return ratio === null ? { x, tokens: x } : { x, tokens: x, params: x / ratio, compute: (6 * x * x) / ratio };
    default:
      return { x };
  }
}

function forecasts(
  series: StudySeries,
  usable: readonly Point[],
  points: readonly Point[],
  model: FittedLaw | null,
  whyNone: string,
  tested: Backtest | null,
  options: AnalyseOptions,
): Forecast[] {
  if (options.at === undefined) return [];
  const last = points[points.length - 1]?.x ?? Number.NaN;
  const places: readonly At[] =
    options.at === 'held-out'
      ? [...usable.filter((p) => p.x >= (options.fitBelow ?? Number.POSITIVE_INFINITY))].sort(
          (a, b) => a.table - b.table || a.row - b.row,
        )
      : options.at.map((x) => placeAt(series, points, x));
  return places.map((at) => {
    if (model === null) {
      return {
        x: at.x,
        y: null,
        low: null,
        high: null,
        level: options.level,
        law: 'none',
        horizon: finite(horizonOf(last, at.x)) ?? 0,
        verdict: 'not-identifiable' as const,
        why: whyNone,
        ...(at.y === undefined ? {} : { actual: at.y }),
        ...(at.model === undefined ? {} : { model: at.model }),
        ...(at.row === undefined ? {} : { row: at.row }),
      };
    }
    return forecastAt(series, model, tested, at, last, options.level);
  });
}

/** Why there is no law to forecast with, with what would be needed. */
function noModelWhy(shape: Shape | null, refused: readonly { readonly message: string }[]): string {
  if (shape !== null && ['u-shaped', 'inverted-u', 'mixed'].includes(shape.label))
    return `The trend turns (${shape.label}): no monotone law may cross the turn, and a broken law needs at least 18 points.`;
  return refused[0]?.message ?? 'No law has three points for each of its parameters: more scales are needed.';
}

/** One decade beyond the data, where nobody asked yet: what the fit is worth there, with its verdict. */
function outlookOf(
  series: StudySeries,
  usable: readonly Point[],
  points: readonly Point[],
  model: FittedLaw | null,
  whyNone: string,
  tested: Backtest | null,
  options: AnalyseOptions,
): Forecast | null {
  const last = points[points.length - 1]?.x ?? Number.NaN;
  if (!(last > 0)) return null;
  return forecasts(series, usable, points, model, whyNone, tested, { ...options, at: [10 * last] })[0] ?? null;
}

/** Forecasts of the manifest's targets, held to what it expects. */
function targetForecasts(
  series: StudySeries,
  points: readonly Point[],
  manifest: StudyManifest | null,
  model: FittedLaw | null,
  tested: Backtest | null,
  { level }: AnalyseOptions,
): TargetForecast[] {
  const last = points[points.length - 1]?.x;
  if (model === null || last === undefined) return [];
  const targets = targetsOf(manifest, series, (x) => placeAt(series, points, x));
  return targets.map((t) => judged(t, forecastAt(series, model, tested, t.at, last, level)));
}

/** The curve to draw: from the first point to about a third of the range beyond the last, or to the furthest place asked for. */
function curveOf(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw,
  tested: Backtest | null,
  level: number,
  asked: readonly number[],
) {
  const lowest = points[0]?.x ?? 1;
  const highest = points[points.length - 1]?.x ?? 1;
  const from = Math.log10(lowest);
  const usual = Math.log10(highest) + Math.min(1, Math.max(0.3, 0.35 * Math.log10(highest / lowest)));
  const to = Math.max(usual, ...asked.filter((x) => x > 0).map((x) => Math.log10(x)));
  const x: number[] = [];
  const y: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  for (let i = 0; i < CURVE_POINTS; i++) {
    const at = 10 ** (from + ((to - from) * i) / (CURVE_POINTS - 1));
    const interval = predictionInterval(
      series,
      model,
      tested,
      placeAt(series, points, at),
      horizonOf(highest, at),
      level,
    );
    x.push(at);
    y.push(interval.y);
    low.push(interval.low);
    high.push(interval.high);
  }
  return { law: model.fit.law, x, y, low, high, level, lastFitted: highest };
}

/** Up to here every point gets an interval of its own; beyond, the curve's width at the same x serves. */
const OWN_INTERVALS = 100;
const MOST_PREDICTED = 2000;

/** Prediction and interval at every fitted point, for the hover on a score cell. */
function predictions(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw,
  tested: Backtest | null,
  level: number,
  curve: ReturnType<typeof curveOf>,
) {
  const byPoint = new Map<Point, { y: number | null; low: number | null; high: number | null }>();
  const own = points.length <= OWN_INTERVALS;
  const widths = own ? null : widthsAlong(series, curve);
  for (const point of points.slice(0, MOST_PREDICTED)) {
    if (widths === null) {
      const { y, low, high } = predictionInterval(series, model, tested, point, 0, level);
      byPoint.set(point, { y, low, high });
    } else byPoint.set(point, widths(point.x, model.predict(point)));
  }
  return series.points.map((p) => byPoint.get(p) ?? null);
}

/** The curve's half-widths as a function of x, put around a prediction (in ln y for losses). */
function widthsAlong(series: StudySeries, curve: ReturnType<typeof curveOf>) {
  const ahead = series.isLoss ? Math.log : (v: number) => v;
  const back = series.isLoss ? Math.exp : (v: number) => v;
  const first = Math.log10(curve.x[0] as number);
  const step = (Math.log10(curve.x.at(-1) as number) - first) / (curve.x.length - 1);
  return (x: number, y: number) => {
    if (!Number.isFinite(y) || (series.isLoss && y <= 0)) return { y: null, low: null, high: null };
    const i = Math.min(curve.x.length - 1, Math.max(0, Math.round((Math.log10(x) - first) / step)));
    const centre = curve.y[i] ?? null;
    const low = curve.low[i] ?? null;
    const high = curve.high[i] ?? null;
    const shown = clamp(series, y);
    if (centre === null || low === null || high === null) return { y: shown, low: null, high: null };
    return {
      y: shown,
      low: clamp(series, back(ahead(y) - (ahead(centre) - ahead(low)))),
      high: clamp(series, back(ahead(y) + (ahead(high) - ahead(centre)))),
    };
  };
}

function backtestRecord(tested: Backtest, series: StudySeries | null): Readonly<Record<string, unknown>> {
  const { misses, ...summary } = tested;
  const benchmark = series === null ? null : benchmarkBacktest(series);
  return { ...summary, heldOut: misses.length, ...(benchmark === null ? {} : { benchmark }) };
}
