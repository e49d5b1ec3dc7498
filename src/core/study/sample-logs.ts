/**
 * Sample logs of lm-evaluation-harness, lighteval and Inspect beside the results of the same runs: which model and
 * checkpoint a log belongs to (the time stands in both names; Inspect keeps both in one file), which series its means
 * belong to, and which of two statements of one score counts.
 */
import { sampleFileNames } from '../read/eval-samples.ts';
import { detailNames } from '../read/lighteval-details.ts';
import { isMissing } from '../table/numbers.ts';
import type { Draft, Group, GroupBook } from './draft.ts';
import { modelKey } from './model-book.ts';
import type { Rows } from './rows.ts';

/** Results of the harness are printed in full; a hand-rounded file still agrees. */
const ROUNDED = 5e-4;

/** What the results of the same run say about it. */
export interface LoggedRun {
  /** Number of the table of its results. */
  readonly table: number;
  readonly model: string;
  readonly family: string | null;
  readonly params: number;
  readonly tokens: number;
  readonly compute: number;
  readonly step: number;
}

export function isSampleLog({ reading }: Pick<Rows, 'reading'>): boolean {
  return /^(?:lm-eval|lighteval|inspect)-samples$/.test(reading.table.format);
}

/** The harness calls no filter `none`, a table `-`. */
function plain(filter: string): string {
  return isMissing(filter) ? '' : filter;
}

function folderOf(file: string): string {
  return file.replace(/[^/\\]*$/, '');
}

/** The sample logs of a study, once everything else is tidied. */
export class SampleLogs {
  readonly #all: readonly Rows[];
  /** What results files opened, by task, metric and filter: several where shots or other conditions differ. */
  readonly #groups = new Map<string, Group[]>();

  constructor(all: readonly Rows[], book: GroupBook) {
    this.#all = all;
    for (const group of book.groups.values()) {
      const { task, metric, facets, rows } = group;
      if (!/^(?:lm-eval|lighteval|inspect)/.test(rows.reading.table.format)) continue;
      const key = JSON.stringify([task, metric, plain(facets['filter'] ?? '')]);
      this.#groups.set(key, [...(this.#groups.get(key) ?? []), group]);
    }
  }

  /** The task of a log by its name, or as the log itself says. */
  taskOf({ reading }: Pick<Rows, 'reading'>): string | undefined {
    const { file, format } = reading.table;
    if (format === 'lm-eval-samples') return sampleFileNames(file).task;
    return reading.columns.find((c) => c.measure?.task != null)?.measure?.task ?? undefined;
  }

  /** The run of a log: the results file with the same time in its name (of the harness: in the same folder), or null. */
  runOf(log: Rows, task: string): LoggedRun | null {
    const { file, format } = log.reading.table;
    const { stamp } = format === 'lighteval-samples' ? detailNames(file) : sampleFileNames(file);
    const rows = this.#all.find(({ reading: { table } }) => {
      if (format === 'inspect-samples') return table.format === 'inspect' && table.file === file;
      // lighteval keeps results and details in folders of their own.
      if (format === 'lighteval-samples')
        return stamp !== undefined && table.format === 'lighteval' && table.file.includes(`results_${stamp}`);
      if (stamp === undefined || table.format !== 'lm-eval' || folderOf(table.file) !== folderOf(file)) return false;
      return table.file.slice(folderOf(file).length).includes(stamp);
    });
    if (rows === undefined || rows.count === 0) return null;
    const column = rows.reading.columns.find(({ role }) => role === 'task')?.index;
    let row = 0;
    while (column !== undefined && row < rows.count && rows.reading.table.cell(row, column) !== task) row++;
    if (row === rows.count) row = 0;
    const model = rows.modelOf(row);
    if (model === '') return null;
    const of = (values: Float64Array): number => values[row] as number;
    return {
      table: rows.index,
      model,
      family: rows.familyOf(row),
      params: of(rows.params),
      tokens: of(rows.tokens),
      compute: of(rows.compute),
      step: of(rows.step),
    };
  }

  /**
   * Facets of the series that a mean belongs to: those of the results of its own run, else of the one series that other
   * results opened, else its filter.
   */
  facetsOf(task: string, metric: string, filter: string, run: LoggedRun | null): Readonly<Record<string, string>> {
    const plainly = plain(filter);
    const groups = this.#groups.get(JSON.stringify([task, metric, plainly])) ?? [];
    const own =
      run === null ? undefined : groups.find(({ drafts }) => drafts.all().some(({ table }) => table === run.table));
    const only = groups.length === 1 ? groups[0] : undefined;
    return (own ?? only)?.facets ?? (plainly === '' ? {} : { filter: plainly });
  }

  /**
   * Of one score that stands in the results and, item by item, in a log, the log's counts: it has the questions. Where the
   * two differ the metric is no mean over questions, and the results count.
   * @returns why the mean must not be used, or null
   */
  settle(group: Group, draft: Draft): string | null {
    const key = modelKey(draft.model);
    const drafts = group.drafts.all();
    const at = drafts.findIndex((one) => {
      const rows = this.#all[one.table];
      if (rows === undefined || isSampleLog(rows) || modelKey(one.model) !== key) return false;
      return one.step === null || draft.step === null || one.step === draft.step;
    });
    const known = drafts[at];
    if (known === undefined) return null;
    if (Math.abs(known.y - draft.y) > ROUNDED * Math.max(1, Math.abs(known.y)))
      return `${group.metric} of the results is no mean over these questions (${known.y} there, ${draft.y} here): the results count.`;
    group.drafts.remove(at);
    group.excluded.push({
      table: known.table,
      row: known.row,
      why: `${known.model}: counted question by question in ${this.#all[draft.table]?.reading.table.file ?? 'its log'}`,
    });
    return null;
  }
}
