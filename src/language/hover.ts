/**
 * What a cell has to say when the pointer rests on it: a header or a task's name tells its series' law, shape and
 * threshold; a score tells what the law expects there; a model tells its sizes and where each came from. All other
 * cells stay silent.
 */

import { evidenceTable, pictureMarkdown } from '../core/render/hover-evidence.ts';
import { clip, escapeMarkdown } from '../core/render/markdown.ts';
import {
  formatInterval,
  formatNumber,
  formatPercent,
  formatPlusMinus,
  formatScale,
  formatSigned,
} from '../core/render/number.ts';
import { sparklineUri } from '../core/render/sparkline.ts';
import { chosenFit, curveAt, residualSigma, seriesView } from '../core/render/view.ts';
import type { SeriesView } from '../core/render/view-model.ts';
import type { ColumnReport, SeriesReport } from '../core/report-model.ts';
import type { Point, Study, StudySeries } from '../core/study/study.ts';
import type { Span } from '../core/table/span.ts';
import { type Meaning, meaningAt } from './cells.ts';
import type { Known } from './inquiry.ts';
import type { Outcome } from './ports.ts';
import { measureTraces, traceOf } from './traces.ts';

/** Markdown about a stretch of the text. */
export interface PlacedText {
  readonly value: string;
  readonly span: Span;
}

/** Series that a header of several is summed up in. */
const LISTED = 8;

/** What is said at an offset; null where there is nothing to say. */
export function hoverAt(known: Known, offset: number): PlacedText | null {
  const meaning = meaningAt(known.study, known.file, offset);
  if (meaning === null) return null;
  const value = textOf(meaning, known);
  return value === null ? null : { value, span: meaning.cell.span };
}

/** Text from a file, on one line, cut, and escaped: a model called `*_[x](y)` shows as what it is. */
function plain(text: string): string {
  return escapeMarkdown(clip(text.replace(/\s+/g, ' ').trim(), 200));
}

function textOf(meaning: Meaning, { study, outcome }: Known): string | null {
  switch (meaning.kind) {
    case 'header':
      return joined([seriesText(meaning.series, outcome), meaning.about === null ? null : columnText(meaning.about)]);
    case 'label':
      return seriesText(meaning.series, outcome);
    case 'score':
      return scoreText(study, meaning.series, meaning.index, meaning.point, outcome);
    case 'run':
      return runText(study, meaning.cell.table, meaning.cell.row, meaning.about);
  }
}

function joined(parts: readonly (string | null)[]): string | null {
  const present = parts.filter((part) => part !== null && part !== '');
  return present.length === 0 ? null : present.join('\n\n');
}

function reportOf(series: StudySeries, outcome: Outcome | null): SeriesReport | null {
  return outcome?.report.series.find(({ id }) => id === series.id) ?? null;
}

function viewOf(report: SeriesReport, outcome: Outcome | null): SeriesView {
  return seriesView(report, outcome?.report.findings.filter(({ series }) => series === report.id) ?? []);
}

