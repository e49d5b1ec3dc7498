/**
 * A table understood: every column's role and unit, the layout, and which columns the study reads for what. Names claim,
 * values decide; whatever stays open becomes a question with the lines that settle it.
 */
import type { Layout, Role } from '../report-model.ts';
import type { SourceRules } from '../study/manifest-rules.ts';
import {
  claimFirst,
  claimPerplexities,
  claimTasks,
  settleActive,
  settlePerStep,
  settleTested,
} from './claim-by-neighbours.ts';
import { claimAmongTasks, claimByValues, claimCorpora, scoreUnit } from './claim-by-values.ts';
import { claimQuantity } from './claim-quantity.ts';
import type { Column, OpenColumn } from './column.ts';
import { AGGREGATE } from './deny-list.ts';
import { readWideHeader } from './header-grammar.ts';
import { detectLayout } from './layout.ts';
import { QUANTITIES } from './name-claims.ts';
import { claimRoles, isQuantity, namesQuantity, scoreRole } from './name-roles.ts';
import { isNumeric } from './profile.ts';
import type { RawTable } from './raw-table.ts';
import { findTask } from './registry/tasks.ts';
import { readModelName } from './sizes.ts';

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

/** `1h 41m`: minutes, not millions of parameters. */
const DURATION =
  /^[~≈]?\s*(?:\d+(?:\.\d+)?\s*(?:d|days?|h|hrs?|hours?)\s*)+\d+(?:\.\d+)?\s*(?:m|min|minutes?)?(?:\s*\d+\s*s(?:ec)?)?$/i;
const EPOCHS = /(?:^|_)epochs?$/;

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
      // `int6 BPB` holds scores with a size behind them.
      const measured = c.header.raw.trim() === '' ? null : readWideHeader(c.header.raw, null);
      if (measured !== null && !measured.assumed) continue;
      // In a column that is called a size, `10B<` is a size that could not be read; `OLMo 2-7B` is a name.
      const bare = namesQuantity(c.header);
      const sized = c.profile.sample.filter(
        (s) => !DURATION.test(s) && readModelName(s).params !== null && !(bare && !/[a-z]{2}/i.test(s)),
      ).length;
      if (sized / c.profile.sample.length >= 0.4) {
        c.role = 'model';
        c.facet = null;
        c.how = `${sized} of ${c.profile.sample.length} values are model names with a size`;
        break;
      }
    }
  }
  claimTasks(table, columns);
  claimFirst(table, columns);
  settleTested(table, columns);
  settlePerStep(table, columns);
  const model = chooseOne(columns, 'model');
  for (const c of columns) claimQuantity(table, c, model, open);
  settleActive(table, columns);
  for (const role of QUANTITIES) {
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
  if (table.layout === null) {
    claimCorpora(columns);
    claimPerplexities(table, columns);
  }
  const verdict = detectLayout(table, columns, rules?.layout ?? null);
  let layout = verdict.layout;
  let why = verdict.why;
  const results = columns.some((c) => c.role === 'model' || c.role === 'step' || isQuantity(c.role));
  if (
    (layout === 'wide' || layout === 'metadata' || layout === 'loss-table') &&
    rules?.layout == null &&
    table.layout === null
  ) {
    claimAmongTasks(columns);
    if (layout !== 'loss-table') claimByValues(columns, table.rowCount, !results);
    if (layout === 'metadata' && columns.some((c) => c.role === 'score')) {
      layout = columns.some((c) => c.role === 'task') ? 'long' : 'wide';
      why = 'columns of values between 0 and 1 (or 100) beside models or sizes';
    }
  }
  // A curve over epochs: the only certain scores are those with a percent sign.
  if (
    layout === 'unknown' &&
    rules?.layout == null &&
    table.layout === null &&
    columns.some((c) => EPOCHS.test(c.header.key))
  ) {
    claimByValues(columns, table.rowCount, true);
    if (columns.some((c) => c.role === 'score')) {
      layout = 'wide';
      why = 'percentages, one row per epoch';
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
