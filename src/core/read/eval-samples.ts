/**
 * Sample logs of lm-evaluation-harness (`<model>/samples_<task>_<time>.jsonl`): one record per question with the value of
 * each metric and, of multiple-choice tasks, the log-likelihood of every option. One table of questions per filter; task
 * and model come from the path.
 */
import { err, ok } from '../result.ts';
import type { RawTable } from '../table/raw-table.ts';
import { type Cell, cellOf, derivedCell, TableBuilder } from './cell-table.ts';
import { agreesWithScores, type LoggedOptions, loggedOptions } from './logged-options.ts';
import { baseName, folderName, type TreeFormat, unrecognised } from './source.ts';
import { at, entriesOf, has, itemsOf, type Node, numberOf, scalarOf, textOf } from './tree.ts';

/** Keys of a record that are no metrics. */
const OTHER = /^(?:doc_id|doc|target|arguments|resps|filtered_resps|filter|metrics|doc_hash|prompt_hash|target_hash)$/;
/** Parts of an aggregate that is no mean over questions: a log-likelihood under the name of what is made of all of them. */
const PART = /perplexity|^bits_per_byte$/;
/**
 * Characters from which a log keeps only the text up to the first question of each filter, and no places beyond: a model is
 * one point, shown there, and a study of many models has far more text in its logs than it has numbers.
 */
const LONG_TEXT = 1 << 22;
const HOW = 'the layout of lm-evaluation-harness samples';

export const evalSamplesFormat: TreeFormat = {
  id: 'lm-eval-samples',
  name: 'lm-evaluation-harness samples',
  matches: (root) => records(root).length > 0,
  read(source) {
    const { task, model } = sampleFileNames(source.file);
    const all = records(source.root);
    // A task with several answer extractions has every question once per filter: other measurements, other tables.
    const filters = new Map<string, Node[]>();
    for (const record of all) {
      const filter = textOf(at(record, 'filter')) ?? '';
      const list = filters.get(filter);
      if (list === undefined) filters.set(filter, [record]);
      else list.push(record);
    }
    const long = source.text.length > LONG_TEXT && source.problems.length === 0;
    const firsts = [...filters.values()].map(([first]) => first?.span.end ?? 0);
    const text = long ? copied(source.text.slice(0, Math.max(...firsts))) : source.text;
    const notes = [
      ...source.notes,
      task === undefined ? 'the file name does not say which task this is' : `task ${task} from the file name`,
      ...(model === undefined ? [] : [`model ${model} from the folder`]),
    ];
    const tables: RawTable[] = [];
    for (const list of filters.values()) {
      const builder = new TableBuilder();
      const said = fill(builder, list, { task, model, shown: text.length });
      if (said === null) continue;
      tables.push(
        builder.build({
          file: source.file,
          format: 'lm-eval-samples',
          text,
          layout: 'per-sample',
          notes: [...notes, ...said],
          problems: source.problems,
        }),
      );
    }
    return tables.length === 0 ? err(unrecognised('samples without a metric', source.root.span)) : ok(tables);
  },
};

interface Named {
  readonly task: string | undefined;
  readonly model: string | undefined;
  /** Length of the text that is kept: what lies beyond has no place in it. */
  readonly shown: number;
}

