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

/** @param study the file is a manifest: what was found is found in the files that it names */
export function recognised({ report, questions, models, streamed }: Outcome, study = false): Recognised {
  const source = report.sources[0];
  if (report.series.length === 0) {
    const unreadable = report.findings.find(({ code }) => code.startsWith('file.'));
    const why = (study ? report.findings.find(({ code }) => code === 'manifest.invalid') : null) ?? unreadable;
    if (questions.length > 0) {
      const question = questions[0]?.message ?? '';
      return { text: 'a question is open', detail: question, worthwhile: true };
    }
    return {
      text: study ? 'study manifest' : 'not an eval file',
      detail: (why ?? report.findings[0])?.message ?? 'No scores with a scale were found.',
      worthwhile: false,
    };
  }
  const tasks = new Set(report.series.map(({ task }) => task)).size;
  const files = new Set(report.sources.filter(({ format }) => format !== 'study').map(({ file }) => file)).size;
  const layout =
    study || source === undefined || source.layout === 'unknown' ? '' : `, ${source.layout} ${source.format}`;
  const text = `${study ? `study of ${count(files, 'file')}: ` : ''}${count(tasks, 'task')} × ${count(models, 'model')}${layout}`;
  const rows =
    streamed === null
      ? []
      : [
          `${(streamed.bytes / 1e6).toFixed(0)} MB read row by row: ${grouped(streamed.kept)} of ${grouped(streamed.rows)} rows were kept for the fits.`,
        ];
  const lines = report.series.slice(0, 8).map((series) => {
    const fit = chosenFit(series);
    const quality = fit === null || fit.r2 === null ? 'no fit' : `${fit.law}, R² ${formatNumber(fit.r2)}`;
    return `${series.task} ${series.metric}: ${series.shape?.label ?? 'no shape'}, ${quality}`;
  });
  if (report.series.length > lines.length) lines.push(`and ${report.series.length - lines.length} more`);
  return { text, detail: [...rows, ...lines].join('  \n'), worthwhile: true };
}

/** 2231920 → '2,231,920'. */
function grouped(n: number): string {
  return n.toLocaleString('en');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
