/**
 * Folders of per-question files, one per model (the layout of the Inverse Scaling Prize, sample logs of
 * lm-evaluation-harness): each file becomes one point per metric, the mean over valid rows with its standard error. Empty
 * rows, repeated indexes, header-only files and partial runs are survived and named.
 */
import { type OptionColumns, optionColumns } from '../slice/option-rows.ts';
import type { RawTable } from '../table/raw-table.ts';
import { readModelName } from '../table/sizes.ts';
import type { TableReading } from '../table/understand.ts';
import type { Draft, Group, GroupBook } from './draft.ts';
import type { MeanOfRows } from './mean-fold.ts';
import type { Rows } from './rows.ts';
import { fileStem } from './rows.ts';
import { SampleFold } from './sample-fold.ts';
import { isSampleLog, type SampleLogs } from './sample-logs.ts';

/** Options of one question as a Python list literal writes them: `[' Yes', " No"]`; 0 if it is none. */
export function countOptions(text: string): number {
  const t = text.trim();
  if (!t.startsWith('[') && !t.startsWith('(')) return 0;
  let count = 0;
  let quote = '';
  for (let i = 1; i < t.length; i++) {
    const c = t.charAt(i);
    if (quote === '') {
      if (c === "'" || c === '"') {
        quote = c;
        count++;
      }
    } else if (c === '\\') i++;
    else if (c === quote) quote = '';
  }
  return count;
}

function folderOf(file: string): string {
  const parts = file
    .replace(/\\/g, '/')
    .split('/')
    .filter((p) => p !== '' && p !== '.');
  return parts.length > 1 ? parts.slice(0, -1).join('/') : '';
}

interface FolderChance {
  readonly accuracy: number;
  readonly loss: number;
  readonly questions: number;
  readonly table: number;
}

/** Chance levels of a folder from its data file: means over questions of 1/options and of ln options. */
export function chancesOf(readings: readonly TableReading[]): ReadonlyMap<string, FolderChance> {
  const found = new Map<string, FolderChance>();
  readings.forEach((reading, index) => {
    const { table } = reading;
    const column = reading.columns.find(
      (c) => c.header.key === 'classes' || c.header.key === 'choices' || c.header.key === 'options',
    );
    if (column === undefined || reading.layout === 'per-sample') return;
    let n = 0;
    let accuracy = 0;
    let loss = 0;
    for (let row = 0; row < table.rowCount; row++) {
      const options = countOptions(table.cell(row, column.index));
      if (options < 2) continue;
      n++;
      accuracy += 1 / options;
      loss += Math.log(options);
    }
    if (n > 0)
      found.set(folderOf(table.file), {
        accuracy: accuracy / n,
        loss: loss / n,
        questions: table.rowCount,
        table: index,
      });
  });
  return found;
}

/** Task and model of a per-question file: folder and stem, or the two parts of the stem where there is no folder. */
export function nameSampleFile(file: string): { readonly task: string; readonly model: string } {
  const stem = fileStem(file);
  const folder = folderOf(file).split('/').at(-1) ?? '';
  const read = readModelName(stem).params;
  if (read !== null && read.start > 0 && read.rule === 'alias') {
    return { task: stem.slice(0, read.start).replace(/[-_]+$/, ''), model: stem.slice(read.start) };
  }
  return { task: folder === '' ? 'questions' : folder, model: stem };
}

/** Headers of the columns that hold scores of questions. */
export function sampleScores(reading: TableReading): readonly string[] {
  return reading.columns
    .filter(({ role }) => role === 'score' || role === 'loss')
    .map(({ index }) => reading.table.header(index));
}

function foldOf(reading: TableReading, options: OptionColumns | null, keep: Uint8Array | null): SampleFold {
  const fold = new SampleFold();
  fold.add(reading.table, sampleScores(reading), options, keep);
  return fold;
}

const NAMES: Readonly<Record<string, string>> = { correct: 'accuracy' };

