/**
 * A report as one HTML file that needs no network and runs no script: charts as inline SVG, tables, verdicts, the
 * validity checklist, a hash of the data and the exact command. All text is escaped here.
 */
import type { Fit, Report, SeriesReport } from '../report-model.ts';
import { formatInterval, formatNumber, formatScale, formatScaleInterval } from './number.ts';
import { svgChart } from './svg.ts';
import { escapeXml } from './svg-element.ts';
import { chosenFit, shapeTitle, viewOf } from './view.ts';
import type { SeriesView } from './view-model.ts';

export interface HtmlInput {
  readonly report: Report;
  readonly title: string;
  /** The command line that made the report. */
  readonly command: string;
  /** Hash of the files' contents, e.g. 'sha256:…'. */
  readonly dataHash: string;
  /** ISO date, or null to leave it out (reproducible output). */
  readonly date: string | null;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--card:#f6f8fa;--accent:#0b6e99}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#30363d;--page:#0d1117;--card:#161b22;--accent:#58a6ff}}
body{margin:0 auto;max-width:1080px;padding:32px 24px 64px;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:40px 0 8px;border-top:1px solid var(--line);padding-top:20px}h3{font-size:15px;margin:20px 0 6px}
.soft{color:var(--soft)}table{border-collapse:collapse;width:100%;font-size:13.5px}th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}figure{margin:12px 0}figure svg{max-width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
code{font:12.5px ui-monospace,SFMono-Regular,Menlo,monospace;background:var(--card);padding:1px 5px;border-radius:4px}ul{padding-left:20px}nav a{color:var(--accent);margin-right:14px}
.wide{overflow-x:auto}@media print{body{max-width:none}}`;

/** The page as text. */
export function reportHtml(input: HtmlInput): string {
  const { report } = input;
  const view = viewOf({ uri: input.title, title: input.title, version: 0, state: 'ready', message: null, report });
  const views = new Map(view.series.map((s) => [s.id, s]));
  const body = [
    `<h1>${escapeXml(input.title)}</h1>`,
    `<p class="soft">${escapeXml(report.tool)}${input.date === null ? '' : ` · ${escapeXml(input.date)}`} · data ${escapeXml(input.dataHash)}<br><code>${escapeXml(input.command)}</code></p>`,
    overview(report.series),
    findings(report),
    ...report.series.map((s) => section(s, views.get(s.id))),
    sources(report),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeXml(input.title)} – Scaling Lens</title><style>${STYLE}</style></head>
<body>${body.join('\n')}</body></html>
`;
}

function anchor(id: string): string {
  return `s-${[...id].map((c) => (/[\w-]/.test(c) ? c : `.${(c.codePointAt(0) ?? 0).toString(16)}`)).join('')}`;
}

