/** The readable face of a report in a terminal: sources, one line per series, forecasts, findings with their places. */

import { SEVERITIES } from '../core/finding/severity.ts';
import type { LawBacktest } from '../core/forecast/backtest.ts';
import type { AggregateBacktest, BenchmarkBacktest } from '../core/forecast/benchmark.ts';
import type { MeasuredCoverage } from '../core/forecast/calibration.ts';
import type { Together } from '../core/forecast/together.ts';
import { lawById } from '../core/law/registry.ts';
import { shownValue, shownWhy } from '../core/render/forecast-value.ts';
import { formatNumber, formatPlusMinus, formatScale, formatScaleInterval, scaleUnit } from '../core/render/number.ts';
import { placeText } from '../core/render/place.ts';
import type { Finding, Fit, Report, SeriesReport, SourceReport } from '../core/report-model.ts';
import { isTurning } from '../core/shape/turning.ts';
import { table } from './table.ts';
import { paint } from './terminal.ts';

/**
 * `file:line:column: severity code message`, as compilers print.
 * @param severity how the severity is written: plain, or in its colour
 */
export function findingLine(finding: Finding, severity: string = finding.severity): string {
  return `${placeText(finding.file, finding.range)}: ${severity} ${finding.code} ${finding.message}`;
}

/** Every finding on a line, severities in their colours, and how many there are of each. */
export function findingLines(report: Report): string[] {
  const lines = report.findings.map((f) => findingLine(f, paint(f.severity)));
  if (lines.length < 2) return lines;
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = report.findings.filter((f) => f.severity === severity).length;
    const plural = count > 1 && severity !== 'information' ? 's' : '';
    return count === 0 ? [] : [`${count} ${severity}${plural}`];
  });
  return [...lines, `${lines.length} findings: ${counts.join(', ')}`];
}

/** What was recognised in each source. */
export function sourceLines(sources: readonly SourceReport[], everyColumn: boolean): string[] {
  const lines: string[] = [];
  for (const source of sources) {
    lines.push(
      `${source.file}: ${source.format}, ${source.layout}, ${source.rows} ${source.rows === 1 ? 'row' : 'rows'}`,
    );
    const shown = everyColumn ? source.columns : source.columns.filter((c) => c.role !== null && c.role !== 'ignore');
    if (shown.length > 0) {
      const rows = shown
        .slice(0, everyColumn ? shown.length : 12)
        .map((c) => [
          `  ${c.header}`,
          c.role ?? '–',
          c.unit === null ? '' : String(c.unit),
          c.task === undefined ? '' : `${c.task}${c.metric === undefined ? '' : `/${c.metric}`}`,
          c.how,
        ]);
      lines.push(...table(rows, false));
      if (shown.length > rows.length) lines.push(`  … and ${shown.length - rows.length} more columns`);
    }
    for (const note of source.notes) lines.push(`  note: ${note}`);
  }
  return lines;
}

/** One line per series with law, shape and threshold. */
export function seriesLines(series: readonly SeriesReport[]): string[] {
  if (series.length === 0) return ['no series'];
  const level = series.find((s) => s.threshold !== null)?.threshold?.level;
  const thresholds = level === undefined ? 'threshold' : `threshold (${Math.round(level * 100)} % interval)`;
  const rows = [['series', 'n', 'range', 'shape', thresholds, 'law', 'parameters ± standard error']];
  for (const s of series) {
    const fit = s.fits.find((f) => f.law === s.chosen);
    rows.push([
      s.id,
      String(s.x.length),
      formatScaleInterval(s.x[0] ?? null, s.x[s.x.length - 1] ?? null, s.scale),
      s.shape === null
        ? '–'
        : s.shape.label + (s.shape.emergent ? ', emergent' : s.shape.lateRise ? ', late rise' : ''),
      threshold(s),
      fit?.law ?? '–',
      fit === undefined ? refusal(s) : parameters(fit),
    ]);
  }
  return table(rows, true);
}

/** Why no law stands for the series. */
function refusal(s: SeriesReport): string {
  const refused = s.refused?.[0]?.message;
  if (refused !== undefined) return refused;
  if (isTurning(s.shape))
    return s.fits.some(({ law }) => law.startsWith('bnsl'))
      ? 'the trend turns, and no broken law follows it'
      : 'the trend turns: a broken law needs 18 points';
  return s.fits.length > 0 ? 'no law has three points for each of its parameters' : '';
}

/** The threshold with its interval, where it has one. */
function threshold({ threshold: found, scale }: SeriesReport): string {
  if (found === null) return '';
  const at = formatScale(found.x, scale);
  if (found.low === null || found.high === null) return at;
  const bare = scaleUnit(scale) === '' ? at : at.slice(0, -(scaleUnit(scale).length + 1));
  return `${bare} (${formatScaleInterval(found.low, found.high, scale)})`;
}

