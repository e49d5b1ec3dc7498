/** The readable face of a report in a terminal: sources, one line per series, forecasts, findings with their places. */
import type { AggregateBacktest } from '../core/forecast/benchmark.ts';
import type { MeasuredCoverage } from '../core/forecast/calibration.ts';
import { formatNumber, formatScale, formatScaleInterval } from '../core/render/number.ts';
import type { Fit, Report, SeriesReport, SourceReport } from '../core/report-model.ts';

const MAX_COLUMN = 44;

/** `file:line:column: severity code message`, one-based, as compilers print. */
export function findingLines(report: Report): string[] {
  return report.findings.map((f) => {
    const { line, character } = f.range.start;
    return `${f.file}:${line + 1}:${character + 1}: ${f.severity} ${f.code} ${f.message}`;
  });
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
  const rows = [['series', 'n', 'range', 'law', 'parameters', 'shape', 'threshold']];
  for (const s of series) {
    const fit = s.fits.find((f) => f.law === s.chosen);
    rows.push([
      s.id,
      String(s.x.length),
      formatScaleInterval(s.x[0] ?? null, s.x[s.x.length - 1] ?? null, s.scale),
      fit?.law ?? '–',
      fit === undefined ? refusal(s) : parameters(fit),
      s.shape === null
        ? '–'
        : s.shape.label + (s.shape.emergent ? ', emergent' : s.shape.lateRise ? ', late rise' : ''),
      s.threshold === null ? '' : formatScale(s.threshold.x, s.scale),
    ]);
  }
  return table(rows, true);
}

function refusal(s: SeriesReport): string {
  const refused = s['refused'] as { message: string }[] | undefined;
  return refused?.[0]?.message ?? '';
}

function parameters(fit: Fit): string {
  return Object.entries(fit.parameters)
    .slice(0, 6)
    .map(([name, value]) => `${name} ${formatNumber(value, 4)}`)
    .join(', ');
}

/** Every fit in full: for `fit`, where one law is looked at closely. */
export function fitLines(series: readonly SeriesReport[]): string[] {
  const lines: string[] = [];
  for (const s of series) {
    for (const fit of s.fits) {
      lines.push(`${s.id}: ${fit.law}, n = ${fit.n}, ${fit.converged ? 'converged' : 'NOT converged'}`);
      const rows = [['  parameter', 'value', 'standard error', 'interval']];
      for (const [name, value] of Object.entries(fit.parameters)) {
        const interval = fit.intervals?.[name] ?? null;
        rows.push([
          `  ${name}`,
          formatNumber(value, 6),
          formatNumber(fit.standardErrors?.[name] ?? null, 3),
          interval === null
            ? '–'
            : `${formatNumber(interval.low, 4)} to ${formatNumber(interval.high, 4)} (${Math.round(interval.level * 100)} %, ${interval.method})`,
        ]);
      }
      lines.push(...table(rows, true));
      lines.push(
        `  ${fit.objective.name} ${formatNumber(fit.objective.value, 6)} · rmse ${formatNumber(fit.rmse, 4)} · rmsle ${formatNumber(fit.rmsle, 4)} · R² ${formatNumber(fit.r2, 4)} · AICc ${formatNumber(fit.aicc, 5)} · starts ${fit.starts.atOptimum} of ${fit.starts.tried} at the optimum`,
      );
      if (fit.atBound.length > 0) lines.push(`  at bound: ${fit.atBound.join(', ')}`);
      for (const note of fit.notes ?? []) lines.push(`  note: ${note}`);
    }
    for (const r of (s['refused'] as { law: string; message: string }[] | undefined) ?? []) {
      lines.push(`${s.id}: ${r.law} not fitted: ${r.message}`);
    }
  }
  return lines;
}

/** Forecasts with interval and verdict. */
export function forecastLines(series: readonly SeriesReport[]): string[] {
  const lines: string[] = [];
  for (const s of series) {
    if (s.forecast.length === 0) continue;
    lines.push(`${s.id}: forecast by ${s.forecast[0]?.law ?? '–'}`);
    const rows = [['  at', 'predicted', 'interval', 'measured', 'verdict']];
    for (const f of s.forecast) {
      rows.push([
        `  ${f.model === undefined || f.model === null ? '' : `${f.model}, `}${formatScale(f.x, s.scale)}`,
        formatNumber(f.y, 4),
        f.low === null
          ? 'no interval'
          : `${formatNumber(f.low, 4)} to ${formatNumber(f.high, 4)} (${Math.round(f.level * 100)} %)`,
        f.actual === undefined ? '' : formatNumber(f.actual, 4),
        f.verdict,
      ]);
    }
    lines.push(...table(rows, true));
    for (const why of new Set(s.forecast.map((f) => f.why))) lines.push(`  ${why}`);
    const measured = s.forecast[0]?.['measuredCoverage'] as MeasuredCoverage | undefined;
    if (measured !== undefined && s.forecast.some((f) => f.low !== null)) lines.push(`  ${coverageLine(measured)}`);
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
    if (s.backtest === null) {
      lines.push(`${s.id}: too few points for a backtest`);
      continue;
    }
    const laws = s.backtest['laws'] as {
      law: string;
      count: number;
      meanAbsolute: number | null;
      byHorizon: { upTo: number; meanAbsolute: number }[];
    }[];
    const scale = s.backtest['errorScale'] === 'ln y' ? 'relative error' : 'absolute error';
    lines.push(`${s.id}: ${String(s.backtest['protocol'])}, mean ${scale} on held-out points`);
    const rows = [['  law', 'held out', 'mean', 'by horizon (decades)']];
    for (const law of laws) {
      rows.push([
        `  ${law.law}${law.law === s.chosen ? ' *' : ''}`,
        String(law.count),
        formatNumber(law.meanAbsolute, 3),
        law.byHorizon.map((h) => `≤${h.upTo}: ${formatNumber(h.meanAbsolute, 2)}`).join('  '),
      ]);
    }
    lines.push(...table(rows, true));
  }
  return lines;
}

/** Errors of the benchmark protocols within one order of magnitude: mean over tasks and single tasks. */
export function aggregateLines(records: readonly AggregateBacktest[]): string[] {
  const lines: string[] = [];
  for (const record of records) {
    lines.push(
      '',
      `mean of ${record.tasks.length} tasks (${record.metric}) over ${record.models} models, points of the normalised score within one order of magnitude`,
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

/** Columns padded to their widest cell; long cells are cut with an ellipsis except in the last column. */
export function table(rows: readonly (readonly string[])[], header: boolean): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, Math.min(MAX_COLUMN, [...cell].length));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, i) => {
        const chars = [...cell];
        const last = i === row.length - 1;
        const cut = !last && chars.length > MAX_COLUMN ? `${chars.slice(0, MAX_COLUMN - 1).join('')}…` : cell;
        return last ? cut : cut.padEnd((widths[i] ?? 0) + cut.length - [...cut].length);
      })
      .join('  ')
      .trimEnd(),
  );
  if (header) lines.splice(1, 0, widths.map((w) => '─'.repeat(w)).join('  '));
  return lines;
}
