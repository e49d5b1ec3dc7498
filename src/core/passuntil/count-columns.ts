/**
 * Which column of a table of pass counts is what: by pins, else by name. What is left open is guessed only where pins are
 * given at all, and every guess is told, so that whoever asked may refuse it.
 */

import { columnByHeader } from '../study/where.ts';
import { readHeader } from '../table/headers.ts';
import { claimRoles } from '../table/name-roles.ts';
import { parseQuantity } from '../table/numbers.ts';
import { gate } from '../table/quantity.ts';
import type { RawTable } from '../table/raw-table.ts';
import { readModelName } from '../table/sizes.ts';
import { factorWord } from '../table/units.ts';
import { type CountPins, pinnedColumns, sizeReader } from './count-pins.ts';

const NAMES = {
  instance:
    /^(instance|question|item|problem|example|prompt)(_id|_index|_number)?$|^(doc_id|task_id|sample_id|id|index)$/,
  wanted: /^(r|wanted|passes_wanted|target_passes|r_passes)$/,
  cap: /^(k_max|kmax|max_trials|max_samples|cap|trial_cap)$/,
  trials: /^(trials|k|n_trials|num_trials|attempts|n_samples|num_samples|total|n)$/,
  passes: /^(passes|s|successes|n_correct|num_correct|n_pass|n_passed|num_passed|correct_count|c)$/,
  capped: /^(capped|censored|hit_cap)$/,
  outcome: /^(passed|pass|success|correct|is_correct|outcome|result)$/,
  task: /^(task|task_name|dataset|benchmark)$/,
  model: /^(model|model_name|name)$/,
  loss: /^(ref_token_loss|reference_loss|answer_loss|ref_loss|loss|nll)$/,
} as const;

type Name = keyof typeof NAMES;

const MEANINGS: Readonly<Record<Name, string>> = {
  instance: 'names the question that was sampled',
  wanted: 'passes wanted, r',
  cap: 'cap on trials',
  trials: 'trials made, K',
  passes: 'passes seen, s',
  capped: 'whether the cap ended the sampling',
  outcome: 'whether this trial passed',
  task: 'the task',
  model: 'the model',
  loss: 'loss of the reference answer',
};

/** Rows that are looked at where a question is open. */
const MOST_ROWS = 20_000;

/** A question that the table leaves open. */
export interface Guess {
  readonly question: string;
  /** What is taken for the answer. */
  readonly guess: string;
  /** How the user settles it for good. */
  readonly settle: string;
}

export interface Located extends Partial<Record<Name, number>> {
  /** N of a row; null where nothing tells sizes. */
  readonly params: ((row: number) => number) | null;
  /** Columns whose values set series apart in place of the task; empty where the task does. */
  readonly group: readonly number[];
  readonly guesses: readonly Guess[];
}

/** Whether the columns hold totals per question and model, single trials, or neither. */
export function kindOf(at: Located): 'totals' | 'trials' | null {
  if (at.instance === undefined) return null;
  if (at.passes !== undefined && at.trials !== undefined) return 'totals';
  return at.outcome === undefined ? null : 'trials';
}

/** What a column of a table of counts says, by its place; only of columns that are read. */
export function countColumns(table: RawTable): ReadonlyMap<number, string> {
  const at = locate(table);
  const said = new Map<number, string>();
  for (const name of Object.keys(NAMES) as Name[]) {
    const column = at[name];
    if (column !== undefined) said.set(column, MEANINGS[name]);
  }
  return said;
}

