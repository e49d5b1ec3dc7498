/**
 * Question groups from per-question tables, one table per model: TC Brier of every question, difficulty by the models that
 * are fitted, cross-fitted groups. Two forms are read: columns with the probability of every option and a target, and the
 * layout of the Inverse Scaling Prize, whose `loss` is minus the logarithm of the renormalised probability of the right class.
 */
import { err, ok, type Result } from '../result.ts';
import type { Point, Study } from '../study/study.ts';
import type { RawTable } from '../table/raw-table.ts';
import { sliceByDifficulty } from './groups.ts';
import { assembleQuestions, type ModelAnswers } from './questions.ts';

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
const TARGET = ['target', 'answer_index', 'answer', 'label', 'gold'];
const OPTION = /^(?:p|prob|probability)[_ ](.+)$/i;

interface Columns {
  readonly id: number;
  readonly loss: number;
  readonly target: number;
  readonly options: readonly { readonly name: string; readonly column: number }[];
}

function columnsOf(table: RawTable): Columns {
  const names = Array.from({ length: table.columnCount }, (_, column) => table.header(column).trim().toLowerCase());
  const first = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((c) => c >= 0) ?? -1;
  const options = names.flatMap((name, column) => {
    const match = OPTION.exec(name);
    return match === null ? [] : [{ name: match[1] as string, column }];
  });
  const classified = names.includes('total_logprob') || names.includes('correct');
  return { id: first(ID), loss: classified ? names.indexOf('loss') : -1, target: first(TARGET), options };
}

/** Whether a table holds questions that TC Brier can be had from. */
export function holdsQuestions(table: RawTable): boolean {
  const { id, loss, target, options } = columnsOf(table);
  return id >= 0 && (loss >= 0 || (options.length >= 2 && target >= 0));
}

/** Answers of one table; rows without numbers are left out (the prize's files have empty rows after each real one). */
function answersOf(table: RawTable): Result<ModelAnswers['answers'], QuestionTableRefusal> {
  const { id, loss, target, options } = columnsOf(table);
  const answers: { id: string; probabilities: readonly number[]; target: number }[] = [];
  if (options.length >= 2 && target >= 0) {
    const values = options.map((option) => table.numbers(option.column));
    for (let row = 0; row < table.rowCount; row++) {
      const probabilities = values.map((column) => column[row] as number);
      if (probabilities.some(Number.isNaN)) continue;
      const cell = table.cell(row, target).trim().toLowerCase();
      const named = options.findIndex((option) => option.name === cell);
      const index = named >= 0 ? named : Number(cell);
      if (cell === '' || !Number.isInteger(index)) {
        return err({
          code: 'bad-questions',
          message: `${table.file}: the target '${cell}' of question ${table.cell(row, id)} names no option.`,
        });
      }
      answers.push({ id: table.cell(row, id), probabilities, target: index });
    }
    return ok(answers);
  }
  const losses = table.numbers(loss);
  for (let row = 0; row < table.rowCount; row++) {
    const value = losses[row] as number;
    if (Number.isNaN(value)) continue;
    const p = Math.exp(-value);
    answers.push({ id: table.cell(row, id), probabilities: [p, 1 - p], target: 0 });
  }
  return ok(answers);
}

/** Question groups of points whose tables hold one model's questions each. */
export function groupsFromQuestions(
  points: readonly Point[],
  study: Study,
  groups = 3,
): Result<QuestionGroups, QuestionTableRefusal> {
  const files: ModelAnswers[] = [];
  for (const point of points) {
    const table = study.tables[point.table];
    if (table === undefined || !holdsQuestions(table)) {
      return err({
        code: 'no-questions',
        message: `${point.model} has no per-question table with option probabilities.`,
      });
    }
    const answers = answersOf(table);
    if (!answers.ok) return answers;
    files.push({ model: point.model, x: Math.log10(point.x), answers: answers.value });
  }
  const assembled = assembleQuestions(files);
  if (!assembled.ok) return err({ code: 'bad-questions', message: assembled.error.message });
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
      ...notes,
      `${questions} questions cut into ${groups} groups, each half of the models scored on groups that the other half ranked`,
    ],
  });
}
