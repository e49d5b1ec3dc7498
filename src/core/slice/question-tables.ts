/**
 * Question groups from per-question tables, one table per model: TC Brier of every question, difficulty by the models that
 * are fitted, cross-fitted groups. Three forms are read: columns with the probability of every option and a target; the
 * layout of the Inverse Scaling Prize, whose `loss` is minus the logarithm of the renormalised probability of the right
 * class; and, where there are no probabilities, the score of each question, between 0 and 1.
 */
import { err, ok, type Result } from '../result.ts';
import type { Point, Study } from '../study/study.ts';
import type { RawTable } from '../table/raw-table.ts';
import { sliceByDifficulty } from './groups.ts';
import { faultNote, optionColumns, scoreOptionRows } from './option-rows.ts';
import { type AnsweredQuestion, assembleQuestions, type ModelAnswers } from './questions.ts';

export interface QuestionGroups {
  /** `groups[g][i]`: mean TC Brier of group g for point i, easiest group first. */
  readonly groups: readonly Float64Array[];
  /** Mean TC Brier of the points over all shared questions. */
  readonly tc: Float64Array;
  readonly questions: number;
  readonly notes: readonly string[];
}

export interface QuestionTableRefusal {
  readonly code: 'no-questions' | 'bad-questions';
  readonly message: string;
}

const ID = ['index', 'doc_id', 'question_id', 'question', 'id'];

/** Columns of the prize's layout; null for a table of something else. */
function lossColumns(table: RawTable): { readonly id: number; readonly loss: number } | null {
  const names = Array.from({ length: table.columnCount }, (_, column) => table.header(column).trim().toLowerCase());
  const id = ID.map((name) => names.indexOf(name)).find((c) => c >= 0) ?? -1;
  const classified = names.includes('total_logprob') || names.includes('correct');
  const loss = classified ? names.indexOf('loss') : -1;
  return id >= 0 && loss >= 0 ? { id, loss } : null;
}

/** A column of scores of single questions, each between 0 (wrong) and 1 (right); null for anything else. */
function scoreColumns(table: RawTable, column: number): { readonly id: number; readonly score: number } | null {
  const names = Array.from({ length: table.columnCount }, (_, c) => table.header(c).trim().toLowerCase());
  const id = ID.map((name) => names.indexOf(name)).find((c) => c >= 0) ?? -1;
  if (id < 0 || column < 0 || column >= table.columnCount || column === id) return null;
  const scores = table.numbers(column).filter((value) => !Number.isNaN(value));
  return scores.length > 0 && scores.every((value) => value >= 0 && value <= 1) ? { id, score: column } : null;
}

/**
 * Whether a table holds questions that TC Brier can be had from.
 * @param column of the score that is asked about
 */
export function holdsQuestions(table: RawTable, column: number): boolean {
  return optionColumns(table) !== null || lossColumns(table) !== null || scoreColumns(table, column) !== null;
}

interface Answers {
  readonly answers: readonly AnsweredQuestion[];
  /** What was left out, or null. */
  readonly note: string | null;
  /** True where only the score of each question is known. */
  readonly scoresOnly: boolean;
}

/** Answers of one table; rows without numbers are left out (the prize's files have empty rows after each real one). */
function answersOf(table: RawTable, column: number): Answers | null {
  const options = optionColumns(table);
  if (options !== null) {
    const rows = scoreOptionRows(table, options);
    return { answers: rows.questions, note: faultNote(rows), scoresOnly: false };
  }
  const losses = lossColumns(table);
  const scores = losses === null ? scoreColumns(table, column) : null;
  const found = losses ?? scores;
  if (found === null) return null;
  const values = table.numbers(losses?.loss ?? column);
  const answers: AnsweredQuestion[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    const p = losses === null ? value : Math.exp(-value);
    answers.push({ id: table.cell(row, found.id), probabilities: [p, 1 - p], target: 0 });
  }
  return { answers, note: null, scoresOnly: losses === null };
}

/** Question groups of points whose tables hold one model's questions each. */
export function groupsFromQuestions(
  points: readonly Pick<Point, 'x' | 'model' | 'table' | 'column'>[],
  study: Pick<Study, 'tables'>,
  groups = 3,
): Result<QuestionGroups, QuestionTableRefusal> {
  const files: ModelAnswers[] = [];
  const faults: string[] = [];
  let scoresOnly = false;
  for (const point of points) {
    const table = study.tables[point.table];
    if (table?.folded !== undefined) {
      return err({
        code: 'no-questions',
        message: `${table.file} is too large to hold: its means are known, its questions are not. Split it into files below 256 MiB.`,
      });
    }
    const read = table === undefined ? null : answersOf(table, point.column);
    if (read === null) {
      return err({
        code: 'no-questions',
        message: `${point.model} has no per-question table with option probabilities.`,
      });
    }
    scoresOnly ||= read.scoresOnly;
    if (read.note !== null) faults.push(`${point.model}: ${read.note}`);
    files.push({ model: point.model, x: Math.log10(point.x), answers: read.answers });
  }
  const assembled = assembleQuestions(files);
  if (!assembled.ok) return err({ code: 'bad-questions', message: [assembled.error.message, ...faults].join(' ') });
  const { questions, scores, notes } = assembled.value;
  const sliced = sliceByDifficulty(assembled.value, { groups });
  if (!sliced.ok) return err({ code: 'bad-questions', message: sliced.error.message });
  const { means } = sliced.value;
  return ok({
    groups: Array.from({ length: groups }, (_, g) => Float64Array.from(means, (row) => row[g] as number)),
    tc: Float64Array.from(points, (_, m) => {
      let sum = 0;
      for (let q = 0; q < questions; q++) sum += scores[m * questions + q] as number;
      return sum / questions;
    }),
    questions,
    notes: [
      ...faults,
      ...notes,
      ...(scoresOnly
        ? ['there are no probabilities of options, so a question counts 0 when it is right and -1 when it is wrong']
        : []),
      `${questions} questions cut into ${groups} groups, each half of the models scored on groups that the other half ranked`,
    ],
  });
}
