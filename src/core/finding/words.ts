/** Words that several rules share: the ends of a series, in its own metric and unit. */

import { formatNumber } from '../render/number.ts';
import type { SeriesReport } from '../report-model.ts';

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

/** ' %' for metrics whose range ends at 100, '' otherwise. */
export function percentUnit(report: SeriesReport): string {
  const range = report['range'] as { upper: number | null } | null | undefined;
  return range?.upper === 100 ? '\u00a0%' : '';
}