/** The columns of a table of counts. */
export function locate(table: RawTable, pins?: CountPins): Located {
  const pinned = pinnedColumns(table, pins ?? {});
  const found: Partial<Record<Name, number>> = { ...pinned.columns };
  const group = (pins?.group ?? []).map((header) => columnByHeader(table, header)).filter((column) => column >= 0);
  const taken = new Set<number | undefined>([...Object.values(found), ...pinned.ignored, pinned.params?.column]);
  for (let c = 0; c < table.columnCount; c++) {
    if (taken.has(c)) continue;
    const { key } = readHeader(table.header(c));
    for (const name of Object.keys(NAMES) as Name[]) {
      if (found[name] === undefined && NAMES[name].test(key)) {
        found[name] = c;
        break;
      }
    }
  }
  const y = pins?.y === undefined ? -1 : columnByHeader(table, pins.y);
  if (y >= 0) {
    for (const name of Object.keys(found) as Name[]) if (found[name] === y) delete found[name];
    delete found.passes;
    delete found.outcome;
    found[found.trials === undefined ? 'outcome' : 'passes'] = y;
  }
  const guesses: Guess[] = [];
  const params = paramsReader(table, found.model, pins, pinned.params, guesses);
  if (pins !== undefined && found.instance === undefined) {
    const guess = guessInstance(table, [...Object.values(found), ...group, ...taken], found);
    if (guess !== null) {
      found.instance = guess;
      const header = table.header(guess).trim();
      guesses.push({
        question: `${table.file}: no column is named as the question that was sampled (instance, question_id, prompt…).`,
        guess: `“${header}”, which tells the rows of a model apart`,
        settle: `call the column “${header}” instance`,
      });
    }
  }
  return { ...found, params, group, guesses };
}

function paramsReader(
  table: RawTable,
  model: number | undefined,
  pins: CountPins | undefined,
  pinned: { readonly column: number; readonly factor: number } | null,
  guesses: Guess[],
): Located['params'] {
  const column = pinned === null ? sizeColumn(table, pins, guesses) : pinned;
  const stated = pins === undefined || model === undefined ? () => null : sizeReader(pins);
  if (column === null && model === undefined) return null;
  const numbers = column === null ? null : table.numbers(column.column);
  return (row) => {
    const name = model === undefined ? '' : table.cell(row, model);
    const known = stated(name);
    if (known !== null) return known;
    if (column === null || numbers === null) return readModelName(name).params?.value ?? Number.NaN;
    const value = (numbers[row] as number) * column.factor;
    return Number.isFinite(value) ? value : parseQuantity(table.cell(row, column.column));
  };
}

/** The column that the headers call sizes. Where its numbers are no sizes, the unit that would make them some is guessed. */
function sizeColumn(
  table: RawTable,
  pins: CountPins | undefined,
  guesses: Guess[],
): { readonly column: number; readonly factor: number } | null {
  const found = claimRoles(table, null).find((c) => c.role === 'params' || c.role === 'params-non-embedding');
  if (found === undefined) return null;
  const plain = { column: found.index, factor: found.factor };
  if (pins === undefined) return plain;
  const values = table
    .numbers(found.index)
    .subarray(0, MOST_ROWS)
    .filter((value) => value > 0)
    .sort();
  const median = values[values.length >> 1];
  const verdict = median === undefined ? null : gate('params', median * found.factor);
  const factor = verdict?.kind === 'outside' ? verdict.factors[0] : undefined;
  if (verdict?.kind !== 'outside' || factor === undefined) return plain;
  const header = table.header(found.index).trim();
  guesses.push({
    question: `${table.file}: the sizes in column “${header}”: ${verdict.why}.`,
    guess: factorWord(factor),
    settle: `sources: [{files: ${JSON.stringify(table.file)}, columns: {${JSON.stringify(header)}: {role: params, unit: ${factor}}}}]`,
  });
  return { column: found.index, factor: found.factor * factor };
}

/** The first unclaimed column that tells the rows of a model apart: of totals every row, of trials some. */
function guessInstance(
  table: RawTable,
  claimed: readonly (number | undefined)[],
  at: Partial<Record<Name, number>>,
): number | null {
  const totals = at.passes !== undefined && at.trials !== undefined;
  if (!totals && at.outcome === undefined) return null;
  const sizes = claimRoles(table, null).find((c) => c.role === 'params')?.index;
  const others = [at.task, at.model, sizes].filter((c) => c !== undefined);
  const rows = Math.min(table.rowCount, MOST_ROWS);
  const distinct = (columns: readonly number[]): number => {
    const seen = new Set<string>();
    for (let row = 0; row < rows; row++) seen.add(columns.map((c) => table.cell(row, c).trim()).join('\u0000'));
    return seen.size;
  };
  for (let c = 0; c < table.columnCount; c++) {
    if (claimed.includes(c) || others.includes(c)) continue;
    if (distinct([c]) < 2) continue;
    const apart = distinct([c, ...others]);
    if (totals ? apart === rows : apart > distinct(others) && apart < rows) return c;
  }
  return null;
}
