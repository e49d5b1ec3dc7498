/**
 * One line on what a file was taken for, for the status item and the log: '8 tasks × 12 models, long CSV'. A file in
 * which nothing was found is no error: people open many tables that have nothing to do with scaling.
 */

import { formatNumber } from '../core/render/number.ts';
import { chosenFit } from '../core/render/view.ts';
import type { Outcome } from './ports.ts';

export interface Recognised {
  readonly text: string;
  /** Markdown. */
  readonly detail: string;
  /** False when there is nothing to show but this line. */
  readonly worthwhile: boolean;
}

export function recognised({ report, questions }: Outcome): Recognised {
  const source = report.sources[0];
  if (report.series.length === 0) {
    const why = report.findings.find(({ code }) => code.startsWith('file.')) ?? report.findings[0];
    if (questions.length > 0) {
      const question = questions[0]?.message ?? '';
      return { text: 'a question is open', detail: question, worthwhile: true };
    }
    return {
      text: 'not an eval file',
      detail: why?.message ?? 'No scores with a scale were found.',
      worthwhile: false,
    };
  }
  const tasks = new Set(report.series.map(({ task }) => task)).size;
  const models = new Set(report.series.flatMap(({ models: names }) => names)).size;
  const layout = source === undefined || source.layout === 'unknown' ? '' : `, ${source.layout} ${source.format}`;
  const text = `${count(tasks, 'task')} × ${count(models, 'model')}${layout}`;
  const lines = report.series.slice(0, 8).map((series) => {
    const fit = chosenFit(series);
    const quality = fit === null || fit.r2 === null ? 'no fit' : `${fit.law}, R² ${formatNumber(fit.r2)}`;
    return `${series.task} ${series.metric}: ${series.shape?.label ?? 'no shape'}, ${quality}`;
  });
  if (report.series.length > lines.length) lines.push(`and ${report.series.length - lines.length} more`);
  return { text, detail: lines.join('  \n'), worthwhile: true };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
