/**
 * A table understood: every column's role and unit, the layout, and which columns the study reads for what. Names claim,
 * values decide; whatever stays open becomes a question with the lines that settle it.
 */
import type { Layout, Role } from '../report-model.ts';
import type { SourceRules } from '../study/manifest-rules.ts';
import type { Column, OpenColumn } from './column.ts';
import { AGGREGATE } from './dictionary.ts';
import { detectLayout } from './layout.ts';
import { claimRoles, isQuantity, namesQuantity, scoreRole } from './name-roles.ts';
import { isNumeric } from './profile.ts';
import { gate } from './quantity.ts';
import type { RawTable } from './raw-table.ts';
import { isCorpus } from './registry/corpora.ts';
import { findMetric } from './registry/metrics.ts';
import { findTask } from './registry/tasks.ts';
import { readModelName } from './sizes.ts';
import { factorWord } from './units.ts';

export interface TableReading {
  readonly table: RawTable;
  readonly layout: Layout;
  readonly layoutWhy: string;
  readonly columns: readonly Column[];
  readonly modelColumns: readonly number[];
  readonly open: readonly OpenColumn[];
  readonly notes: readonly string[];
}

/** The column that is read for a role, if there is one. */
export function columnFor(reading: Pick<TableReading, 'columns'>, role: Role): Column | null {
  return reading.columns.find((c) => c.role === role && c.used) ?? null;
}

/** Rows looked at for a median: enough for an order of magnitude, which is all that is asked of it. */
const MEDIAN_ROWS = 4096;

function medianOf(table: RawTable, column: Column): number {
  const numbers = table.numbers(column.index);
  const stride = Math.max(1, Math.floor(numbers.length / MEDIAN_ROWS));
  const values = new Float64Array(Math.ceil(numbers.length / stride));
  let count = 0;
  for (let row = 0; row < numbers.length; row += stride) {
    const v = numbers[row] as number;
    if (v > 0 && Number.isFinite(v)) values[count++] = v;
  }
  return values.subarray(0, count).sort()[count >> 1] ?? Number.NaN;
}

/** Factor between the sizes in model names and the cells, if most rows agree on one of 1, 1e3, 1e6, 1e9, 1e12. */
function factorFromNames(table: RawTable, column: Column, model: Column | null): number | null {
  if (model === null) return null;
  const values = table.numbers(column.index);
  const votes = new Map<number, number>();
  let seen = 0;
  for (let row = 0; row < Math.min(table.rowCount, 300); row++) {
    const v = values[row] as number;
    if (!(v > 0)) continue;
    const size = readModelName(table.cell(row, model.index)).params?.value;
    if (size === undefined) continue;
    seen++;
    const power = Math.round(Math.log10(size / v) / 3) * 3;
    if (Math.abs(Math.log10(size / v) - power) < 0.25 && power >= 0 && power <= 12)
      votes.set(10 ** power, (votes.get(10 ** power) ?? 0) + 1);
  }
  const best = [...votes].sort((a, b) => b[1] - a[1])[0];
  return best !== undefined && seen >= 2 && best[1] / seen >= 0.7 ? best[0] : null;
}

