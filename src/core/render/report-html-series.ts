/**
 * One series in the HTML report: what it shows in a sentence, its chart, the key numbers beside it, its findings, and the
 * tables behind them (parameters, rival laws, backtest, forecasts, points, validity checklist).
 */
import type { LawBacktest } from '../forecast/backtest.ts';
import type { Fit, Forecast, Report, SeriesReport } from '../report-model.ts';
import { lawTitle } from './equation.ts';
import { shownValue, shownWhy } from './forecast-value.ts';
import { formatInterval, formatNumber, formatPercent, formatScale, formatScaleInterval } from './number.ts';
import {
  findingItem,
  folded,
  htmlEquation,
  htmlTable,
  seriesAnchor,
  shapeTone,
  verdictBadge,
} from './report-html-parts.ts';
import { PAGE_PALETTE } from './report-html-style.ts';
import { svgChart } from './svg.ts';
import { escapeXml } from './svg-element.ts';
import { svgPicture } from './svg-picture.ts';
import { coverageOf, validityOf } from './validity.ts';
import { askedForecasts, chosenFit, outlookOf, seriesTitle, shapeTitle } from './view.ts';
import type { SeriesView } from './view-model.ts';

/** Points listed in the table under a chart; the rest is in the file. */
const MOST_POINTS = 200;
/** Marks in a chart; more are thinned evenly. */
const MOST_MARKS = 1500;

export interface SectionInput {
  readonly series: SeriesReport;
  readonly view: SeriesView | undefined;
  readonly report: Report;
  /** Place among the series: keeps the ids of several charts apart. */
  readonly index: number;
  readonly open: boolean;
  /** Colour of each family, the same in all charts of the page. */
  readonly families: ReadonlyMap<string, number>;
  /** Base address of the pages about finding codes. */
  readonly help: string;
}

export function seriesSection({ series: s, view, report, index, open, families, help }: SectionInput): string {
  const fit = chosenFit(s);
  const shape = s.shape === null ? '' : `<span class="badge ${shapeTone(s)}">${escapeXml(shapeTitle(s.shape))}</span>`;
  const parts = [
    `<details class="series" id="${seriesAnchor(s.id)}"${open ? ' open' : ''}>`,
    `<summary><h2>${escapeXml(seriesTitle(s))}</h2>${shape}<span class="soft">${s.x.length} points · ${escapeXml(fit === null ? 'no law' : lawTitle(fit.law))}</span></summary>`,
    '<div class="inside">',
  ];
  if (view !== undefined) {
    const choice = { limit: MOST_MARKS, families };
    const chart = svgChart(view, { width: 760, height: 430, palette: PAGE_PALETTE, id: `c${index}`, choice });
    parts.push(
      `<p class="lead">${htmlEquation(view.summary)}</p>`,
      `<div class="pair"><figure>${chart}</figure>${facts(s, view, fit)}</div>`,
    );
  }
  if (view !== undefined) parts.push(pictures(view, index));
  const own = report.findings.filter((f) => f.series === s.id);
  if (own.length > 0)
    parts.push('<h3>Findings</h3>', `<ul class="findings">${own.map((f) => findingItem(f, help, null)).join('')}</ul>`);
  parts.push(forecasts(s));
  if (view !== undefined) parts.push(evidence(view));
  if (fit !== null) parts.push('<h3>Parameters</h3>', parameters(fit));
  if (s.fits.length > 1) parts.push('<h3>Rival laws</h3>', rivals(s));
  if (s.backtest !== null) parts.push(backtest(s));
  for (const r of s.refused ?? [])
    parts.push(`<p class="soft">${escapeXml(lawTitle(r.law))} was not fitted: ${escapeXml(r.message)}</p>`);
  parts.push('<h3>Validity checklist</h3>', checklist(s, report));
  if (view !== undefined) parts.push(points(s, view));
  parts.push('</div></details>');
  return parts.join('\n');
}