function parameters(fit: Fit): string {
  return Object.entries(fit.parameters)
    .slice(0, 6)
    .map(([name, value]) => {
      const error = fit.standardErrors?.[name] ?? null;
      return `${name} ${error === null ? formatNumber(value, 4) : formatPlusMinus(value, error)}`;
    })
    .join(', ');
}

/**
 * Every fit in full: for `fit`, where one law is looked at closely.
 * @param told notes that stand above already
 */
export function fitLines(series: readonly SeriesReport[], told: readonly string[] = []): string[] {
  const lines: string[] = [];
  const said = new Set(told);
  for (const s of series) {
    for (const fit of s.fits) {
      // One law by two objectives is two fits.
      const twins = s.fits.filter(({ law }) => law === fit.law).length > 1;
      const name = twins ? `${fit.law} by ${fit.objective.name}` : fit.law;
      lines.push(`${s.id}: ${name}, n = ${fit.n}, ${fit.converged ? 'converged' : 'NOT converged'}`);
      lines.push(...parameterTable(fit), `  ${qualityLine(fit)}`);
      if (fit.atBound.length > 0) lines.push(`  at bound: ${fit.atBound.join(', ')}`);
      for (const note of fit.notes ?? []) if (!said.has(note)) lines.push(`  note: ${note}`);
      for (const note of fit.notes ?? []) said.add(note);
    }
    for (const r of s.refused ?? []) lines.push(`${s.id}: ${r.law} not fitted: ${r.message}`);
  }
  return lines;
}

/** What the fit is worth; measures that its law does not have are left out. */
function qualityLine({ objective, rmse, rmsle, r2, aicc, starts }: Fit): string {
  const measures: readonly (readonly [string, number | null, number])[] = [
    [objective.name, objective.value, 6],
    ['rmse', rmse, 4],
    ['rmsle', rmsle, 4],
    ['R²', r2, 4],
    ['AICc', aicc, 5],
  ];
  const known = measures.flatMap(([name, value, digits]) =>
    value === null ? [] : [`${name} ${formatNumber(value, digits)}`],
  );
  return [...known, `starts ${starts.atOptimum} of ${starts.tried} at the optimum`].join(' · ');
}

function parameterTable(fit: Fit): string[] {
  const known = Object.values(fit.intervals ?? {}).filter((interval) => interval !== null);
  const kinds = new Map(known.map((i) => [`${Math.round(i.level * 100)} %, ${i.method}`, i]));
  const [same] = kinds.size === 1 ? kinds.values() : [];
  const units = new Map(lawById(fit.law)?.parameters.map((p) => [p.name, p.unit === '1' ? '' : p.unit]));
  const title = same === undefined ? 'interval' : `${Math.round(same.level * 100)} % interval`;
  const rows = [['  parameter', 'value', 'standard error', title, 'unit']];
  for (const [name, value] of Object.entries(fit.parameters)) {
    const interval = fit.intervals?.[name] ?? null;
    const kind =
      interval === null || same !== undefined ? '' : ` (${Math.round(interval.level * 100)} %, ${interval.method})`;
    rows.push([
      `  ${name}`,
      formatNumber(value, 6),
      formatNumber(fit.standardErrors?.[name] ?? null, 3),
      interval === null ? '–' : `${formatNumber(interval.low, 4)} to ${formatNumber(interval.high, 4)}${kind}`,
      units.get(name) ?? '',
    ]);
  }
  return [...table(rows, true), ...(same === undefined ? [] : [`  intervals by ${same.method}`])];
}

/** ' %' for metrics whose range ends at 100, '' for those that need no unit. */
function unitOf(s: SeriesReport): string {
  return s.range?.upper === 100 ? '\u00a0%' : '';
}

/** Forecasts with interval and verdict. */
export function forecastLines(series: readonly SeriesReport[]): string[] {
  const lines: string[] = [];
  for (const s of series) {
    if (s.forecast.length === 0) continue;
    const unit = unitOf(s);
    const level = `${Math.round((s.forecast[0]?.level ?? 0) * 100)} % interval`;
    const measured = s.forecast.some((f) => f.actual !== undefined);
    lines.push(`${s.id}: forecast of ${s.metric} by ${s.forecast[0]?.law ?? '–'}`);
    const rows = [['  at', 'predicted', level, ...(measured ? ['measured'] : []), 'verdict']];
    for (const f of s.forecast) {
      rows.push([
        `  ${f.model === undefined || f.model === null ? '' : `${f.model}, `}${formatScale(f.x, s.scale)}`,
        shownValue(f) === null ? '–' : `${formatNumber(shownValue(f), 4)}${unit}`,
        f.low === null ? '–' : `${formatNumber(f.low, 4)} to ${formatNumber(f.high, 4)}${unit}`,
        ...(measured ? [f.actual == null ? '–' : `${formatNumber(f.actual, 4)}${unit}`] : []),
        f.verdict,
      ]);
    }
    lines.push(...table(rows, true));
    for (const why of new Set(s.forecast.map(shownWhy))) lines.push(`  ${why}`);
    const scopes = s.forecast.flatMap((f) => (typeof f['scope'] === 'string' ? [f['scope']] : []));
    for (const scope of new Set(scopes)) lines.push(`  ${scope}`);
    const together = s['together'] as Together | undefined;
    if (together !== undefined) lines.push(`  ${together.why}`);
    const coverage = s.forecast[0]?.['measuredCoverage'] as MeasuredCoverage | undefined;
    if (coverage !== undefined && s.forecast.some((f) => f.low !== null)) lines.push(`  ${coverageLine(coverage)}`);
  }
  return lines;
}