/** A text of its own: a slice would keep the whole alive. */
function copied(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** One table; null when the records hold no metric. Otherwise what is worth saying. */
function fill(builder: TableBuilder, list: readonly Node[], { task, model, shown }: Named): readonly string[] | null {
  const named =
    model === undefined ? -1 : builder.column('model', 'model', { role: 'model', how: 'the folder of the file' });
  const id = builder.column('doc_id', 'doc_id', { role: 'ignore', how: 'number of the question' });
  const about = builder.columnCount;
  const modelCell = derivedCell(model ?? '', null);
  const held = (cell: Cell): Cell => {
    if (cell.span === null || cell.span.end <= shown) return cell;
    const value = CELLS.get(cell.text);
    if (value !== undefined) return value;
    return { text: copied(cell.text), span: null };
  };
  let filtered = 0;
  for (const record of list) {
    const row = builder.row();
    if (named >= 0) builder.set(row, named, modelCell);
    for (const { key, keySpan, value } of entriesOf(record)) {
      const cell = scalarOf(value);
      if (cell === undefined) continue;
      if (key === 'doc_id') builder.set(row, id, held(cellOf(cell)));
      else if (key === 'filter') {
        builder.set(row, builder.column(key, key, { role: 'filter', how: HOW }, keySpan), held(cellOf(cell)));
        filtered = 1;
      } else if (!OTHER.test(key) && (numberOf(cell) !== undefined || typeof cell.value === 'boolean')) {
        const hint = PART.test(key)
          ? { role: 'ignore' as const, how: 'one question of what is no mean over questions' }
          : { role: 'score' as const, metric: key, how: HOW, ...(task !== undefined && { task }) };
        const score =
          typeof cell.value === 'boolean' ? { text: cell.value ? '1' : '0', span: cell.span } : cellOf(cell);
        builder.set(row, builder.column(key, key, hint, keySpan), held(score));
      }
    }
  }
  if (builder.columnCount === about + filtered) return null;
  return addOptions(builder, list, shown);
}

/** Cells without a place that many rows share. */
const CELLS: ReadonlyMap<string, Cell> = new Map(
  ['0.0', '1.0', 'none', ...Array.from({ length: 16 }, (_, i) => String(i))].map((text) => [
    text,
    derivedCell(text, null),
  ]),
);

function numbered(value: number): Cell {
  return CELLS.get(String(value)) ?? derivedCell(String(value), null);
}

/** Columns `target` and `logprob_0`, `logprob_1` … where the records hold the log-likelihoods of options. */
function addOptions(builder: TableBuilder, list: readonly Node[], shown: number): readonly string[] {
  const options = list.map(loggedOptions);
  const held = options.filter((one): one is LoggedOptions => one !== null);
  if (held.length === 0) return [];
  const wrong = agreesWithScores(held);
  if (wrong !== null) return [wrong];
  const target = builder.column('target', 'target', { role: 'ignore', how: 'number of the right option' });
  for (const [row, one] of options.entries()) {
    if (one === null) continue;
    if (one.target !== null) {
      const place = one.targetSpan !== null && one.targetSpan.end <= shown ? one.targetSpan : null;
      builder.set(row, target, place === null ? numbered(one.target) : derivedCell(String(one.target), place));
    }
    for (const [o, { value, span }] of one.options.entries()) {
      const column = builder.column(`logprob_${o}`, `logprob_${o}`, {
        role: 'ignore',
        how: `log-likelihood of option ${o + 1}`,
      });
      // Beyond the text that is kept the number alone stands for the cell.
      builder.set(
        row,
        column,
        span.end <= shown ? derivedCell(String(value), span, value) : derivedCell('', null, value),
      );
    }
  }
  const open = held.filter((one) => one.target === null).length;
  return open === 0 ? [] : [`of ${open} of ${held.length} questions the log does not say which option is right`];
}

/**
 * Task and model by the harness's own naming: `<folder>/<organisation>__<model>/samples_<task>_<time>.jsonl`. Undefined
 * where a file is named otherwise.
 */
export function sampleFileNames(file: string): {
  readonly task: string | undefined;
  readonly model: string | undefined;
  /** The time in the name, which the results file of the same run shares. */
  readonly stamp: string | undefined;
} {
  const match = /^samples_(.+?)(?:_(\d{4}-\d\d-\d\d.*))?\.jsonl?(?:\.gz|\.zst)?$/i.exec(baseName(file));
  if (match === null) return { task: undefined, model: undefined, stamp: undefined };
  const folder = folderName(file);
  // The harness writes `/` as `__`; a drive or a dot is no model.
  const model = /^(?:|\.|\.\.|[a-z]:)$/i.test(folder) ? undefined : folder.replace('__', '/');
  return { task: match[1], model, stamp: match[2] };
}

function records(root: Node): readonly Node[] {
  const list = root.kind === 'list' ? itemsOf(root) : [root];
  return list.length > 0 &&
    list.every((record) => has(record, 'doc_id') && (has(record, 'filtered_resps') || has(record, 'resps')))
    ? list
    : [];
}
