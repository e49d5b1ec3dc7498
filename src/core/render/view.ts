/**
 * From a report to what a chart draws. Pure: the server builds views for the chart panel, the CLI for its pictures. All
 * sentences that several faces share (what the chart shows, what a shape rests on, what a threshold means) are made here.
 */
import type { Curve, Finding, Fit, Forecast, Report, SeriesReport, Shape } from '../report-model.ts';
import { equation, lawTitle } from './equation.ts';
import { definitionsOf, shapeEvidence, turnView } from './evidence.ts';
import { shownValue, shownWhy } from './forecast-value.ts';
import {
  formatInterval,
  formatNumber,
  formatP,
  formatPercent,
  formatScale,
  formatScaleInterval,
  scaleTitle,
} from './number.ts';
import { picturesOf } from './pictures.ts';
import type {
  AxisView,
  CurveView,
  FitView,
  ForecastView,
  PointView,
  ScorePlace,
  SeriesView,
  ShapeView,
  ThresholdView,
  VerdictView,
} from './view-model.ts';

export interface ViewInput {
  readonly uri: string;
  readonly title: string;
  readonly version: number;
  readonly state: FitView['state'];
  readonly message: string | null;
  readonly report: Report | null;
  /** Place of the score cell of a series' point; null where the document does not hold it. */
  readonly place?: (series: string, point: number) => ScorePlace | null;
}

/** The view of a report. Series keep the report's order; averages over tasks go last. */
export function viewOf({ uri, title, version, state, message, report, place }: ViewInput): FitView {
  const findings = new Map<string, Finding[]>();
  for (const finding of report?.findings ?? []) {
    if (finding.series === null) continue;
    const list = findings.get(finding.series);
    if (list === undefined) findings.set(finding.series, [finding]);
    else list.push(finding);
  }
  const series = (report?.series ?? []).map((one) => seriesView(one, findings.get(one.id) ?? [], place));
  const aggregate = new Set((report?.series ?? []).filter((one) => one.aggregate === true).map((one) => one.id));
  return {
    uri,
    title,
    version,
    state,
    message,
    series: [...series.filter(({ id }) => !aggregate.has(id)), ...series.filter(({ id }) => aggregate.has(id))],
    notes: [...new Set((report?.sources ?? []).flatMap((source) => source.notes))],
  };
}

/** The view of one series. */
export function seriesView(
  series: SeriesReport,
  findings: readonly Finding[],
  place: ViewInput['place'] = () => null,
): SeriesView {
  const fit = chosenFit(series);
  const curves = curvesOf(series, fit);
  const shape = series.shape === null ? null : shapeView(series.shape, series);
  const threshold = thresholdView(series);
  const turn = turnView(series);
  const pictures = picturesOf(series);
  const outlook = outlookOf(series);
  return {
    id: series.id,
    task: series.task,
    metric: series.metric,
    family: series.family,
    title: seriesTitle(series),
    better: series.better,
    x: axis(scaleTitle(series.scale), series.scale, series.x, true, null, null),
    y: axis(
      series.metric === 'pass-until' ? 'pass rate' : series.metric,
      series.metric,
      series.y,
      // Pass rates span decades: their differences are ratios.
      series.isLoss === true || series.metric === 'pass-until',
      series.range?.lower ?? null,
      series.range?.upper ?? null,
    ),
    points: pointsOf(series, fit, place),
    chance: series.chance,
    ceiling: series.ceiling,
    threshold,
    turn,
    thresholds: definitionsOf(series),
    pictures,
    curves,
    shape,
    verdict: verdictOf(series),
    forecasts: askedForecasts(series).map(forecastView),
    outlook: outlook === null ? null : forecastView(outlook),
    findings: findings.map(({ code, severity, message }) => ({ code, severity, message })),
    summary: summaryOf(series, curves[0] ?? null, shape, threshold ?? turn),
    noCurve: curves.length > 0 ? null : whyNoCurve(series),
  };
}

/** 'hellaswag, accuracy', and the parts of the id that tell this series from others (family, facets). */
export function seriesTitle(series: Pick<SeriesReport, 'id' | 'task' | 'metric' | 'family'>): string {
  const base = [series.task, series.metric].filter((part) => part !== '');
  const prefix = base.join('/');
  const rest = series.id.startsWith(`${prefix}/`) ? series.id.slice(prefix.length + 1).split('/') : [];
  const parts = [...base.filter((part, i) => i === 0 || part !== base[0]), ...rest].filter((part) => part !== '');
  return parts.join(', ');
}

