/** A report as Markdown: a summary for a pull request or a notebook, small enough to read. */
import type { Report, SeriesReport } from '../report-model.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { formatNumber, formatScale, formatScaleInterval } from './number.ts';
import { chosenFit, shapeTitle } from './view.ts';

const MOST_SERIES = 100;
const MOST_FINDINGS = 50;

/** @param command the command line that made the report, for the reader who wants to repeat it */
export function reportMarkdown(report: Report, command: string): string {
  const parts = [
    `## Scaling Lens: ${report.sources.map((s) => escapeMarkdown(s.file)).join(', ')}`,
    seriesTable(report.series),
  ];
  const forecasts = report.series.flatMap((s) => s.forecast.map((f) => ({ s, f })));
  if (forecasts.length > 0) {
    parts.push(
      '### Forecasts',
      markdownTable(
        ['series', 'at', 'predicted', 'interval', 'verdict', 'why'],
        forecasts.map(({ s, f }) => [
          escapeMarkdown(s.id),
          formatScale(f.x, s.scale),
          formatNumber(f.y, 4),
          f.low === null
            ? '–'
            : `${formatNumber(f.low, 4)} to ${formatNumber(f.high, 4)} (${Math.round(f.level * 100)} %)`,
          f.verdict,
          escapeMarkdown(f.why),
        ]),
      ),
    );
  }
  if (report.findings.length > 0) {
    parts.push(
      '### Findings',
      ...report.findings
        .slice(0, MOST_FINDINGS)
        .map((f) => `- **${f.severity}** \`${f.code}\` ${escapeMarkdown(f.message)}`),
    );
    if (report.findings.length > MOST_FINDINGS) parts.push(`… and ${report.findings.length - MOST_FINDINGS} more.`);
  }
  parts.push(`<sub>${escapeMarkdown(report.tool)} · \`${command.replaceAll('`', "'")}\`</sub>`);
  return parts.join('\n\n').replaceAll('\n\n- ', '\n- ').replace('### Findings\n- ', '### Findings\n\n- ');
}

function seriesTable(series: readonly SeriesReport[]): string {
  if (series.length === 0) return 'No series.';
  const rows = series.slice(0, MOST_SERIES).map((s) => {
    const fit = chosenFit(s);
    return [
      escapeMarkdown(s.id),
      String(s.x.length),
      formatScaleInterval(s.x[0] ?? null, s.x[s.x.length - 1] ?? null, s.scale),
      s.shape === null ? '–' : shapeTitle(s.shape),
      s.threshold === null ? '' : formatScale(s.threshold.x, s.scale),
      fit === null
        ? '–'
        : `${fit.law}: ${Object.entries(fit.parameters)
            .slice(0, 5)
            .map(([name, value]) => `${escapeMarkdown(name)} ${formatNumber(value, 4)}`)
            .join(', ')}`,
    ];
  });
  const table = markdownTable(['series', 'n', 'range', 'shape', 'threshold', 'law'], rows, ['left', 'right']);
  return series.length > MOST_SERIES ? `${table}\n\n… and ${series.length - MOST_SERIES} more series.` : table;
}