function facts(s: SeriesReport, view: SeriesView, fit: Fit | null): string {
  const rows: [string, string][] = [['Range', `${formatScaleInterval(s.x[0] ?? null, s.x.at(-1) ?? null, s.scale)}`]];
  if (view.shape !== null) rows.push(['Shape', `${view.shape.title} (${view.shape.evidence})`]);
  if (view.threshold !== null) rows.push(['Threshold', view.threshold.text]);
  if (view.turn !== null) rows.push(['Turn', view.turn.text]);
  if (fit !== null) {
    rows.push(['Law', lawTitle(fit.law)]);
    const equation = view.curves[0]?.equation;
    if (equation !== undefined) rows.push(['Equation', equation]);
    rows.push(['R² · RMSE', `${formatNumber(fit.r2, 4)} · ${formatNumber(fit.rmse, 3)}`]);
  } else if (view.noCurve !== null) rows.push(['Law', view.noCurve]);
  if (s.chance !== null) rows.push(['Chance', formatNumber(s.chance)]);
  rows.push(['Direction', `${s.better} is better`]);
  return `<dl>${rows.map(([name, text]) => `<dt>${escapeXml(name)}</dt><dd>${htmlEquation(text)}</dd>`).join('')}</dl>`;
}

function parameters(fit: Fit): string {
  return htmlTable(
    ['Parameter', 'Value', 'Standard error', 'Interval'],
    Object.entries(fit.parameters).map(([name, value]) => {
      const i = fit.intervals?.[name] ?? null;
      const bound = fit.atBound.includes(name) ? ' <span class="badge warn">on bound</span>' : '';
      return [
        `<code>${escapeXml(name)}</code>${bound}`,
        escapeXml(formatNumber(value, 5)),
        escapeXml(formatNumber(fit.standardErrors?.[name] ?? null, 3)),
        i === null
          ? '–'
          : `${escapeXml(formatInterval(i.low, i.high))} <span class="soft">(${escapeXml(formatPercent(i.level))}, ${escapeXml(i.method)})</span>`,
      ];
    }),
    { numeric: [1, 2] },
  );
}

function rivals(s: SeriesReport): string {
  return htmlTable(
    ['Law', 'Objective', 'RMSE', 'RMSLE', 'R²', 'AICc', 'Starts at optimum', 'Converged'],
    s.fits.map((f) => [
      `${escapeXml(lawTitle(f.law))} <code>${escapeXml(f.law)}</code>${f === chosenFit(s) ? ' <span class="badge info">chosen</span>' : ''}`,
      escapeXml(f.objective.name),
      formatNumber(f.rmse, 3),
      formatNumber(f.rmsle, 3),
      formatNumber(f.r2, 4),
      formatNumber(f.aicc, 5),
      `${f.starts.atOptimum} of ${f.starts.tried}`,
      f.converged ? 'yes' : '<span class="bad">no</span>',
    ]),
    { numeric: [2, 3, 4, 5, 6], chosen: s.fits.findIndex((f) => f.law === s.chosen) },
  );
}

/** Mean absolute error of every law and baseline, one column per horizon. */
function backtest(s: SeriesReport): string {
  const laws = s.backtest?.['laws'];
  if (!Array.isArray(laws)) return '';
  const rows = laws as readonly LawBacktest[];
  const relative = s.backtest?.['errorScale'] === 'ln y';
  const horizons = [...new Set(rows.flatMap((l) => l.byHorizon.map((h) => h.upTo)))].sort((a, b) => a - b);
  const error = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : relative ? formatPercent(value, 2) : formatNumber(value, 2);
  return `<h3>Backtest</h3><p class="soft">Mean absolute ${relative ? 'relative error' : 'error in units of the metric'} on points held out of the fit, by distance beyond the last fitted one in decades. Baselines at the end: a law that does not beat them forecasts nothing.</p>${htmlTable(
    ['Law', 'Held out', 'All', ...horizons.map((h) => `≤ ${h}`)],
    rows.map((l) => [
      `${escapeXml(lawTitle(l.law))}${l.law === s.chosen ? ' <span class="badge info">chosen</span>' : ''}`,
      String(l.count),
      escapeXml(error(l.meanAbsolute)),
      ...horizons.map((h) => escapeXml(error(l.byHorizon.find((b) => b.upTo === h)?.meanAbsolute))),
    ]),
    { numeric: [1, 2, ...horizons.map((_, i) => i + 3)], chosen: rows.findIndex((l) => l.law === s.chosen) },
  )}`;
}

