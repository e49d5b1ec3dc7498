/**
 * The questions of a lighteval run (`details/<model>/<time>/details_<task>_<time>.parquet`, one file per task): the score of
 * each question by metric and, of multiple-choice tasks, the log-likelihood of every choice. The columns have moved between
 * versions: flat (`metrics`, `predictions`, `gold_index`) up to 0.9, `__doc__`, `__metric__`, `__model_response__` up to
 * 0.12, and the same names without underscores since.
 */
import type { RawTable } from '../table/raw-table.ts';
import { derivedCell, TableBuilder } from './cell-table.ts';
import { splitTask } from './lighteval.ts';
import { agreesWithScores, type LoggedOptions } from './logged-options.ts';
import { baseName } from './source.ts';

/** Columns that are read, whatever the version; the rest is prompts and tokens. */
const WANTED: readonly string[] = [
  ...['metrics', 'predictions', 'gold_index'],
  ...['__metric__', '__doc__', '__model_response__', 'metric', 'doc', 'model_response'],
];
const NOWHERE = { start: 0, end: 0 };

/** The columns to read of a file with these columns; null where it holds no details. */
export function detailColumns(names: readonly string[]): readonly string[] | null {
  const has = (...wanted: readonly string[]): boolean => wanted.every((name) => names.includes(name));
  const known =
    has('__metric__', '__doc__') ||
    has('metric', 'doc', 'model_response') ||
    (has('metrics', 'full_prompt') && has('predictions'));
  return known ? WANTED.filter((name) => names.includes(name)) : null;
}

/** Task, model and time that a details file has in its path. */
export interface DetailNames {
  readonly task: string | undefined;
  readonly shots: string | undefined;
  readonly model: string | undefined;
  /** The time in the name, which the results file of the same run shares. */
  readonly stamp: string | undefined;
}

/**
 * What the path of a details file says: `…/details/<org>/<model>/<time>/details_<task>_<time>.parquet`, on the hub
 * `…/details_<org>__<model>/<time>/…`.
 */
export function detailNames(file: string): DetailNames {
  const match = /^details_(.+?)_(\d{4}-\d\d-\d\dT.+?)\.parquet$/i.exec(baseName(file));
  if (match === null) return { task: undefined, shots: undefined, model: undefined, stamp: undefined };
  const [, name = '', stamp = ''] = match;
  const { task, shots } = splitTask(name);
  const folders = file.split(/[/\\]/).slice(0, -1);
  // The last folder is the time of the run.
  if (folders.at(-1) === stamp) folders.pop();
  const from = folders.lastIndexOf('details');
  const hub = /^details_(.+?)(?:_private)?$/.exec(folders.at(-1) ?? '')?.[1];
  const model =
    from >= 0 && from < folders.length - 1
      ? folders.slice(from + 1).join('/')
      : hub === undefined
        ? undefined
        : hub.replace('__', '/');
  return { task, shots: shots ?? undefined, model, stamp };
}

/** A table of questions; null where no metric of any question is a number. */
export function lightevalDetails(
  file: string,
  columns: ReadonlyMap<string, readonly unknown[]>,
  rows: number,
  notes: readonly string[],
): RawTable | null {
  const { task, shots, model } = detailNames(file);
  const cell = (row: number, ...names: readonly string[]): unknown => {
    for (const name of names) {
      const column = columns.get(name);
      if (column !== undefined) return plain(column[row]);
    }
    return undefined;
  };
  const builder = new TableBuilder();
  const named =
    model === undefined ? -1 : builder.column('model', 'model', { role: 'model', how: 'the folders of the file' });
  const id = builder.column('doc_id', 'doc_id', { role: 'ignore', how: 'number of the question' });
  const about = builder.columnCount;
  const held: (LoggedOptions | null)[] = [];
  for (let r = 0; r < rows; r++) {
    const row = builder.row();
    const doc = field(cell(r, '__doc__', 'doc'));
    if (named >= 0) builder.set(row, named, derivedCell(model ?? '', null));
    const stated = doc('id');
    // Files without names of their questions have them in one order for all models.
    const question = typeof stated === 'string' || typeof stated === 'number' ? String(stated) : '';
    builder.set(row, id, derivedCell(question === '' ? String(r) : question, null));
    const metrics = cell(r, '__metric__', 'metric', 'metrics');
    for (const [key, value] of entries(metrics)) {
      const score = typeof value === 'boolean' ? Number(value) : value;
      if (typeof score !== 'number') continue;
      const column = builder.column(`m:${key}`, key, {
        role: 'score',
        metric: key,
        how: 'the score of each question',
        ...(task !== undefined && { task }),
      });
      builder.set(row, column, derivedCell(Number.isNaN(score) ? '' : String(score), null, score));
    }
    const acc = field(metrics)('acc');
    const response = field(cell(r, '__model_response__', 'model_response'));
    held.push(
      optionsOf(
        response('logprobs') ?? cell(r, 'predictions'),
        doc('gold_index') ?? cell(r, 'gold_index'),
        acc === 1 || acc === true ? true : acc === 0 || acc === false ? false : null,
      ),
    );
  }
  if (builder.columnCount === about) return null;
  return builder.build({
    file,
    format: 'lighteval-samples',
    text: '',
    layout: 'per-sample',
    notes: [
      ...notes,
      task === undefined ? 'the file name does not say which task this is' : `task ${task} from the file name`,
      ...(shots === undefined ? [] : [`${shots} shots by the file name`]),
      ...(model === undefined ? [] : [`model ${model} from the folders`]),
      ...addOptions(builder, held),
    ],
  });
}