/** Law, parameters, shape and picture of one series; one line each for several. */
function seriesText(series: readonly StudySeries[], outcome: Outcome | null): string | null {
  const [only] = series;
  if (only === undefined) return null;
  if (series.length > 1) {
    const lines = series.slice(0, LISTED).map((one) => {
      const report = reportOf(one, outcome);
      return `- ${report === null ? `${plain(one.id)}: being fitted` : oneLine(report, viewOf(report, outcome))}`;
    });
    if (series.length > LISTED) lines.push(`- and ${series.length - LISTED} more`);
    return lines.join('\n');
  }
  const report = reportOf(only, outcome);
  if (report === null) return `**${plain(only.id)}** is being fitted…`;
  const view = viewOf(report, outcome);
  const curve = view.curves[0];
  const shape = view.shape === null ? '' : `: ${view.shape.title} (${plain(view.shape.evidence)})`;
  // The picture right below the title: an editor's hover is 250 pixels high, and diagnostics take their share.
  const parts = [`**${plain(nameOf(report))}**${shape}  \n![${imageText(view)}](${sparklineUri(view)})`];
  if (curve === undefined) parts.push(plain(view.noCurve ?? 'No law was fitted.'));
  else {
    const quality = [`${curve.n} points`];
    if (curve.r2 !== null) quality.push(`R² = ${formatNumber(curve.r2)}`);
    if (curve.rmse !== null) quality.push(`RMSE = ${formatNumber(curve.rmse)}`);
    if (!curve.converged) quality.push('the optimiser did not converge');
    parts.push(`${curve.title}: \`${curve.equation}\`  \n${quality.join(' · ')}`);
  }
  parts.push(`*${plain(inWords(report, view))}*`);
  if (view.threshold !== null) parts.push(`Emergence: ${view.threshold.text}.`);
  // Without a law the reason stands above already.
  if (view.verdict !== null && curve !== undefined)
    parts.push(`Forecast: ${view.verdict.title}. ${plain(view.verdict.why)}`);
  const picture = pictureMarkdown(view);
  if (picture !== null) parts.push(picture);
  const evidence = evidenceTable(view);
  if (evidence !== null) parts.push(evidence);
  if (curve !== undefined) parts.push(parameterTable(view));
  // Their messages stand in the diagnostics that the editor shows in the same hover.
  const codes = [...new Set(view.findings.map(({ code }) => `\`${code}\``))];
  if (codes.length > 0) parts.push(`Findings: ${codes.join(', ')}`);
  return parts.join('\n\n');
}

/** What the picture shows, for those who cannot see it: the ends of the data and of the curve. */
function inWords({ x, y, scale }: SeriesReport, view: SeriesView): string {
  const last = x.length - 1;
  const words = [
    `From ${formatNumber(y[0])} at ${formatScale(x[0], scale, 2)} to ${formatNumber(y[last])} at ${formatScale(x[last], scale, 2)}`,
  ];
  const curve = view.curves[0];
  if (curve !== undefined) {
    const end = curve.xs.length - 1;
    const band = curve.level === null ? '' : ` (${formatInterval(curve.low[end], curve.high[end])})`;
    words.push(`the curve goes on to ${formatNumber(curve.ys[end])}${band} at ${formatScale(curve.xs[end], scale, 2)}`);
  }
  return `${words.join('; ')}.`;
}

function imageText(view: SeriesView): string {
  return `${view.y.label} of ${view.task} over ${view.x.label}`
    .replace(/[^\p{L}\p{N} ,.()/-]/gu, '')
    .replace(/[()]/g, '');
}

/** Task, metric and what sets the series apart from others of both. */
function nameOf({ name, id }: SeriesReport): string {
  return name ?? id;
}

function oneLine(report: SeriesReport, view: SeriesView): string {
  const curve = view.curves[0];
  const law = curve === undefined ? 'no fit' : `\`${curve.equation}\``;
  const quality = curve?.r2 === null || curve === undefined ? '' : `, R² = ${formatNumber(curve.r2)}`;
  return `${plain(nameOf(report))}: ${view.shape?.title ?? 'shape unknown'}, ${law}${quality}`;
}

function parameterTable(view: SeriesView): string {
  const parameters = view.curves[0]?.parameters ?? [];
  const level = parameters.find((one) => one.level !== null)?.level ?? null;
  const head =
    level === null
      ? '| parameter | value |\n|---|---|'
      : `| parameter | value | ${formatPercent(level)} interval |\n|---|---|---|`;
  const rows = parameters.map(({ name, value, low, high }) => {
    const interval = level === null ? '' : ` ${formatInterval(low, high)} |`;
    return `| ${plain(name)} | ${formatNumber(value, 4)} |${interval}`;
  });
  return [head, ...rows].join('\n');
}

