/**
 * Rows of a per-question table that holds the probability of every option (`p_a`, `p_b` …, or their logarithms as
 * `logprob_a` …) beside the right one (`target`, by name or zero-based number). A row that is no distribution is left out
 * and named; the others are scored. Sample logs of an evaluation hold likelihoods of whole answers: questions differ in
 * their number of options, and the likelihoods are renormalised as they are, however small.
 */
import type { RawTable } from '../table/raw-table.ts';
import type { AnsweredQuestion } from './questions.ts';
import { type TcBrier, tcBrier } from './tc-brier.ts';

const ID = ['index', 'doc_id', 'question_id', 'question', 'id'];
const TARGET = ['target', 'answer_index', 'answer', 'label', 'gold'];
const OPTION = /^(log)?[_ ]?(?:p|prob|probability)[_ ](.+)$/i;
/** Rows whose targets must name options before columns are taken for options'. */
const LOOKED_AT = 50;

export interface OptionColumns {
  readonly id: number;
  readonly target: number;
  readonly options: readonly { readonly name: string; readonly column: number }[];
  /** Natural logarithms in place of probabilities. */
  readonly logarithms: boolean;
  /** Log-likelihoods of whole answers as an evaluation logged them: later options may be absent, sums are no mass of 1. */
  readonly logged: boolean;
}

/** Where a table holds options, or null. Headers alone are not believed: the targets must name options. */
export function optionColumns(table: RawTable): OptionColumns | null {
  const names = Array.from({ length: table.columnCount }, (_, column) => table.header(column).trim().toLowerCase());
  const first = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((c) => c >= 0) ?? -1;
  const found = names.flatMap((name, column) => {
    const match = OPTION.exec(name);
    return match === null ? [] : [{ name: match[2] as string, column, log: match[1] !== undefined }];
  });
  const logarithms = found.length > 0 && found.every((option) => option.log);
  const options = found.filter((option) => option.log === logarithms);
  const logged = logarithms && /^(?:lm-eval|lighteval)-samples$/.test(table.format);
  const columns = { id: first(ID), target: first(TARGET), options, logarithms, logged };
  if (columns.id < 0 || columns.target < 0 || options.length < 2) return null;
  let named = 0;
  let seen = 0;
  for (let row = 0; row < table.rowCount && seen < LOOKED_AT; row++) {
    const cell = table.cell(row, columns.target).trim();
    if (cell === '') continue;
    seen++;
    if (targetOf(cell, columns) !== null) named++;
  }
  return seen === 0 || named >= seen / 2 ? columns : null;
}

function targetOf(cell: string, { options }: OptionColumns): number | null {
  const text = cell.trim().toLowerCase();
  const named = options.findIndex((option) => option.name === text);
  if (named >= 0) return named;
  const index = Number(text);
  return text !== '' && Number.isInteger(index) && index >= 0 && index < options.length ? index : null;
}

/** A question and its score. */
export interface ScoredQuestion extends AnsweredQuestion {
  readonly scored: TcBrier;
}

export interface ScoredRows {
  readonly questions: readonly ScoredQuestion[];
  /** Rows that were left out: no numbers, no target, no distribution. */
  readonly faults: readonly { readonly row: number; readonly message: string }[];
}

/** @param keep 1 for every row that counts; null for all of them */
export function scoreOptionRows(table: RawTable, columns: OptionColumns, keep: Uint8Array | null = null): ScoredRows {
  const { id, target, options, logarithms, logged } = columns;
  const values = options.map((option) => table.numbers(option.column));
  const questions: ScoredQuestion[] = [];
  const faults: { row: number; message: string }[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (keep !== null && keep[row] !== 1) continue;
    const name = table.cell(row, id).trim();
    let cells = values.map((column) => column[row] as number);
    if (logged) {
      const count = cells.findIndex(Number.isNaN);
      // Not a question with options.
      if (count === 0) continue;
      if (count > 0) cells = cells.slice(0, count);
    }
    // The prize's files have an empty row after each real one.
    if (name === '' && cells.every(Number.isNaN)) continue;
    const fault = (message: string): void => void faults.push({ row, message: `question ${name}: ${message}` });
    if (cells.some(Number.isNaN)) {
      fault('an option has no number.');
      continue;
    }
    const right = targetOf(table.cell(row, target), columns);
    if (right === null || right >= cells.length) {
      fault(`the target '${table.cell(row, target)}' names no option.`);
      continue;
    }
    const mass = logarithms ? sumOfExponentials(cells) : null;
    // Whole answers may be too unlikely for a double: their shares are not.
    const shares = mass !== null && (logged || mass < SMALLEST);
    const probabilities = shares ? cells.map((v) => Math.exp(v - mass)) : logarithms ? cells.map(Math.exp) : cells;
    const scored = tcBrier(probabilities, right);
    if (!scored.ok) fault(scored.error.message);
    else {
      const own = shares ? { ...scored.value, mass: Math.exp(mass) } : scored.value;
      questions.push({ id: name, probabilities, target: right, scored: own });
    }
  }
  return { questions, faults };
}

/** Logarithm below which a sum of probabilities loses digits as a double. */
const SMALLEST = -600;

/** ln Σ exp(v), without leaving the doubles; minus infinity where every v is. */
function sumOfExponentials(values: readonly number[]): number {
  const top = Math.max(...values);
  return top === Number.NEGATIVE_INFINITY
    ? top
    : top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** One sentence on the rows left out; null when there are none. */
export function faultNote({ faults, questions }: ScoredRows): string | null {
  const [first] = faults;
  return first === undefined ? null : faultText(faults.length, faults.length + questions.length, first.message);
}

/** One sentence on rows left out, of which the first says why. */
export function faultText(faults: number, all: number, first: string): string {
  return `${faults} of ${all} questions ${faults === 1 ? 'is' : 'are'} left out; ${first}`;
}
