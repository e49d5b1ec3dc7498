/** The results of a file in a format to save or to copy: the report as JSON, a Markdown summary, or points and curves as CSV. */

import { viewCsv } from '../core/render/delimited.ts';
import { reportMarkdown } from '../core/render/report-markdown.ts';
import type { FitView } from '../core/render/view-model.ts';
import type { Report } from '../core/report-model.ts';
import type { ExportParams } from '../protocol/language.ts';

export function exportOf(view: FitView, report: Report, format: ExportParams['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'markdown':
      return reportMarkdown(report, `scaling-lens analyze ${view.title} --markdown`);
    case 'csv':
      return viewCsv(view);
  }
}