/** What the law expects at a score: prediction ± interval, the residual in σ, the rank, and where the score came from. */
function scoreText(study: Study, series: StudySeries, index: number, point: Point, outcome: Outcome | null): string {
  const report = reportOf(series, outcome);
  const place = formatScale(point.x, series.scale);
  const measured = point.stderr === null ? formatNumber(point.y, 4) : formatPlusMinus(point.y, point.stderr);
  const lines = [
    `**${plain(report === null ? series.id : nameOf(report))}** · ${plain(point.model)} at ${place}`,
    `measured ${measured}`,
  ];
  const excluded = series.excluded.find(({ table, row }) => table === point.table && row === point.row);
  if (excluded !== undefined) lines.push(`not fitted: ${plain(excluded.why)}`);
  if (report === null) lines.push('being fitted…');
  else lines.push(...predictionLines(report, index, point));
  lines.push(`rank ${rankOf(series, point)} of ${series.points.length} (${series.better} is better)`);
  if (series.chance !== null) lines.push(`chance ${formatNumber(series.chance.value)}: ${plain(series.chance.how)}`);
  lines.push(...measureTraces(study, series, point).map(plain));
  return lines.join('  \n');
}

function predictionLines(report: SeriesReport, index: number, point: Point): string[] {
  // After an edit the newest report may be of the text before it: trust the index only where x still agrees.
  const known = report.x[index] === point.x ? (report.predicted?.[index] ?? null) : null;
  const curve = report.curve ?? null;
  const y = known?.y ?? (curve === null ? null : curveAt(curve, curve.y, point.x));
  if (y === null) return ['no law predicts this score'];
  const low = known?.low ?? (curve === null ? null : curveAt(curve, curve.low, point.x));
  const high = known?.high ?? (curve === null ? null : curveAt(curve, curve.high, point.x));
  const interval =
    low === null && high === null
      ? ''
      : ` (${formatPercent(curve?.level ?? 0.9)} interval ${formatInterval(low, high)})`;
  const lines = [`predicted ${formatNumber(y, 4)}${interval}`];
  const sigma = residualSigma(report, chosenFit(report), point.y, y);
  lines.push(
    sigma === null
      ? `residual ${formatSigned(point.y - y)}`
      : `residual ${formatSigned(point.y - y)} = ${formatSigned(sigma)} σ of the fit`,
  );
  return lines;
}

function rankOf(series: StudySeries, point: Point): number {
  const ahead = (y: number): boolean => (series.better === 'higher' ? y > point.y : y < point.y);
  return 1 + series.points.reduce((count, one) => count + (ahead(one.y) ? 1 : 0), 0);
}

/** N, D and C of a run, and where each came from. */
function runText(study: Study, table: number, row: number, about: ColumnReport | null): string | null {
  const run = study.run(table, row);
  const lines = [
    run.model === null
      ? ''
      : `**${plain(run.model.value)}**${run.family === null ? '' : ` (${plain(run.family.value)})`}`,
  ];
  const add = (symbol: string, what: 'params' | 'tokens' | 'compute' | 'step', scale: string): void => {
    const fact = run[what];
    if (fact !== null)
      lines.push(`${symbol} = ${formatScale(fact.value, scale)}: ${plain(traceOf(study, table, run, what))}`);
  };
  add('N', 'params', 'params');
  add('D', 'tokens', 'tokens');
  add('C', 'compute', 'compute');
  add('step', 'step', 'steps');
  if (run.params !== null && run.tokens !== null)
    lines.push(`${formatNumber(run.tokens.value / run.params.value)} tokens per parameter`);
  if (about?.role !== 'model' && about !== null) lines.push(columnText(about));
  const present = lines.filter((line) => line !== '');
  if (present.length === 0) return null;
  if (run.params === null && run.tokens === null && run.compute === null)
    present.push('no size is known for this model');
  return present.join('  \n');
}

/** How the column was read. */
function columnText({ role, unit, how }: ColumnReport): string {
  if (role === null) return '';
  const worth =
    typeof unit === 'number'
      ? unit === 1
        ? ''
        : `, one unit is ${formatNumber(unit)}`
      : unit === null
        ? ''
        : `, unit ${plain(unit)}`;
  return `Read as **${role}**${worth}: ${plain(how)}`;
}