/** The further charts of a series, each with what it says in words. */
function pictures(view: SeriesView, index: number): string {
  if (view.pictures.length === 0) return '';
  const figures = view.pictures.map((picture, i) => {
    const chart = svgPicture(view, picture, { width: 620, height: 400, palette: PAGE_PALETTE, id: `c${index}p${i}` });
    const notes = picture.notes.map((note) => `<br><span class="soft">${escapeXml(note)}</span>`).join('');
    return `<figure>${chart}<figcaption>${escapeXml(picture.summary)}${notes}</figcaption></figure>`;
  });
  return `<div class="pictures">${figures.join('')}</div>`;
}

/** What decided the shape, and the threshold by every definition. */
function evidence(view: SeriesView): string {
  const parts: string[] = [];
  const rows = view.shape?.rows ?? [];
  if (rows.length > 0) {
    const cells = rows.map(([name, value]) => [escapeXml(name), escapeXml(value)]);
    parts.push('<h3>What decided the shape</h3>', htmlTable(['Test', 'Result'], cells));
  }
  if (view.thresholds.length > 0) {
    const cells = view.thresholds.map(({ title, source, place, interval, note }) => [
      `<span title="${escapeXml(source)}">${escapeXml(title)}</span>`,
      escapeXml(place),
      escapeXml(interval === '' ? '–' : interval),
      `<span class="soft">${escapeXml(note)}</span>`,
    ]);
    parts.push('<h3>Threshold by definition</h3>', htmlTable(['Definition', 'At', 'Interval', 'Note'], cells));
  }
  return parts.join('');
}

/** Forecasts asked for, then one decade beyond the data; empty where the report has neither. */
function forecasts(s: SeriesReport): string {
  const asked = askedForecasts(s);
  const outlook = outlookOf(s);
  const all = outlook === null ? asked : [...asked, outlook];
  if (all.length === 0) return '';
  const measured = all.some((f) => f.actual !== undefined && f.actual !== null);
  const coverages = [...new Set(all.map((f) => coverageOf(f)))].filter((text) => text !== null);
  const name = (f: Forecast) =>
    f === outlook ? 'one decade beyond the data' : typeof f['target'] === 'string' ? f['target'] : '';
  const coverage = coverages
    .map((text) => `<p class="soft">Coverage of such intervals: ${escapeXml(text)}.</p>`)
    .join('');
  return `<h3>Forecasts</h3>${htmlTable(
    ['At', 'Predicted', 'Interval', ...(measured ? ['Measured'] : []), 'Verdict', 'Why'],
    all.map((f) => [
      `${escapeXml(formatScale(f.x, s.scale))}${name(f) === '' ? '' : `<br><span class="soft">${escapeXml(name(f))}</span>`}`,
      formatNumber(shownValue(f), 4),
      f.low === null && f.high === null
        ? '–'
        : `${escapeXml(formatInterval(f.low, f.high))} <span class="soft">(${escapeXml(formatPercent(f.level))})</span>`,
      ...(measured ? [formatNumber(f.actual ?? null, 4)] : []),
      verdictBadge(f.verdict),
      escapeXml(shownWhy(f)),
    ]),
    { numeric: measured ? [1, 3] : [1] },
  )}${coverage}`;
}

const STATES = { known: ['good', 'stated'], look: ['warn', 'look'], open: ['soft', 'open'] } as const;

function checklist(s: SeriesReport, report: Report): string {
  const rows = validityOf(s, report).map(({ topic, state, text }) => {
    const [tone, word] = STATES[state];
    return `<dt>${topic}</dt><dd class="${tone}">${word}</dd><dd class="text">${escapeXml(text)}</dd>`;
  });
  return `<dl class="check">${rows.join('')}</dl>`;
}

function points(s: SeriesReport, view: SeriesView): string {
  const shown = view.points.slice(0, MOST_POINTS);
  const table = htmlTable(
    ['Model', 'Scale', s.metric, 'Standard error', 'Predicted', 'Residual / σ', ''],
    shown.map((p) => [
      escapeXml(p.model),
      escapeXml(formatScale(p.x, s.scale)),
      formatNumber(p.y, 4),
      formatNumber(p.stderr, 2),
      formatNumber(p.predicted, 4),
      formatNumber(p.sigma, 2),
      p.excluded === null ? '' : `<span class="soft">left out: ${escapeXml(p.excluded)}</span>`,
    ]),
    { numeric: [1, 2, 3, 4, 5] },
  );
  const rest = view.points.length - shown.length;
  const left = rest > 0 ? `<p class="soft">… and ${rest} more in the file.</p>` : '';
  return folded(`The ${view.points.length} points as a table`, table + left);
}
