/**
 * Where a value came from: the rule and the cell behind a size, a score, its standard error and its count. A trace is
 * said only where the cells confirm it: the rule is applied again and must give the same number.
 */

import { baseName } from '../core/read/source.ts';
import { formatNumber } from '../core/render/number.ts';
import { placeText } from '../core/render/place.ts';
import type { ColumnReport } from '../core/report-model.ts';
import { modelKey } from '../core/study/model-book.ts';
import type { Derived, Point, RunFacts, Study, StudySeries } from '../core/study/study.ts';
import { columnReport } from './cells.ts';

type Quantity = 'params' | 'tokens' | 'compute' | 'step';

/** Rows of another table that are searched for the cell behind a joined size. */
const MOST_ROWS = 50_000;

/** The quantity of a run that a series' scale stands for; null for columns of the user's own. */
const QUANTITY: Readonly<Record<string, Quantity>> = {
  params: 'params',
  tokens: 'tokens',
  compute: 'compute',
  steps: 'step',
};

/**
 * How one quantity of a run is known, in a sentence, down to the cell; of a joined one the cell in the other file.
 * @returns plain text, not escaped
 */
export function traceOf(study: Study, table: number, run: RunFacts, what: Quantity): string {
  const fact = run[what];
  if (fact === null) return '';
  const elsewhere = fact.table === null || fact.table === table ? null : joinedTrace(study, fact, run, what);
  return elsewhere ?? fact.how;
}

function joinedTrace(study: Study, fact: Derived<number>, run: RunFacts, what: Quantity): string | null {
  const index = fact.table as number;
  const raw = study.tables[index];
  if (raw === undefined || run.model === null) return null;
  const key = modelKey(run.model.value);
  for (let row = 0; row < Math.min(raw.rowCount, MOST_ROWS); row++) {
    const theirs = study.run(index, row);
    if (theirs.model === null || modelKey(theirs.model.value) !== key) continue;
    const source = theirs[what];
    if (source?.value !== fact.value) continue;
    const file = baseName(raw.file);
    const place = source.range === null ? file : placeText(file, source.range);
    return `${source.how} of ${place}, joined on the model name “${run.model.value}”`;
  }
  return `${fact.how} (${baseName(raw.file)})`;
}

/**
 * Where a point's x, unit, standard error and count came from, one line each; lines of what no cell confirms are left
 * out.
 * @returns plain text, not escaped
 */
export function measureTraces(study: Study, series: StudySeries, point: Point): string[] {
  const lines = [scaleTrace(study, series, point), unitTrace(study, point), errorTrace(study, series, point)];
  lines.push(countTrace(study, point), `${series.better} is better: ${series.betterHow}`);
  return lines.filter((line) => line !== '');
}

function scaleTrace(study: Study, series: StudySeries, point: Point): string {
  const what = QUANTITY[series.scale];
  if (what === undefined) return `x: ${series.scaleHow}`;
  const run = study.run(point.table, point.row);
  return run[what]?.value === point.x ? `x: ${traceOf(study, point.table, run, what)}` : `x: ${series.scaleHow}`;
}

function unitTrace(study: Study, { table, column }: Point): string {
  const about = columnReport(study, { table, column });
  if (about === null || about.unit === null || typeof about.unit === 'number') return '';
  return `unit ${about.unit}: ${about.how}`;
}

function errorTrace(study: Study, series: StudySeries, point: Point): string {
  const { stderr, n, y } = point;
  if (stderr === null) return '';
  const shown = `± ${formatNumber(stderr)}: `;
  if (layoutOf(study, point) === 'per-sample') return `${shown}sd/√n over ${n ?? 'the'} rows`;
  const raw = study.tables[point.table];
  if (raw === undefined) return '';
  for (const { about, index, value } of cellsOf(study, point, 'stderr')) {
    if (close(value, stderr)) {
      const undivided = n === null && /(?:^|[_ .-])(?:sd|std)$/i.test(about.header);
      const why = undivided ? ', a standard deviation taken as it stands: no count to divide it by' : '';
      return `${shown}“${raw.cell(point.row, index).trim()}” in column “${about.header}”${why}`;
    }
    if (n !== null && n > 1 && close(value / Math.sqrt(n), stderr))
      return `${shown}standard deviation in column “${about.header}” over √${formatNumber(n)}`;
  }
  const highs = cellsOf(study, point, 'interval-high');
  for (const low of cellsOf(study, point, 'interval-low'))
    for (const high of highs)
      if (close((high.value - low.value) / (2 * NORMAL_95), stderr, 1e-6))
        return `${shown}width of the 95 % interval from “${low.about.header}” to “${high.about.header}” over 2 × 1.96`;
  const unit = series.upper === 100 ? 100 : 1;
  const share = Math.min(1, Math.max(0, y / unit));
  if (n !== null && close(unit * Math.sqrt(Math.max(share * (1 - share), 1 / n) / n), stderr))
    return `${shown}√(p(1 − p)/n) of p = ${formatNumber(share)} and n = ${formatNumber(n)}; the file states none`;
  return close(raw.numbers(point.column)[point.row] ?? Number.NaN, y)
    ? ''
    : `${shown}spread of this model's runs, of which the score is the mean`;
}

/** Half a 95 % interval in standard errors. */
const NORMAL_95 = 1.959964;

function countTrace(study: Study, point: Point): string {
  const { n } = point;
  if (n === null || layoutOf(study, point) === 'per-sample') return '';
  const shown = `n = ${formatNumber(n)}: `;
  const [stated] = cellsOf(study, point, 'n').filter(({ value }) => close(value, n));
  if (stated !== undefined) return `${shown}column “${stated.about.header}”`;
  const facts = study.tables[point.table]?.facts ?? [];
  if (facts.some((fact) => fact.n === n)) return `${shown}the format says so`;
  if (point.stderr !== null && cellsOf(study, point, 'stderr').length > 0)
    return `${shown}from scores and standard errors, s² = p(1 − p)/(n − 1)`;
  return '';
}

interface NumberCell {
  readonly about: ColumnReport;
  readonly index: number;
  readonly value: number;
}

/** The cells of a role in the point's row, those that measure the same thing first. */
function cellsOf(study: Study, point: Point, role: string): NumberCell[] {
  const raw = study.tables[point.table];
  if (raw === undefined) return [];
  const score = columnReport(study, point);
  const found: NumberCell[] = [];
  for (let index = 0; index < raw.columnCount; index++) {
    const about = columnReport(study, { table: point.table, column: index });
    if (about?.role !== role) continue;
    const value = raw.numbers(index)[point.row] ?? Number.NaN;
    if (Number.isFinite(value)) found.push({ about, index, value });
  }
  const same = ({ about }: NumberCell): number => Number(about.task === score?.task && about.metric === score?.metric);
  return found.sort((a, b) => same(b) - same(a));
}

function layoutOf(study: Study, { table }: Point): string | null {
  const file = study.tables[table]?.file;
  return study.sources.find((source) => source.file === file)?.layout ?? null;
}

function close(a: number, b: number, within = 1e-9): boolean {
  return Math.abs(a - b) <= within * Math.max(Math.abs(a), Math.abs(b));
}
