/** The files and texts that `analyze` can make of a report. */
import { createHash } from 'node:crypto';
import { FINDINGS_URL } from '../core/finding/pages.ts';
import { reportHtml } from '../core/render/report-html.ts';
import { reportMarkdown } from '../core/render/report-markdown.ts';
import { reportSarif } from '../core/render/sarif.ts';
import { svgSheet } from '../core/render/svg.ts';
import { viewOf } from '../core/render/view.ts';
import type { Report } from '../core/report-model.ts';
import type { Study } from '../core/study/study.ts';
import { quote } from './quote.ts';

/** @param args the command line after the program's name */
export function renderings(study: Study, report: Report, args: readonly string[]) {
  const command = `scaling-lens ${args.map(quote).join(' ')}`;
  const title = titleOf(report.sources.map((s) => s.file));
  return {
    markdown: () => reportMarkdown(report, command),
    sarif: () => reportSarif(report, FINDINGS_URL),
    svg: () => svgSheet(viewOf({ uri: title, title, version: 0, state: 'ready', message: null, report }), { title }),
    html: () =>
      reportHtml({ report, title, command, dataHash: hashOf(study), date: new Date().toISOString().slice(0, 10) }),
  };
}

const MOST_NAMES = 3;

/** 'a.csv', 'a.csv, b.csv', 'a.json, b.json, c.json and 66 more'. */
function titleOf(files: readonly string[]): string {
  const more = files.length - MOST_NAMES;
  return files.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** SHA-256 of names and texts of the tables, shortened. */
export function hashOf(study: Study): string {
  const hash = createHash('sha256');
  for (const table of study.tables) {
    hash.update(table.file.replaceAll('\\', '/').split('/').at(-1) ?? '');
    hash.update(table.text);
  }
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}