/** Columns `target` and `logprob_0`, `logprob_1` … of questions with choices. */
function addOptions(builder: TableBuilder, held: readonly (LoggedOptions | null)[]): readonly string[] {
  const all = held.filter((one) => one !== null);
  if (all.length === 0) return [];
  const wrong = agreesWithScores(all);
  if (wrong !== null) return [wrong];
  const target = builder.column('target', 'target', { role: 'ignore', how: 'number of the right choice' });
  for (const [row, one] of held.entries()) {
    if (one === null) continue;
    if (one.target !== null) builder.set(row, target, derivedCell(String(one.target), null));
    for (const [o, { value }] of one.options.entries()) {
      const column = builder.column(`logprob_${o}`, `logprob_${o}`, {
        role: 'ignore',
        how: `log-likelihood of choice ${o + 1}`,
      });
      builder.set(row, column, derivedCell('', null, value));
    }
  }
  return [];
}

/** Log-likelihoods (`[-3.1, -2.7]`, or `[[-3.1, false], …]` with whether the choice is what the model would say) and the gold. */
function optionsOf(given: unknown, gold: unknown, scored: boolean | null): LoggedOptions | null {
  if (!Array.isArray(given) || given.length < 2) return null;
  const values = given.map((one: unknown) => (Array.isArray(one) ? one[0] : one) as unknown);
  if (!values.every((value): value is number => typeof value === 'number' && value <= 1e-6)) return null;
  const golds: unknown[] = Array.isArray(gold) ? gold : [gold];
  const [target] = golds;
  // Of several right choices none is the right one.
  const stated =
    golds.length === 1 &&
    typeof target === 'number' &&
    Number.isInteger(target) &&
    target >= 0 &&
    target < values.length;
  return {
    options: values.map((value) => ({ value: Math.min(0, value), span: NOWHERE })),
    target: stated ? target : null,
    targetSpan: null,
    scored,
    stated,
  };
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isMap(value) ? Object.entries(value) : [];
}

/** Looks up a member of what may be a map. */
function field(value: unknown): (key: string) => unknown {
  return (key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined);
}

/** Longest text that is looked into: a literal of numbers, not an answer. */
const MAX_LITERAL = 100_000;

/**
 * Whole numbers as numbers; and what lighteval wrote as text, since its records did not fit one schema: a Python literal of
 * numbers, lists and names.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (isMap(value) && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  if (typeof value !== 'string' || !/^\s*[[{(]/.test(value) || value.length > MAX_LITERAL) return value;
  try {
    return JSON.parse(
      value
        .replace(/'((?:[^'\\]|\\.)*)'/g, (_, text: string) => JSON.stringify(text))
        .replace(/\bTrue\b/g, 'true')
        .replace(/\bFalse\b/g, 'false')
        .replace(/\b(?:None|nan)\b/g, 'null')
        .replace(/-inf\b/g, '-1e999')
        .replace(/,\s*(?=[)\]}])/g, '')
        .replace(/\(/g, '[')
        .replace(/\)/g, ']'),
    ) as unknown;
  } catch {
    // An answer that begins with a bracket is a text like any other.
    return value;
  }
}
