/**
 * One line above the table: the law of its first series and a way to the chart. Off by default, and a single lens, so
 * that the text does not jump while one types.
 */
import type { CodeLens } from 'vscode-languageserver-types';
import { formatNumber } from '../core/render/number.ts';
import { seriesView } from '../core/render/view.ts';
import { NO_RANGE } from '../core/table/span.ts';
import type { Outcome } from './ports.ts';

/** The client's command that shows the chart. */
export const SHOW_CHART = 'scalingLens.showChart';

export function lensesOf(uri: string, outcome: Outcome): CodeLens[] {
  const { series } = outcome.report;
  if (series.length === 0) return [];
  const best = series.find(({ chosen, aggregate }) => chosen !== null && aggregate !== true) ?? series[0];
  const curve = best === undefined ? undefined : seriesView(best, []).curves[0];
  const parts: string[] = [];
  if (best !== undefined && curve !== undefined) {
    parts.push(`${best.task}: ${curve.equation}`);
    if (curve.r2 !== null) parts.push(`R² ${formatNumber(curve.r2)}`);
  }
  if (series.length > 1) parts.push(`${series.length} series`);
  parts.push('Show chart');
  return [
    {
      range: NO_RANGE,
      command: { title: parts.join(' · '), command: SHOW_CHART, arguments: [uri, best?.id ?? null] },
    },
  ];
}
