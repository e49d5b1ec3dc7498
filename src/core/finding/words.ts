/** Words that several rules share: the ends of a series, in its own metric and unit. */

import { missWords } from '../forecast/miss-words.ts';
import { formatNumber } from '../render/number.ts';
import type { Finding, SeriesReport } from '../report-model.ts';
import type { OtherMetric } from '../shape/metrics-of-task.ts';

/** First and last score and the range of x, formatted for a sentence. */
export function ends(report: SeriesReport): { first: string; last: string; low: number | null; high: number | null } {
  const unit = percentUnit(report);
  const show = (v: number | undefined) => `${formatNumber(v ?? null, 3)}${unit}`;
  return {
    first: show(report.y[0]),
    last: show(report.y[report.y.length - 1]),
    low: report.x[0] ?? null,
    high: report.x[report.x.length - 1] ?? null,
  };
}

/** What a p of one test among many is worth, where it is worth less than it looks. */
export function amongMany(report: SeriesReport): string {
  const q = report.shape?.detail['q'];
  return typeof q === 'number' && q >= 0.05 ? `, q = ${formatNumber(q, 2)} among all series` : '';
}

/**
 * A finding that one in many series shows by chance is told, not warned of: at a Benjamini–Hochberg q of 0.1 or more
 * among all series of the study, more than one in ten of its kind would be false.
 */
export function toldByChance(finding: Finding, report: SeriesReport): Finding {
  const q = report.shape?.detail['q'];
  return typeof q === 'number' && q >= 0.1 && finding.severity === 'warning'
    ? { ...finding, severity: 'information' }
    : finding;
}

/** What the other metrics of the task say, where they disagree: the metric decides the label. */
export function byOtherMetrics(report: SeriesReport): string {
  const others = report.shape?.detail['otherMetrics'] as readonly OtherMetric[] | undefined;
  if (others === undefined) return '';
  return ` By ${others.map(({ metric, label }) => `${metric} it is ${label}`).join(', by ')}.`;
}

/** An average miss, in the unit that the backtest measured it in: of the value, of the metric, or percentage points. */
export function missText(miss: number | null, report: SeriesReport): string {
  if (miss === null) return formatNumber(null);
  const log = report.backtest?.['errorScale'] === 'ln y';
  const { lower = null, upper = null } = report.range ?? {};
  if (!log && lower !== null && upper !== null && miss > upper - lower) return 'more than its whole range';
  return missWords(miss, log ? 'ln y' : 'y', percentUnit(report) !== '');
}

/** ' %' for metrics whose range ends at 100, '' otherwise. */
export function percentUnit(report: SeriesReport): string {
  const range = report['range'] as { upper: number | null } | null | undefined;
  return range?.upper === 100 ? '\u00a0%' : '';
}