function claimGated(table: RawTable, column: Column, model: Column | null, open: OpenColumn[]): void {
  if (column.authority === 1 || !isQuantity(column.role) || column.log10) return;
  const role = column.role as Role;
  const median = medianOf(table, column);
  if (Number.isNaN(median)) return;
  const verdict = gate(role, median * column.factor);
  if (verdict.kind === 'ok') return;
  if (verdict.kind === 'per-token') {
    column.role = 'compute-per-token';
    column.how = `${column.how}; values near ${median.toPrecision(2)} are FLOP per token`;
    return;
  }
  if (role === 'params' || role === 'params-active' || role === 'params-non-embedding') {
    const factor = column.factor === 1 ? factorFromNames(table, column, model) : null;
    if (factor !== null && factor !== 1) {
      column.factor = factor;
      column.unit = factor;
      column.how = `${column.how}; in ${factorWord(factor)}, as the sizes in the model names say`;
      return;
    }
  }
  const header = table.header(column.index);
  const quoted = /[:#{}[\],&*?|<>=!%@\\"']/.test(header) ? JSON.stringify(header) : header;
  column.used = false;
  // Weak names (size, steps…) that hold something else are no question.
  if (column.rank > 13 && verdict.factors.length === 0) {
    column.role = null;
    column.how = `${column.how}, but ${verdict.why}`;
    return;
  }
  const factors = verdict.factors.length > 0 ? verdict.factors : [1];
  open.push({
    column: column.index,
    message: `The unit of “${header}” is unclear: ${verdict.why}.`,
    choices: factors.map((factor) => ({
      yaml: `${quoted}: {role: ${role}, unit: ${factor === 1 ? 1 : factor.toExponential(0).replace('+', '')}}`,
      say: `“${header}” is in ${factor === 1 ? 'plain units' : factorWord(factor)}`,
      apply: () => {
        column.factor = factor;
        column.unit = factor;
        column.used = true;
        column.how = `${column.how}; assumed to be in ${factor === 1 ? 'plain units' : factorWord(factor)}`;
      },
    })),
  });
  column.how = `${column.how}, but ${verdict.why}`;
  column.unit = null;
}

/** Keeps one column per role and says of the others that they were candidates. */
function chooseOne(columns: readonly Column[], role: Role): Column | null {
  const candidates = columns.filter((c) => c.role === role && c.used);
  candidates.sort((a, b) =>
    a.authority === 1 || b.authority === 1
      ? a.authority - b.authority
      : a.rank - b.rank || b.profile.filled - a.profile.filled || a.index - b.index,
  );
  // A well-filled rival beats a better-named column that is mostly empty.
  const best = candidates.find((c) => c.profile.filled > 0.5) ?? candidates[0];
  if (best === undefined) return null;
  for (const c of candidates) {
    if (c === best) continue;
    c.used = false;
    c.how = `${c.how}; another candidate, “${best.header.raw}” is used`;
  }
  return best;
}

/** Where a total stands beside an `N` that repeats the active parameters, `N` is another spelling of those. */
function settleActive(table: RawTable, columns: readonly Column[]): void {
  const active = columns.find((c) => c.role === 'params-active' && c.used);
  const sizes = columns.filter((c) => c.role === 'params' && c.used && c.authority > 1);
  if (active === undefined || sizes.length < 2) return;
  const wanted = table.numbers(active.index);
  for (const c of sizes) {
    const values = table.numbers(c.index);
    let same = table.rowCount > 1;
    for (let row = 0; same && row < table.rowCount; row++)
      same = Object.is(wanted[row], values[row]) || wanted[row] === values[row];
    if (!same) continue;
    c.role = 'params-active';
    c.rank += 20;
    c.how = `${c.how}; its values are those of “${active.header.raw.trim()}”`;
  }
}

/** Highest loss in nats per token that a column of a corpus may show; above it the numbers are perplexities. */
const MOST_NATS = 11;

/** Columns named after a corpus: losses, or perplexities where the numbers are too high for that. */
function claimCorpora(columns: readonly Column[]): void {
  if (!columns.some((c) => c.role === 'model' || c.role === 'step' || isQuantity(c.role))) return;
  for (const c of columns) {
    const p = c.profile;
    if (c.role !== null || c.facet !== null || !isNumeric(p) || p.percentSigns || c.header.unit === '%') continue;
    if (!isCorpus(c.header.key) || !(p.min > 0.2) || !(p.max > 1) || p.integers) continue;
    const metric = p.median > MOST_NATS ? 'perplexity' : 'loss';
    c.measure = {
      task: c.header.raw.trim(),
      metric,
      facets: {},
      run: null,
      better: null,
      stem: c.header.raw,
      part: 'score',
      assumed: true,
    };
    c.role = scoreRole(metric);
    c.authority = 4;
    c.how = `a known corpus: taken as a ${metric} by its values`;
  }
}

/** Columns of unknown name in a results table whose values can only be scores. */
function claimByValues(columns: readonly Column[], rows: number): void {
  for (const c of columns) {
    if (c.role !== null || c.facet !== null || !isNumeric(c.profile) || c.header.key === '' || c.profile.filled === 0)
      continue;
    const p = c.profile;
    // Two values over many rows are a setting.
    if (p.distinct < Math.min(3, Math.ceil(rows / 2))) continue;
    const share = p.min >= 0 && p.max <= 1 && !p.integers && p.distinct > 1;
    const percent =
      p.percentSigns ||
      c.header.unit === '%' ||
      (p.min >= 0 && p.max <= 100 && p.max > 10 && p.median > 1.5 && !p.integers && p.distinct > 2);
    if (!share && !percent) continue;
    c.role = 'score';
    c.measure = {
      task: c.header.raw.trim(),
      metric: 'acc',
      facets: {},
      run: null,
      better: null,
      stem: c.header.raw,
      part: 'score',
      assumed: true,
    };
    c.how = share
      ? 'values between 0 and 1: taken as a score'
      : 'values between 0 and 100: taken as a score in percent';
  }
}

/** Unit of a score column from its metric and values; null where nothing certain can be said. */
function scoreUnit(column: Column, mixedMetrics: boolean): void {
  if (column.unit !== null && column.unit !== '%') return;
  const name = column.measure?.metric ?? (column.role === 'loss' ? 'loss' : 'score');
  const entry = findMetric(name);
  if (column.profile.percentSigns || column.header.unit === '%') column.unit = '%';
  else if (entry?.unit != null) column.unit = entry.unit;
  else if (entry?.percentable === true) {
    if (column.profile.max > 1.5 && column.profile.min >= 0) {
      // A column that also holds losses or perplexities says nothing about percent.
      if (!mixedMetrics) column.unit = '%';
    } else if (column.profile.min >= 0 && column.profile.max <= 1.0001) column.unit = 'fraction';
  } else if (entry?.id === 'loss' && column.profile.median >= 1.5 && column.profile.median <= 11)
    column.unit = 'nats/token';
}

/** A task claimed by a column that also tells data sets apart is a facet where something better names the task. */
function settleTasks(columns: readonly Column[], layout: Layout): void {
  const tasks = columns
    .filter((c) => c.role === 'task')
    .sort((a, b) => (a.authority === 1 ? -100 : a.rank) - (b.authority === 1 ? -100 : b.rank));
  const best =
    layout === 'long' || layout === 'transposed' || layout === 'metadata'
      ? tasks[0]
      : tasks.find((c) => c.facet === null || c.authority === 1);
  for (const c of tasks) {
    if (c === best) {
      c.facet = null;
      continue;
    }
    if (c.authority === 1) continue;
    c.role = null;
    c.used = true;
    if (c.facet === null) c.facet = c.header.key;
    c.how = `rows that differ in “${c.header.raw}” are kept apart`;
  }
}

/**
 * Understands one table.
 * @param rules the manifest's entry for this file, if any
 * @param assume take the best guess for open units
 */
export function understandTable(table: RawTable, rules: SourceRules | null): TableReading {
  const columns = claimRoles(table, rules);
  const open: OpenColumn[] = [];
  const notes: string[] = [...table.notes];
  // Of two columns with one name the first counts.
  const seen = new Set<string>();
  for (const c of columns) {
    const name = c.header.raw.trim();
    if (name === '') continue;
    if (seen.has(name) && c.authority !== 1) {
      c.role = 'ignore';
      c.measure = null;
      c.facet = null;
      c.how = `a second column named “${name}”`;
    }
    seen.add(name);
  }
  // A column of names without a usable header: 40 % of its values yield a size.
  if (!columns.some((c) => c.role === 'model')) {
    for (const c of columns) {
      if (c.role !== null || isNumeric(c.profile) || c.profile.sample.length === 0) continue;
      // In a column that is called a size, `10B<` is a size that could not be read; `OLMo 2-7B` is a name.
      const bare = namesQuantity(c.header);
      const sized = c.profile.sample.filter(
        (s) => readModelName(s).params !== null && !(bare && !/[a-z]{2}/i.test(s)),
      ).length;
      if (sized / c.profile.sample.length >= 0.4) {
        c.role = 'model';
        c.facet = null;
        c.how = `${sized} of ${c.profile.sample.length} values are model names with a size`;
        break;
      }
    }
  }
  const model = chooseOne(columns, 'model');
  for (const c of columns) claimGated(table, c, model, open);
  settleActive(table, columns);
  for (const role of [
    'params',
    'params-non-embedding',
    'params-active',
    'tokens',
    'compute',
    'compute-per-token',
  ] as const) {
    const best = chooseOne(columns, role);
    // A log10 column serves only where nothing else does.
    if (best !== null && best.log10) best.how = `${best.how}; raised to the power of ten`;
  }
  for (const c of columns) if (c.log10 && !c.used) c.role = 'ignore';
  const raws = new Set(columns.filter((c) => / Raw$/.test(c.header.raw)).map((c) => c.header.raw.slice(0, -4).trim()));
  for (const c of columns) {
    if (raws.has(c.header.raw.trim()) && c.role === 'score') {
      c.role = 'ignore';
      c.measure = null;
      c.how = `“${c.header.raw.trim()} Raw” is the same score before chance was taken out`;
    }
  }
  if (table.layout === null) claimCorpora(columns);
  const verdict = detectLayout(table, columns, rules?.layout ?? null);
  let layout = verdict.layout;
  let why = verdict.why;
  const results = columns.some((c) => c.role === 'model' || (isQuantity(c.role) && c.used));
  if (
    (layout === 'wide' || layout === 'metadata' || layout === 'loss-table') &&
    results &&
    rules?.layout == null &&
    table.layout === null
  ) {
    if (layout !== 'loss-table') claimByValues(columns, table.rowCount);
    if (layout === 'metadata' && columns.some((c) => c.role === 'score')) {
      layout = columns.some((c) => c.role === 'task') ? 'long' : 'wide';
      why = 'columns of values between 0 and 1 (or 100) beside models or sizes';
    }
  }
  settleTasks(columns, layout);
  for (const role of [
    'family',
    'task',
    'metric',
    'step',
    'n',
    'chance',
    'shots',
    'filter',
    'split',
    'n-correct',
    'status',
  ] as const) {
    if (role === 'n') continue;
    chooseOne(columns, role);
  }
  chooseOne(
    columns.filter((c) => c.measure === null),
    'n',
  );
  chooseOne(
    columns.filter((c) => c.measure === null || c.measure.part === 'sd'),
    'stderr',
  );
  for (const role of ['interval-low', 'interval-high'] as const)
    chooseOne(
      columns.filter((c) => c.measure === null),
      role,
    );
  if (layout === 'long' && columns.some((c) => c.role === 'metric' && c.used)) {
    // One value per row: other numbers of the row are not scores of their own.
    const values = columns.filter((c) => c.role === 'score' && c.measure === null);
    const best = values.sort((a, b) => a.authority - b.authority || a.rank - b.rank)[0];
    for (const c of columns) {
      if (best !== undefined && c !== best && (c.role === 'score' || c.role === 'loss') && c.authority !== 1) {
        c.used = false;
        if (c.role === 'score') c.how = `${c.how}; “${best.header.raw}” holds the scores`;
      }
    }
  } else if (layout === 'long' || layout === 'wide') {
    // Generic value columns beside columns with a metric of their own are another candidate.
    const generic = columns
      .filter((c) => c.role === 'score' && c.measure === null && c.used)
      .sort((a, b) => a.rank - b.rank);
    for (const c of generic.slice(1)) {
      c.used = false;
      c.how = `${c.how}; another candidate, “${(generic[0] as Column).header.raw}” is used`;
    }
  }
  if (layout === 'transposed') {
    for (const index of verdict.modelColumns) {
      const c = columns[index] as Column;
      c.role = 'score';
      c.how = `the header “${c.header.raw}” is a model`;
      c.unit = c.profile.max > 1.5 ? '%' : 'fraction';
    }
  }
  if (layout === 'per-sample') {
    for (const c of columns) {
      if (c.header.key === 'total_logprob' || c.header.key === 'predicted') {
        c.role = 'ignore';
        c.measure = null;
        c.how = 'about the answer, not a score';
      } else if (c.measure === null && c.role !== 'score') c.role = c.role ?? 'ignore';
      else if (c.measure !== null) c.role = scoreRole(c.measure.metric);
    }
  }
  if (layout === 'diagnostic' || layout === 'unknown') for (const c of columns) c.used = false;
  for (const c of columns) {
    if ((c.role === 'score' || c.role === 'loss') && layout !== 'transposed')
      scoreUnit(c, c.measure === null && columns.some((m) => m.role === 'metric' && m.used));
    if (c.measure !== null && c.measure.task !== null && c.measure.assumed && findTask(c.measure.task) !== null)
      c.how = `a known task; the metric is assumed to be accuracy`;
  }
  return { table, layout, layoutWhy: why, columns, modelColumns: verdict.modelColumns, open, notes };
}

/** True for averages over tasks, which repeat their members. */
export function isAggregate(task: string, metric: string): boolean {
  const key = (text: string): string =>
    text
      .replace(/[\p{Extended_Pictographic}\u{FE0F}]/gu, '')
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '');
  return (
    AGGREGATE.test(key(task)) ||
    /^(?:naive|weighted|harmonic|macro|micro)_(?:average|avg|mean)$|^standard_deviation$/.test(key(metric))
  );
}