/** Adds one per-question table. Returns what is odd about it. */
export function tidySamples(
  rows: Rows,
  book: GroupBook,
  chances: ReadonlyMap<string, FolderChance>,
  pinnedY: string | null,
  logs: SampleLogs | null = null,
  keep: Uint8Array | null = null,
): readonly string[] {
  const { reading } = rows;
  const table: RawTable = reading.table;
  const { task: folderTask, model: named } = nameSampleFile(table.file);
  const log = isSampleLog(rows) ? logs : null;
  const task = rows.fileTask ?? log?.taskOf(rows) ?? folderTask;
  const run = log?.runOf(rows, task) ?? null;
  const pinned = rows.fileModel !== fileStem(table.file) ? rows.fileModel : null;
  const model = pinned ?? run?.model ?? (rows.modelColumn === null || rows.count === 0 ? named : rows.modelOf(0));
  const filterColumn = reading.columns.find((c) => c.role === 'filter')?.index ?? -1;
  const filter = filterColumn < 0 || rows.count === 0 ? '' : table.cell(0, filterColumn);
  const notes: string[] = [];
  const chance = chances.get(folderOf(table.file));
  const place = (metric: string, column: number): Group =>
    book.open(task, metric, log?.facetsOf(task, metric, filter, run) ?? {}, {
      rows,
      firstRow: -1,
      scoreColumn: column,
      taskColumn: -1,
      chanceColumn: -1,
      assumed: false,
    });
  const q = run !== null && pinned === null ? run : rows.quantitiesOf(model);
  const orNull = (v: number): number | null => (Number.isNaN(v) ? null : v);
  const add = (group: Group, mean: MeanOfRows, column: number): void => {
    const draft: Draft = {
      x: Number.NaN,
      y: mean.mean,
      stderr: orNull(mean.stderr),
      n: mean.n,
      model,
      family: run?.family ?? rows.familyOfModel(model),
      run: model,
      params: orNull(q.params),
      tokens: orNull(q.tokens),
      compute: orNull(q.compute),
      step: orNull(q.step),
      loss: null,
      table: rows.index,
      row: 0,
      column,
    };
    if (!Number.isNaN(mean.stderrPopulation)) draft.stderrPopulation = mean.stderrPopulation;
    const refused = log?.settle(group, draft) ?? null;
    if (refused === null) group.drafts.add(draft);
    else notes.push(refused);
  };
  const known = new Set<string>();
  const options = optionColumns(table);
  const folded = table.folded ?? foldOf(reading, options, keep);
  const count = folded.rows;
  /** Chance by the options of each question. */
  const guessed = log === null || options === null ? null : folded.options().guessed;
  /** Accuracy and TC Brier out of the probabilities of the options. */
  const addOptions = (): readonly string[] => {
    if (options === null) return [];
    const { accuracy, tcBrier, note } = folded.options();
    const means = { accuracy, tc_brier: tcBrier };
    for (const [metric, mean] of Object.entries(means)) {
      // The harness has its own accuracies.
      if (
        known.has(metric) ||
        (metric === 'accuracy' && log !== null && known.size > 0) ||
        (pinnedY !== null && pinnedY.trim() !== metric)
      )
        continue;
      const group = place(metric, options.target);
      if (mean.n === 0) {
        group.excluded.push({ table: rows.index, row: -1, why: `${model}: no row holds probabilities of its options` });
        continue;
      }
      if (metric === 'accuracy') {
        group.chanceSum += guessed ?? 1 / options.options.length;
        group.chanceCount++;
      }
      add(group, mean, options.target);
    }
    return note === null ? [] : [note];
  };
  for (const column of reading.columns) {
    if (column.role !== 'score' && column.role !== 'loss') continue;
    if (
      pinnedY !== null &&
      column.header.raw.trim() !== pinnedY.trim() &&
      (NAMES[column.header.key] ?? column.header.key) !== pinnedY.trim()
    )
      continue;
    const { mean, empty } = folded.column(table.header(column.index));
    const metric = NAMES[column.header.key] ?? column.header.key;
    known.add(metric);
    const group = place(metric, column.index);
    if (mean.n === 0) {
      group.excluded.push({ table: rows.index, row: -1, why: `${model}: the file holds no valid row` });
      continue;
    }
    if (guessed !== null && /^acc(?:_norm|uracy)?$/.test(metric)) {
      group.chanceSum += guessed;
      group.chanceCount++;
    } else if (chance !== undefined && metric === 'accuracy') {
      group.chanceSum += chance.accuracy;
      group.chanceCount++;
    } else if (chance !== undefined && metric === 'loss') {
      group.chanceSum += chance.loss;
      group.chanceCount++;
    }
    add(group, mean, column.index);
    if (mean.n < count && notes.length === 0) {
      notes.push(
        `${count - mean.n} of ${count} rows hold no value${empty === count - mean.n ? '' : ' or an infinite one'}; means are over the other ${mean.n}.`,
      );
    }
  }
  notes.push(...addOptions());
  if (table.rowCount === 0) notes.push('A header without rows: this model has no results.');
  if (chance !== undefined && table.rowCount > 0 && notes.length === 0 && chance.questions !== count) {
    notes.push(`${count} rows, the data file has ${chance.questions} questions.`);
  }
  return notes;
}
