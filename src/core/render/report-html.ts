/**
 * A report as one HTML file that needs no network and runs no script: charts as inline SVG, tables, verdicts, the
 * validity checklist, a hash of the data and the exact command. It follows the reader's light or dark preference and
 * prints. All text of the file is escaped; sections of large studies are collapsed until opened.
 */

import { FINDINGS_URL } from '../finding/pages.ts';
import { byGravity } from '../finding/severity.ts';
import type { Forecast, Report, SeriesReport, Severity, SourceReport } from '../report-model.ts';
import { lawTitle } from './equation.ts';
import { shownValue } from './forecast-value.ts';
import { formatInterval, formatNumber, formatScale, formatScaleInterval } from './number.ts';
import { familyIndex } from './plot.ts';
import {
  breakable,
  findingItem,
  folded,
  htmlTable,
  seriesAnchor,
  shapeTone,
  verdictBadge,
} from './report-html-parts.ts';
import { seriesSection } from './report-html-series.ts';
import { PAGE_STYLE } from './report-html-style.ts';
import { escapeXml } from './svg-element.ts';
import { askedForecasts, chosenFit, outlookOf, seriesTitle, shapeTitle, viewOf } from './view.ts';

export interface HtmlInput {
  readonly report: Report;
  readonly title: string;
  /** The command line that made the report. */
  readonly command: string;
  /** Hash of the files' contents, e.g. 'sha256:…'. */
  readonly dataHash: string;
  /** ISO date, or null to leave it out (reproducible output). */
  readonly date: string | null;
  /** Base address of the pages about finding codes; the project's own by default. */
  readonly help?: string;
}

