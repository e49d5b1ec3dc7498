/**
 * What a user says about tables of pass counts, over what their headers say: the column of passes, the columns that set
 * series apart, a scaling.yaml with roles, units, sizes and rows to leave out. And the questions that stay open, with the
 * answer that `--assume` takes.
 */
import type { ManifestRules, PinnedColumn } from '../study/manifest-rules.ts';
import { bookOfModels, modelKey } from '../study/model-book.ts';
import type { WhereClause } from '../study/study.ts';
import { columnByHeader, rowsWhere } from '../study/where.ts';
import type { RawTable } from '../table/raw-table.ts';
import { columnFor, understandTable } from '../table/understand.ts';

export interface CountPins {
  /** Header of the passes, or of the pass/fail cell of each trial. */
  readonly y?: string;
  /** Headers whose values make a series each, in place of the task. */
  readonly group?: readonly string[];
  readonly rules?: ManifestRules | null;
  /** N of a model by its name, from a table of models. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Takes the best guess where a question would be asked. */
  readonly assume?: boolean;
}

/** What a column of counts can be pinned as, in the words of scaling.yaml. */
const ROLES = {
  'n-correct': 'passes',
  n: 'trials',
  score: 'outcome',
  task: 'task',
  model: 'model',
  loss: 'loss',
} as const;

export type PinnedName = (typeof ROLES)[keyof typeof ROLES];

export interface PinnedColumns {
  readonly columns: Readonly<Partial<Record<PinnedName, number>>>;
  /** The column of sizes and what one unit in it is worth; null where none is pinned. */
  readonly params: { readonly column: number; readonly factor: number } | null;
  /** Columns that are not to be read. */
  readonly ignored: ReadonlySet<number>;
}

/** The columns of a table that its scaling.yaml pins. */
export function pinnedColumns(table: RawTable, { rules }: CountPins): PinnedColumns {
  const columns: Partial<Record<PinnedName, number>> = {};
  let params: PinnedColumns['params'] = null;
  const ignored = new Set<number>();
  const source = rules?.sources.find((one) => one.matches(table.file));
  for (const [header, pinned] of source?.columns ?? []) {
    const column = columnByHeader(table, header);
    if (column < 0) continue;
    if (pinned.role === 'ignore') ignored.add(column);
    else if (pinned.role === 'params' || pinned.role === 'params-non-embedding')
      params = { column, factor: factorOf(pinned) };
    else if (Object.hasOwn(ROLES, pinned.role)) columns[ROLES[pinned.role as keyof typeof ROLES]] = column;
  }
  return { columns, params, ignored };
}

function factorOf({ unit }: PinnedColumn): number {
  return typeof unit === 'number' ? unit : 1;
}

/** N of a model as the manifest, or its table of models, states it; null where neither does. */
export function sizeReader({ rules, sizes }: CountPins): (model: string) => number | null {
  const book = bookOfModels([], rules ?? null);
  return (model) => book.pinned(model)?.params ?? sizes?.get(modelKey(model)) ?? null;
}

/** N by model name of a table of models. */
export function sizesOf(table: RawTable): ReadonlyMap<string, number> {
  const reading = understandTable(table, null);
  const model = columnFor(reading, 'model');
  const params = columnFor(reading, 'params') ?? columnFor(reading, 'params-non-embedding');
  const sizes = new Map<string, number>();
  if (model === null || params === null) return sizes;
  const numbers = table.numbers(params.index);
  for (let row = 0; row < table.rowCount; row++) {
    const value = (numbers[row] as number) * params.factor;
    if (value > 0) sizes.set(modelKey(table.cell(row, model.index)), value);
  }
  return sizes;
}

/**
 * The rows that a scaling.yaml keeps of a table (`select`); null for all of them.
 * @param model the column of models, for exclusions by name
 */
export function selectedRows(table: RawTable, rules: ManifestRules | null, model: number | null): Uint8Array | null {
  if (rules === null) return null;
  const { where, exclude } = rules.select;
  const keep = rowsWhere(table, where) ?? new Uint8Array(table.rowCount).fill(1);
  const leave = (matches: (row: number) => boolean): void => {
    for (let row = 0; row < keep.length; row++) if (keep[row] === 1 && matches(row)) keep[row] = 0;
  };
  for (const one of exclude) {
    const named = one.model === null ? null : modelKey(one.model);
    if (named !== null && model !== null) leave((row) => modelKey(table.cell(row, model)) === named);
    if (one.where !== null) excluded(table, one.where, leave);
  }
  return keep.includes(0) ? keep : null;
}

function excluded(table: RawTable, clause: WhereClause, leave: (matches: (row: number) => boolean) => void): void {
  const matching = columnByHeader(table, clause.column) < 0 ? null : rowsWhere(table, [clause]);
  if (matching !== null) leave((row) => matching[row] === 1);
}