/** What intervals of this kind were worth when they were measured. */
function coverageLine(measured: MeasuredCoverage): string {
  const own =
    measured.own === null
      ? ''
      : `; on this file's own backtests ${Math.round(100 * measured.own.covered)} % of ${measured.own.count}`;
  return `Measured coverage of 90 % intervals: ${Math.round(100 * measured.covered)} % on ${measured.on}${own}.`;
}

/** Backtest errors of every law beside the baselines. */
export function backtestLines(series: readonly SeriesReport[]): string[] {
  const lines: string[] = [];
  for (const s of series) {
    const laws = (s.backtest?.['laws'] ?? []) as readonly LawBacktest[];
    if (s.backtest === null || laws.every((law) => law.count === 0)) {
      const sizes = new Set(s.x).size;
      lines.push(
        `${s.id}: no backtest: ${s.x.length} point${s.x.length === 1 ? '' : 's'} at ${sizes} size${sizes === 1 ? '' : 's'}; it takes at least five points, four of them below the largest size`,
      );
      continue;
    }
    const relative = s.backtest['errorScale'] === 'ln y';
    const show = (error: number | null | undefined) =>
      error == null ? '–' : relative ? `${formatNumber(100 * error, 3)} %` : `${formatNumber(error, 3)}${unitOf(s)}`;
    lines.push(
      `${s.id}: ${String(s.backtest['protocol'])}, mean ${relative ? 'relative' : 'absolute'} error of ${s.metric} on held-out points, all and by decades beyond the fitted ones`,
    );
    const bins = [...new Set(laws.flatMap((law) => law.byHorizon.map((h) => h.upTo)))].sort((a, b) => a - b);
    const rows = [['  law', 'held out', 'all', ...bins.map((upTo) => `≤ ${upTo}`)]];
    for (const law of laws) {
      const within = new Map(law.byHorizon.map((h) => [h.upTo, h.meanAbsolute]));
      rows.push([
        `  ${law.law}${law.law === s.chosen ? ' *' : ''}`,
        String(law.count),
        show(law.meanAbsolute),
        ...bins.map((upTo) => show(within.get(upTo))),
      ]);
    }
    lines.push(...table(rows, true));
    if (s.chosen !== null) lines.push('  * the law chosen on all points');
    lines.push(...benchmarkLines(s.backtest['benchmark'] as BenchmarkBacktest | { readonly why: string } | undefined));
  }
  return lines;
}

/** Each family predicted from the others, or why a score cannot be tested so; nothing for a loss. */
function benchmarkLines(benchmark: BenchmarkBacktest | { readonly why: string } | undefined): string[] {
  if (benchmark === undefined) return [];
  if ('why' in benchmark) return [`  benchmark protocols: ${benchmark.why}`];
  const { axis, byFamily } = benchmark;
  if ('why' in byFamily) return [`  family by family: ${byFamily.why}`];
  return [
    `  each family predicted from the others along ${axis}, mean absolute error in points of the normalised score`,
    ...table(
      [
        ['  law', 'families', 'held out', 'all', 'hardest family', 'its error'],
        ...byFamily.map((one) => [
          `  ${one.form}`,
          String(one.families),
          String(one.count),
          formatNumber(one.mean, 3),
          one.worst.family,
          formatNumber(one.worst.mean, 3),
        ]),
      ],
      true,
    ),
  ];
}

/** Errors of the benchmark protocols within one order of magnitude: mean over tasks and single tasks. */
export function aggregateLines(records: readonly AggregateBacktest[]): string[] {
  const lines: string[] = [];
  for (const record of records) {
    lines.push(
      '',
      `mean of ${record.tasks.length} tasks (${record.metric}) over ${record.models} models, points of the normalised score within one order of magnitude of ${record.axis}`,
    );
    const rows = [['  law', 'mean of tasks', 'single tasks', 'mean of tasks, by cutoff', 'single tasks, by cutoff']];
    record.aggregate.protocolA.forEach((a, i) => {
      rows.push([
        `  ${a.form}`,
        formatNumber(a.withinOne?.mean ?? null, 3),
        formatNumber(record.singleTasks.protocolA[i]?.withinOne?.mean ?? null, 3),
        formatNumber(record.aggregate.protocolB[i]?.mean ?? null, 3),
        formatNumber(record.singleTasks.protocolB[i]?.mean ?? null, 3),
      ]);
    });
    lines.push(...table(rows, true));
    for (const { task, why } of record.left) lines.push(`  ${task} is not scored: ${why}`);
  }
  return lines;
}