/** Studies up to this size have all sections open. */
const OPEN_SERIES = 12;
/** Findings and files listed before the rest is folded away. */
const MOST_SHOWN = 40;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The page as text. */
export function reportHtml(input: HtmlInput): string {
  const { report, help = FINDINGS_URL } = input;
  const view = viewOf({ uri: input.title, title: input.title, version: 0, state: 'ready', message: null, report });
  const views = new Map(view.series.map((s) => [s.id, s]));
  const open = report.series.length <= OPEN_SERIES;
  const families = familyIndex(view);
  const sections = report.series.map((series, index) =>
    seriesSection({ series, view: views.get(series.id), report, index, open, families, help }),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="generator" content="${escapeXml(report.tool)}">
<title>${escapeXml(input.title)} – Scaling Lens</title><style>${PAGE_STYLE}</style></head>
<body><div class="page">
${contents(report)}
${head(input)}
<main>
${overview(report.series)}
${findings(report, help)}
${sections.length === 0 ? '' : '<h2 id="series">Series</h2>'}
${sections.join('\n')}
${sources(report.sources)}
</main>
<footer>Made by ${escapeXml(report.tool)} from the files above. Verdicts: <em>tested</em> – backtests on these data reach as far as the forecast; <em>beyond tested range</em> – they do not; <em>no better than baseline</em> – assuming no change would have been as good; <em>not identifiable</em> – the points do not determine an answer.</footer>
</div></body></html>
`;
}

function head({ report, title, command, dataHash, date }: HtmlInput): string {
  const shapes = new Map<string, number>();
  for (const { shape } of report.series) {
    if (shape !== null) shapes.set(shapeTitle(shape), (shapes.get(shapeTitle(shape)) ?? 0) + 1);
  }
  const severities = new Map<Severity, number>();
  for (const { severity } of report.findings) severities.set(severity, (severities.get(severity) ?? 0) + 1);
  const chips: (readonly [count: number, label: string])[] = [
    [report.series.length, 'series'],
    ...[...shapes].map(([label, count]) => [count, label] as const),
    ...(['error', 'warning'] as const).flatMap((severity) => {
      const count = severities.get(severity) ?? 0;
      return count === 0 ? [] : [[count, `${severity}${count === 1 ? '' : 's'}`] as const];
    }),
  ];
  const meta = [report.tool, ...(date === null ? [] : [date]), `data ${dataHash}`];
  return `<header><h1>${escapeXml(title)}</h1>
<p class="soft">${escapeXml(meta.join(' · '))}</p>
<pre><code>${escapeXml(command)}</code></pre>
<ul class="chips">${chips.map(([count, label]) => `<li><b>${count}</b><span>${escapeXml(label)}</span></li>`).join('')}</ul></header>`;
}

function contents(report: Report): string {
  const link = (href: string, text: string) => `<li><a href="#${href}">${breakable(text)}</a></li>`;
  const series = report.series.map((s) => link(seriesAnchor(s.id), seriesTitle(s))).join('');
  const list =
    report.series.length <= MOST_SHOWN
      ? `<h2>Series</h2><ol>${series}</ol>`
      : `<details><summary>${report.series.length} series</summary><ol>${series}</ol></details>`;
  const parts = [
    report.series.length === 0 ? '' : link('overview', 'Overview'),
    report.findings.length === 0 ? '' : link('findings', `Findings (${report.findings.length})`),
    link('sources', 'What was read'),
  ];
  return `<nav aria-label="Contents"><ol>${parts.join('')}</ol>${report.series.length === 0 ? '' : list}</nav>`;
}

function overview(series: readonly SeriesReport[]): string {
  if (series.length === 0) return '<p>No series was found in these files.</p>';
  const forecast = series.some((s) => overviewForecast(s) !== null);
  // Five columns and no more: what belongs together stands below each other, so that the forecast is never cut off.
  return `<h2 id="overview">Overview</h2><div class="card overview">${htmlTable(
    ['Series', 'Points', 'Shape', 'Law', ...(forecast ? ['Forecast'] : [])],
    series.map((s) => [
      `<a href="#${seriesAnchor(s.id)}">${breakable(seriesTitle(s))}</a>`,
      `${s.x.length}${below(formatScaleInterval(s.x[0] ?? null, s.x.at(-1) ?? null, s.scale))}`,
      shapeCell(s),
      lawCell(s),
      ...(forecast ? [forecastCell(s)] : []),
    ]),
  )}</div>`;
}

/** A second line of a cell, in the softer colour. */
function below(text: string): string {
  return text === '' ? '' : `<br><span class="soft">${escapeXml(text)}</span>`;
}

function shapeCell(s: SeriesReport): string {
  const shape =
    s.shape === null ? '–' : `<span class="nowrap ${shapeTone(s)}">${escapeXml(shapeTitle(s.shape))}</span>`;
  if (s.threshold === null) return shape;
  const { x, low, high } = s.threshold;
  const interval = low === null || high === null ? '' : ` (${formatScaleInterval(low, high, s.scale)})`;
  return `${shape}${below(`threshold ${formatScale(x, s.scale)}${interval}`)}`;
}

function lawCell(s: SeriesReport): string {
  const fit = chosenFit(s);
  if (fit === null) return '–';
  return `${escapeXml(lawTitle(fit.law))}${fit.r2 === null ? '' : below(`R² ${formatNumber(fit.r2, 3)}`)}`;
}

function forecastCell(s: SeriesReport): string {
  const last = overviewForecast(s);
  if (last === null) return '';
  const interval =
    last.low === null || last.high === null
      ? ''
      : ` <span class="soft">(${escapeXml(formatInterval(last.low, last.high))})</span>`;
  const y = shownValue(last);
  const value = y === null ? '' : `${formatNumber(y, 3)}${interval} at `;
  return `${value}${escapeXml(formatScale(last.x, s.scale, 2))}<br>${verdictBadge(last.verdict)}`;
}

/** The forecast that an overview shows: the last one asked for, else one decade beyond the data. */
function overviewForecast(series: SeriesReport): Forecast | null {
  return askedForecasts(series).at(-1) ?? outlookOf(series);
}

function findings(report: Report, help: string): string {
  if (report.findings.length === 0) return '';
  const ids = new Set(report.series.map((s) => s.id));
  const items = report.findings
    .toSorted(byGravity)
    .map((f) => findingItem(f, help, f.series !== null && ids.has(f.series) ? seriesAnchor(f.series) : null));
  const rest = items.slice(MOST_SHOWN);
  const card = (shown: readonly string[]) => `<div class="card"><ul class="findings">${shown.join('')}</ul></div>`;
  const more = rest.length === 0 ? '' : folded(`${rest.length} more findings`, card(rest));
  return `<h2 id="findings">Findings</h2>${card(items.slice(0, MOST_SHOWN))}${more}`;
}

function sources(list: readonly SourceReport[]): string {
  const one = (s: SourceReport) => {
    const columns = s.columns.filter((c) => c.role !== null);
    const table =
      columns.length === 0
        ? ''
        : htmlTable(
            ['Column', 'Role', 'Unit', 'How it was decided'],
            columns.map((c) => [
              `<code>${escapeXml(c.header)}</code>`,
              escapeXml(c.role ?? ''),
              escapeXml(c.unit === null ? '' : String(c.unit)),
              escapeXml(c.how),
            ]),
          );
    const notes = s.notes.map((n) => `<p class="soft">${escapeXml(n)}</p>`).join('');
    return `<details class="series"${list.length <= 3 ? ' open' : ''}><summary><h2>${escapeXml(s.file)}</h2><span class="soft">${escapeXml(s.format)}, ${s.layout}, ${s.rows} ${s.rows === 1 ? 'row' : 'rows'}</span></summary><div class="inside">${notes}${table}</div></details>`;
  };
  const shown = list.slice(0, MOST_SHOWN).map(one).join('');
  const rest = list.slice(MOST_SHOWN);
  const more = rest.length === 0 ? '' : folded(`${rest.length} more files`, rest.map(one).join(''));
  return `<h2 id="sources">What was read</h2>${shown}${more}`;
}