/** The fit of the chosen law. */
export function chosenFit(series: Pick<SeriesReport, 'fits' | 'chosen'>): Fit | null {
  return series.fits.find(({ law }) => law === series.chosen) ?? null;
}

/** 'inverse scaling', 'U-shaped', 'emergent' … for titles and badges. */
export function shapeTitle(shape: Pick<Shape, 'label' | 'emergent' | 'lateRise'>): string {
  if (shape.emergent) return 'emergent';
  switch (shape.label) {
    case 'positive':
      return 'improves with scale';
    case 'inverse':
      return 'inverse scaling';
    case 'u-shaped':
      return 'U-shaped';
    case 'inverted-u':
      return 'inverted U';
    case 'flat':
      return shape.lateRise ? 'flat, then a late rise' : 'flat';
    case 'mixed':
      return 'mixed';
    case 'inconclusive':
      return 'inconclusive';
  }
}

/** Residual of y from a prediction in residual standard deviations of the fit: in ln y for losses; null where unknown. */
export function residualSigma(
  series: SeriesReport,
  fit: Fit | null,
  y: number,
  predicted: number | null,
): number | null {
  if (fit === null || predicted === null) return null;
  const logarithmic = series.isLoss === true && y > 0 && predicted > 0;
  const rms = logarithmic ? fit.rmsle : fit.rmse;
  const free = Object.keys(fit.parameters).length;
  if (rms === null || !(rms > 0) || fit.n <= free) return null;
  // rmse divides by n; a standard deviation of residuals divides by the degrees of freedom.
  const sd = rms * Math.sqrt(fit.n / (fit.n - free));
  const sigma = (logarithmic ? Math.log(y / predicted) : y - predicted) / sd;
  return Number.isFinite(sigma) ? sigma : null;
}

/** Value of a curve at x by interpolation in ln x; null outside the curve. */
export function curveAt(curve: Curve, values: readonly (number | null)[], x: number): number | null {
  const at = curve.x.findIndex((one) => one >= x);
  if (at < 0) return null;
  const right = values[at] ?? null;
  if (at === 0 || curve.x[at] === x) return curve.x[at] === x ? right : null;
  const left = values[at - 1] ?? null;
  if (left === null || right === null) return null;
  const a = curve.x[at - 1] as number;
  const b = curve.x[at] as number;
  const share = a > 0 ? Math.log(x / a) / Math.log(b / a) : (x - a) / (b - a);
  return left + share * (right - left);
}

function pointsOf(series: SeriesReport, fit: Fit | null, place: NonNullable<ViewInput['place']>): PointView[] {
  const excluded = new Map((fit?.excluded ?? []).map(({ row, why }) => [row, why]));
  return series.x.map((x, i) => {
    const y = series.y[i] as number;
    const predicted = series.predicted?.[i]?.y ?? null;
    const row = series.rows?.[i];
    const at = place(series.id, i);
    return {
      x,
      y,
      stderr: series.stderr?.[i] ?? null,
      model: series.models[i] ?? '',
      family: series.families?.[i] ?? series.family,
      predicted,
      sigma: residualSigma(series, fit, y, predicted),
      range: at?.range ?? null,
      uri: at?.uri ?? null,
      excluded: row === undefined ? null : (excluded.get(row) ?? null),
    };
  });
}

function curvesOf(series: SeriesReport, fit: Fit | null): CurveView[] {
  const curve = series.curve ?? null;
  if (curve === null || fit === null) return [];
  const kept = curve.x.map((_, i) => i).filter((i) => curve.y[i] !== null && curve.y[i] !== undefined);
  if (kept.length < 2) return [];
  const pick = <T>(list: readonly T[]): T[] => kept.map((i) => list[i] as T);
  return [
    {
      law: curve.law,
      title: lawTitle(curve.law),
      equation: equation(curve.law, fit.parameters),
      chosen: curve.law === series.chosen,
      xs: pick(curve.x),
      ys: pick(curve.y) as number[],
      low: pick(curve.low),
      high: pick(curve.high),
      level: curve.low.some((value) => value !== null) ? curve.level : null,
      lastFitted: curve.lastFitted,
      n: fit.n,
      r2: fit.r2,
      rmse: fit.rmse,
      aicc: fit.aicc,
      converged: fit.converged,
      parameters: Object.entries(fit.parameters).map(([name, value]) => {
        const interval = fit.intervals?.[name] ?? null;
        return {
          name,
          value,
          low: interval?.low ?? null,
          high: interval?.high ?? null,
          level: interval?.level ?? null,
        };
      }),
      notes: fit.notes ?? [],
    },
  ];
}

