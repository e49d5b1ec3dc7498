/**
 * A report as Markdown: a summary for a pull request or a notebook, small enough to read and to post (GitHub refuses
 * comments above 65,536 characters). Whatever a file holds comes out as text.
 */
import type { Finding, Report, SeriesReport, Severity } from '../report-model.ts';
import { lawTitle } from './equation.ts';
import { clip, codeSpan, escapeMarkdown, markdownTable } from './markdown.ts';
import { formatInterval, formatNumber, formatPercent, formatScale, formatScaleInterval } from './number.ts';
import { coverageOf } from './validity.ts';
import { chosenFit, seriesTitle, shapeTitle } from './view.ts';

/** Characters of a summary at most: room for a line or two that a script adds to the comment. */
export const MARKDOWN_LIMIT = 60_000;

const MOST_FILES = 3;
const LONGEST_NAME = 80;
const LONGEST_MESSAGE = 400;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

interface Most {
  readonly series: number;
  readonly forecasts: number;
  readonly findings: number;
}

/**
 * @param command the command line that made the report, for the reader who wants to repeat it
 * @returns at most `MARKDOWN_LIMIT` characters; what does not fit is counted in its place
 */
export function reportMarkdown(report: Report, command: string): string {
  for (let most: Most = { series: 100, forecasts: 100, findings: 50 }; ; ) {
    const text = page(report, command, most);
    if (text.length <= MARKDOWN_LIMIT || most.series <= 1) return text;
    const half = (count: number) => Math.max(1, Math.floor(count / 2));
    most = { series: half(most.series), forecasts: half(most.forecasts), findings: half(most.findings) };
  }
}

function page(report: Report, command: string, most: Most): string {
  return [
    `## Scaling Lens: ${title(report)}`,
    summary(report),
    seriesTable(report.series, most.series),
    ...forecastTable(report.series, most.forecasts),
    ...findingList(report.findings, most.findings),
    `<sub>${escapeMarkdown(report.tool)} · ${codeSpan(clip(command, 1000))}</sub>`,
  ].join('\n\n');
}

function title(report: Report): string {
  const names = report.sources.slice(0, MOST_FILES).map((s) => escapeMarkdown(clip(s.file, LONGEST_NAME)));
  const more = report.sources.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** '8 series: 4 improves with scale, 1 inverse scaling … · 2 warnings.' */
function summary(report: Report): string {
  const counts = new Map<string, number>();
  for (const { shape } of report.series) {
    if (shape !== null) counts.set(shapeTitle(shape), (counts.get(shapeTitle(shape)) ?? 0) + 1);
  }
  const shapes = [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`);
  const severities = (['error', 'warning'] as const).flatMap((severity) => {
    const count = report.findings.filter((f) => f.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const series = `${report.series.length} series${shapes.length > 0 ? `: ${shapes.join(', ')}` : ''}`;
  return `${[series, ...severities].join(' · ')}.`;
}

function seriesTable(series: readonly SeriesReport[], most: number): string {
  if (series.length === 0) return 'No series.';
  const rows = series.slice(0, most).map((s) => {
    const fit = chosenFit(s);
    return [
      name(s),
      String(s.x.length),
      formatScaleInterval(s.x[0] ?? null, s.x.at(-1) ?? null, s.scale),
      s.shape === null ? '–' : shapeTitle(s.shape),
      s.threshold === null ? '' : formatScale(s.threshold.x, s.scale),
      fit === null
        ? '–'
        : `${escapeMarkdown(lawTitle(fit.law))}: ${Object.entries(fit.parameters)
            .slice(0, 5)
            .map(([parameter, value]) => `${escapeMarkdown(parameter)} ${formatNumber(value, 4)}`)
            .join(', ')}`,
      fit === null ? '' : formatNumber(fit.r2, 4),
    ];
  });
  const header = ['series', 'n', 'range', 'shape', 'threshold', 'law', 'R²'];
  const table = markdownTable(header, rows, ['left', 'right', 'left', 'left', 'left', 'left', 'right']);
  return series.length > most ? `${table}\n\n… and ${series.length - most} more series.` : table;
}

function forecastTable(series: readonly SeriesReport[], most: number): string[] {
  const all = series.flatMap((s) => s.forecast.map((f) => ({ s, f })));
  if (all.length === 0) return [];
  const table = markdownTable(
    ['series', 'at', 'predicted', 'interval', 'verdict', 'why'],
    all
      .slice(0, most)
      .map(({ s, f }) => [
        name(s),
        formatScale(f.x, s.scale),
        formatNumber(f.y, 4),
        f.low === null ? '–' : `${formatInterval(f.low, f.high)} (${formatPercent(f.level)})`,
        f.verdict.replaceAll('-', ' '),
        escapeMarkdown(clip(f.why, LONGEST_MESSAGE)),
      ]),
    ['left', 'right', 'right'],
  );
  const coverages = [...new Set(all.slice(0, most).map(({ f }) => coverageOf(f, false)))].filter(
    (text) => text !== null,
  );
  return [
    '### Forecasts',
    all.length > most ? `${table}\n\n… and ${all.length - most} more forecasts.` : table,
    ...coverages.slice(0, 3).map((text) => `Coverage of such intervals: ${escapeMarkdown(text)}.`),
  ];
}

function findingList(findings: readonly Finding[], most: number): string[] {
  if (findings.length === 0) return [];
  const lines = findings
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    .slice(0, most)
    .map((f) => {
      const place = codeSpan(`${clip(f.file, LONGEST_NAME)}:${f.range.start.line + 1}`);
      return `- **${f.severity}** ${codeSpan(f.code)} ${escapeMarkdown(clip(f.message, LONGEST_MESSAGE))} (${place})`;
    });
  if (findings.length > most) lines.push(`- … and ${findings.length - most} more.`);
  return ['### Findings', lines.join('\n')];
}

function name(series: SeriesReport): string {
  return escapeMarkdown(clip(seriesTitle(series), LONGEST_NAME));
}