function rows(
  header: readonly string[],
  body: readonly (readonly string[])[],
  numeric: ReadonlySet<number> = new Set(),
): string {
  const cell = (tag: 'td' | 'th', text: string, i: number) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${numeric.has(i) ? ' class="n"' : ''}>${text}</${tag}>`;
  return `<div class="wide"><table><thead><tr>${header.map((h, i) => cell('th', escapeXml(h), i)).join('')}</tr></thead><tbody>${body
    .map((r) => `<tr>${r.map((c, i) => cell('td', c, i)).join('')}</tr>`)
    .join('')}</tbody></table></div>`;
}

function overview(series: readonly SeriesReport[]): string {
  if (series.length === 0) return '<p>No series.</p>';
  return rows(
    ['Series', 'n', 'Range', 'Shape', 'Threshold', 'Law'],
    series.map((s) => [
      `<a href="#${anchor(s.id)}">${escapeXml(s.id)}</a>`,
      String(s.x.length),
      escapeXml(formatScaleInterval(s.x[0] ?? null, s.x[s.x.length - 1] ?? null, s.scale)),
      s.shape === null ? '–' : escapeXml(shapeTitle(s.shape)),
      s.threshold === null ? '' : escapeXml(formatScale(s.threshold.x, s.scale)),
      escapeXml(s.chosen ?? '–'),
    ]),
    new Set([1]),
  );
}

function findings(report: Report): string {
  if (report.findings.length === 0) return '';
  const items = report.findings.map(
    (f) =>
      `<li><strong>${f.severity}</strong> <code>${escapeXml(f.code)}</code> ${escapeXml(f.message)} <span class="soft">${escapeXml(f.file)}:${f.range.start.line + 1}</span></li>`,
  );
  return `<h2>Findings</h2><ul>${items.join('')}</ul>`;
}

function section(s: SeriesReport, view: SeriesView | undefined): string {
  const parts = [`<h2 id="${anchor(s.id)}">${escapeXml(s.id)}</h2>`];
  if (view !== undefined) {
    parts.push(`<p>${escapeXml(view.summary)}</p>`, `<figure>${svgChart(view)}</figure>`);
  }
  const fit = chosenFit(s);
  if (fit !== null) parts.push('<h3>Fit</h3>', parameters(fit));
  if (s.fits.length > 1) parts.push('<h3>Rival laws</h3>', rivals(s));
  if (s.backtest !== null) parts.push('<h3>Backtest</h3>', backtest(s));
  if (s.forecast.length > 0) parts.push('<h3>Forecasts</h3>', forecasts(s));
  parts.push('<h3>Validity checklist</h3>', checklist(s, fit));
  return parts.join('\n');
}

function parameters(fit: Fit): string {
  return rows(
    ['Parameter', 'Value', 'Standard error', 'Interval'],
    Object.entries(fit.parameters).map(([name, value]) => {
      const i = fit.intervals?.[name] ?? null;
      return [
        `<code>${escapeXml(name)}</code>`,
        formatNumber(value, 5),
        formatNumber(fit.standardErrors?.[name] ?? null, 3),
        i === null
          ? '–'
          : `${escapeXml(formatInterval(i.low, i.high))} (${Math.round(i.level * 100)} %, ${escapeXml(i.method)})`,
      ];
    }),
    new Set([1, 2]),
  );
}

function rivals(s: SeriesReport): string {
  return rows(
    ['Law', 'Objective', 'RMSE', 'RMSLE', 'R²', 'AICc', 'Converged'],
    s.fits.map((f) => [
      escapeXml(f.law) + (f.law === s.chosen ? ' <strong>(chosen)</strong>' : ''),
      escapeXml(f.objective.name),
      formatNumber(f.rmse, 3),
      formatNumber(f.rmsle, 3),
      formatNumber(f.r2, 4),
      formatNumber(f.aicc, 5),
      f.converged ? 'yes' : 'no',
    ]),
    new Set([2, 3, 4, 5]),
  );
}

function backtest(s: SeriesReport): string {
  const laws = s.backtest?.['laws'];
  if (!Array.isArray(laws)) return '';
  const scale = s.backtest?.['errorScale'] === 'ln y' ? 'in ln y' : 'in units of the metric';
  return `<p class="soft">Mean absolute error on held-out points, ${scale}.</p>${rows(
    ['Law', 'Held out', 'Mean', 'By horizon (decades)'],
    (
      laws as {
        law: string;
        count: number;
        meanAbsolute: number | null;
        byHorizon: { upTo: number; meanAbsolute: number }[];
      }[]
    ).map((l) => [
      escapeXml(l.law),
      String(l.count),
      formatNumber(l.meanAbsolute, 3),
      l.byHorizon.map((h) => `≤ ${h.upTo}: ${formatNumber(h.meanAbsolute, 2)}`).join(' · '),
    ]),
    new Set([1, 2]),
  )}`;
}

function forecasts(s: SeriesReport): string {
  return rows(
    ['At', 'Predicted', 'Interval', 'Verdict', 'Why'],
    s.forecast.map((f) => [
      escapeXml(formatScale(f.x, s.scale)),
      formatNumber(f.y, 4),
      f.low === null ? '–' : `${escapeXml(formatInterval(f.low, f.high))} (${Math.round(f.level * 100)} %)`,
      escapeXml(f.verdict),
      escapeXml(f.why),
    ]),
    new Set([1]),
  );
}

/** What a reader must know to judge the fit (trust.md §7), with what this file says about each. */
function checklist(s: SeriesReport, fit: Fit | null): string {
  const models = new Set(s.models).size;
  const families = new Set((s.families ?? []).filter((f) => f !== null)).size;
  const decades = s.x.length > 1 ? Math.log10((s.x[s.x.length - 1] as number) / (s.x[0] as number)) : 0;
  const items = [
    `Points: ${s.x.length} from ${models} ${models === 1 ? 'model' : 'models'}${families > 0 ? ` of ${families} ${families === 1 ? 'family' : 'families'}` : ''}.`,
    `Coverage: ${formatNumber(decades, 2)} decades of ${s.scale}.`,
    fit === null
      ? 'Fit: none.'
      : `Fit: ${fit.law} by ${fit.objective.name}${fit.objective.delta === null ? '' : ` (delta ${formatNumber(fit.objective.delta)})`}; ${fit.starts.atOptimum} of ${fit.starts.tried} starts reached the optimum; ${fit.atBound.length === 0 ? 'no parameter on a bound' : `on a bound: ${fit.atBound.join(', ')}`}; ${fit.excluded.length} rows excluded.`,
    s.chance === null ? 'Chance level: not known.' : `Chance level: ${formatNumber(s.chance)}.`,
    s.backtest === null ? 'Evidence: no backtest (too few points).' : 'Evidence: backtest above.',
    ...(s.notes ?? []).map((n) => `Note: ${n}`),
  ];
  return `<ul>${items.map((i) => `<li>${escapeXml(i)}</li>`).join('')}</ul>`;
}

function sources(report: Report): string {
  return `<h2>What was read</h2>${report.sources
    .map(
      (s) =>
        `<h3>${escapeXml(s.file)}</h3><p class="soft">${escapeXml(s.format)}, ${s.layout}, ${s.rows} rows</p>${rows(
          ['Column', 'Role', 'Unit', 'How it was decided'],
          s.columns
            .filter((c) => c.role !== null)
            .map((c) => [
              escapeXml(c.header),
              escapeXml(c.role ?? '–'),
              escapeXml(c.unit === null ? '' : String(c.unit)),
              escapeXml(c.how),
            ]),
        )}`,
    )
    .join('')}`;
}