function axis(
  label: string,
  kind: string,
  values: readonly number[],
  wantLog: boolean,
  lower: number | null,
  upper: number | null,
): AxisView {
  const logPossible = values.length > 0 && values.every((value) => value > 0);
  return { label, kind, log: wantLog && logPossible, logPossible, lower, upper };
}

function shapeView(shape: Shape, series: SeriesReport): ShapeView {
  return {
    label: shape.label,
    title: shapeTitle(shape),
    emergent: shape.emergent,
    lateRise: shape.lateRise,
    evidence: shape.p === null ? shape.method : `${shape.method}, ${formatP(shape.p)}`,
    rows: shapeEvidence(series),
  };
}

function thresholdView(series: SeriesReport): ThresholdView | null {
  const threshold = series.threshold;
  if (threshold === null) return null;
  const { x, low, high, level } = threshold;
  const interval =
    low === null && high === null
      ? 'its interval could not be determined'
      : `${formatPercent(level)} interval ${formatScaleInterval(low, high, series.scale)}`;
  return { x, low, high, level, text: `begins to rise at ${formatScale(x, series.scale)} (${interval})` };
}

/** The verdict on what was asked for; on one decade beyond the data where nothing was. */
function verdictOf(series: SeriesReport): VerdictView | null {
  const asked = askedForecasts(series)[0];
  const forecast = asked ?? outlookOf(series);
  if (forecast === null) return null;
  const place = asked === undefined ? `One decade beyond the data (${formatScale(forecast.x, series.scale, 2)}): ` : '';
  return {
    verdict: forecast.verdict,
    title: forecast.verdict.replaceAll('-', ' '),
    why: `${place}${shownWhy(forecast)}`,
  };
}

function forecastView(forecast: Forecast): ForecastView {
  const { x, low, high, level, law, verdict } = forecast;
  const [y, why] = [shownValue(forecast), shownWhy(forecast)];
  const name = typeof forecast['target'] === 'string' ? forecast['target'] : null;
  return { x, y, low, high, level, law, verdict, why, name };
}

/** Forecasts that were asked for: by command, then the manifest's targets. */
export function askedForecasts(series: SeriesReport): readonly Forecast[] {
  return [...series.forecast, ...forecastList(series['targets'])];
}

/** One decade beyond the data: what the fit is worth there; null where the report does not say. */
export function outlookOf(series: SeriesReport): Forecast | null {
  const outlook = series['outlook'];
  return isForecast(outlook) ? outlook : null;
}

function isForecast(value: unknown): value is Forecast {
  return typeof value === 'object' && value !== null && 'verdict' in value && 'x' in value;
}

function forecastList(value: unknown): Forecast[] {
  return Array.isArray(value) ? value.filter(isForecast) : [];
}

function whyNoCurve(series: SeriesReport): string {
  const outlook = outlookOf(series);
  // A trend that turns has no law for a reason that the outlook states.
  if (series.chosen === null && outlook !== null && outlook.y === null && outlook.why !== '') return outlook.why;
  const refused = series.refused?.find(({ message }) => message !== '');
  if (refused !== undefined) return refused.message;
  return series.x.length < 3
    ? `${series.x.length} points are too few to fit a law.`
    : 'No law was fitted to this series.';
}

function summaryOf(
  series: SeriesReport,
  curve: CurveView | null,
  shape: ShapeView | null,
  place: { readonly text: string } | null,
): string {
  const first = series.x[0];
  const last = series.x[series.x.length - 1];
  const span =
    first === undefined || last === undefined
      ? ''
      : ` from ${formatScale(first, series.scale, 2)} to ${formatScale(last, series.scale, 2)}`;
  const parts = [`${seriesTitle(series)}: ${series.x.length} points${span}`];
  if (shape !== null) parts.push(shape.title);
  if (curve !== null) {
    const quality = curve.r2 === null ? '' : `, R² = ${formatNumber(curve.r2)}`;
    parts.push(`${curve.title} ${curve.equation}${quality}`);
    const end = curve.ys.length - 1;
    const band = formatInterval(curve.low[end] ?? null, curve.high[end] ?? null);
    if (curve.level !== null && curve.low[end] !== null)
      parts.push(
        `at ${formatScale(curve.xs[end], series.scale, 2)} it expects ${formatNumber(curve.ys[end])} (${formatPercent(curve.level)}: ${band})`,
      );
  }
  if (place !== null) parts.push(place.text);
  return `${parts.join('; ')}.`;
}
