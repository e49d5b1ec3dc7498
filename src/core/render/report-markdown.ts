/**
 * A report as Markdown: a summary for a pull request or a notebook, most important first, small enough to read and to post
 * (GitHub refuses comments above 65,536 characters). Whatever a file holds comes out as text.
 */

import { byGravity, SEVERITY_ORDER } from '../finding/severity.ts';
import type { Finding, Forecast, Report, SeriesReport } from '../report-model.ts';
import { isTurning } from '../shape/turning.ts';
import { lawTitle } from './equation.ts';
import { shownValue, shownWhy } from './forecast-value.ts';
import { clip, codeSpan, escapeMarkdown, markdownTable } from './markdown.ts';
import { formatInterval, formatNumber, formatPercent, formatScale, formatScaleInterval } from './number.ts';
import { coverageOf } from './validity.ts';
import { askedForecasts, chosenFit, outlookOf, seriesTitle, shapeTitle } from './view.ts';

/** Characters of a summary at most: room for a line or two that a script adds to the comment. */
export const MARKDOWN_LIMIT = 60_000;

const MOST_FILES = 3;
/** Series and findings in the open; the others are folded away. */
const OPEN_SERIES = 12;
const OPEN_FINDINGS = 8;
const LONGEST_NAME = 80;
const LONGEST_MESSAGE = 400;

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
    ...findingList(report.findings, most.findings),
    ...forecastTable(report.series, most.forecasts),
    ...seriesTables(report, most.series),
    `<sub>${escapeMarkdown(report.tool)} · ${codeSpan(clip(command, 1000))}</sub>`,
  ].join('\n\n');
}

/** A part that a reader opens: GitHub renders Markdown inside when blank lines set it off. */
function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
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

/** What a reader should see first: graver findings, then remarkable shapes, then the report's order. */
function byImportance({ series, findings }: Report): readonly SeriesReport[] {
  const gravest = new Map<string, number>();
  for (const { series: id, severity } of findings) {
    if (id !== null) gravest.set(id, Math.max(gravest.get(id) ?? -1, SEVERITY_ORDER[severity]));
  }
  const remarkable = ({ shape }: SeriesReport) =>
    shape !== null && (shape.emergent || shape.label === 'inverse' || isTurning(shape));
  const weight = (one: SeriesReport) => 2 * (gravest.get(one.id) ?? -1) + (remarkable(one) ? 1 : 0);
  return series.toSorted((one, other) => weight(other) - weight(one));
}

/** The most important series in the open, the others folded away. */
function seriesTables(report: Report, most: number): string[] {
  if (report.series.length === 0) return ['No series.'];
  const sorted = byImportance(report).slice(0, most);
  const left = report.series.length - sorted.length;
  const parts = ['### Series', seriesTable(sorted.slice(0, OPEN_SERIES))];
  const rest = sorted.slice(OPEN_SERIES);
  if (rest.length > 0) parts.push(folded(`${rest.length} more series`, seriesTable(rest)));
  if (left > 0) parts.push(`… and ${left} more series.`);
  return parts;
}

function seriesTable(series: readonly SeriesReport[]): string {
  const threshold = series.some((s) => s.threshold !== null);
  const outlook = series.some((s) => outlookOf(s) !== null);
  const rows = series.map((s) => {
    const fit = chosenFit(s);
    const next = outlookOf(s);
    return [
      name(s),
      String(s.x.length),
      formatScaleInterval(s.x[0] ?? null, s.x.at(-1) ?? null, s.scale),
      s.shape === null ? '–' : shapeTitle(s.shape),
      ...(threshold ? [s.threshold === null ? '' : formatScale(s.threshold.x, s.scale)] : []),
      fit === null ? '–' : escapeMarkdown(lawTitle(fit.law)),
      fit === null ? '' : formatNumber(fit.r2, 3),
      ...(outlook ? [next === null || next.y === null ? '–' : outlookText(next)] : []),
    ];
  });
  const columns: (readonly [string, 'left' | 'right'])[] = [
    ['series', 'left'],
    ['n', 'right'],
    ['range', 'left'],
    ['shape', 'left'],
    ...(threshold ? [['threshold', 'left'] as const] : []),
    ['law', 'left'],
    ['R²', 'right'],
    ...(outlook ? [['one decade on', 'left'] as const] : []),
  ];
  return markdownTable(
    columns.map(([title]) => title),
    rows,
    columns.map(([, side]) => side),
  );
}

/** '0.87 (0.71 to 1.00), tested'. */
function outlookText(forecast: Forecast): string {
  const { low, high, verdict } = forecast;
  const interval = low === null || high === null ? '' : ` (${formatInterval(low, high)})`;
  return `${formatNumber(shownValue(forecast), 3)}${interval}, ${verdict.replaceAll('-', ' ')}`;
}

function forecastTable(series: readonly SeriesReport[], most: number): string[] {
  const all = series.flatMap((s) => askedForecasts(s).map((f) => ({ s, f })));
  if (all.length === 0) return [];
  const table = markdownTable(
    ['series', 'at', 'predicted', 'interval', 'verdict', 'why'],
    all
      .slice(0, most)
      .map(({ s, f }) => [
        name(s),
        formatScale(f.x, s.scale),
        formatNumber(shownValue(f), 4),
        f.low === null ? '–' : `${formatInterval(f.low, f.high)} (${formatPercent(f.level)})`,
        f.verdict.replaceAll('-', ' '),
        escapeMarkdown(clip(shownWhy(f), LONGEST_MESSAGE)),
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

/** Errors and warnings in the open, everything else folded away. */
function findingList(findings: readonly Finding[], most: number): string[] {
  if (findings.length === 0) return [];
  const sorted = findings.toSorted(byGravity).slice(0, most);
  const open = sorted
    .filter(({ severity }) => SEVERITY_ORDER[severity] >= SEVERITY_ORDER.warning)
    .slice(0, OPEN_FINDINGS);
  const rest = sorted.slice(open.length);
  const left = findings.length - sorted.length;
  const more = left > 0 ? `\n- … and ${left} more.` : '';
  const parts = ['### Findings'];
  if (open.length > 0) parts.push(open.map(findingLine).join('\n'));
  if (rest.length > 0)
    parts.push(folded(`${rest.length + left} more findings`, rest.map(findingLine).join('\n') + more));
  else if (more !== '') parts.push(more.trim());
  return parts;
}

function findingLine(f: Finding): string {
  const place = codeSpan(`${clip(f.file, LONGEST_NAME)}:${f.range.start.line + 1}`);
  return `- **${f.severity}** ${codeSpan(f.code)} ${escapeMarkdown(clip(f.message, LONGEST_MESSAGE))} (${place})`;
}

function name(series: SeriesReport): string {
  return escapeMarkdown(clip(seriesTitle(series), LONGEST_NAME));
}
