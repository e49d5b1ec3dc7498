/**
 * From per-question files to a table of scores: one list of questions per model, aligned by question id. What not every
 * model answered is left out and counted, so that all models are averaged over the same questions.
 */
import { err, ok, type Result } from '../result.ts';
import type { QuestionScores } from './groups.ts';
import { tcBrier } from './tc-brier.ts';

/** One answered question: probabilities of its options and the index of the right one. */
export interface AnsweredQuestion {
  readonly id: string;
  readonly probabilities: ArrayLike<number>;
  readonly target: number;
}

export interface ModelAnswers {
  readonly model: string;
  /** log10 of the scale; null where unknown. */
  readonly x: number | null;
  readonly answers: readonly AnsweredQuestion[];
}

export interface AssembledQuestions extends QuestionScores {
  readonly ids: readonly string[];
  /** Per model: share of questions whose most probable option is right, over the shared questions. */
  readonly accuracy: Float64Array;
  /** Per model: mean probability mass on the options. */
  readonly mass: Float64Array;
  /** One sentence each: questions left out and why. */
  readonly notes: readonly string[];
}

export interface QuestionRefusal {
  readonly code: 'no-models' | 'duplicate-model' | 'duplicate-question' | 'nothing-shared' | 'bad-question';
  readonly message: string;
}

/** Scores and aligns per-question answers of several models (conditional TC Brier unless told otherwise). */
export function assembleQuestions(
  files: readonly ModelAnswers[],
  options: { readonly conditional?: boolean } = {},
): Result<AssembledQuestions, QuestionRefusal> {
  if (files.length === 0) return err({ code: 'no-models', message: 'There are no per-question files.' });
  const models = new Set<string>();
  const counts = new Map<string, number>();
  for (const file of files) {
    if (models.has(file.model)) {
      return err({ code: 'duplicate-model', message: `${file.model} is listed twice: keep one of its files.` });
    }
    models.add(file.model);
    const own = new Set<string>();
    for (const answer of file.answers) {
      if (own.has(answer.id)) {
        return err({ code: 'duplicate-question', message: `${file.model}: question ${answer.id} appears twice.` });
      }
      own.add(answer.id);
      counts.set(answer.id, (counts.get(answer.id) ?? 0) + 1);
    }
  }
  const ids = [...counts].filter(([, count]) => count === files.length).map(([id]) => id);
  if (ids.length === 0) {
    return err({ code: 'nothing-shared', message: `No question was answered by all ${files.length} models.` });
  }
  const place = new Map(ids.map((id, q) => [id, q]));
  const scores = new Float64Array(files.length * ids.length);
  const accuracy = new Float64Array(files.length);
  const mass = new Float64Array(files.length);
  for (const [m, file] of files.entries()) {
    for (const answer of file.answers) {
      const q = place.get(answer.id);
      if (q === undefined) continue;
      const scored = tcBrier(answer.probabilities, answer.target, options);
      if (!scored.ok) {
        return err({ code: 'bad-question', message: `${file.model}, question ${answer.id}: ${scored.error.message}` });
      }
      scores[m * ids.length + q] = scored.value.score;
      accuracy[m] = (accuracy[m] as number) + (scored.value.correct ? 1 : 0) / ids.length;
      mass[m] = (mass[m] as number) + scored.value.mass / ids.length;
    }
  }
  const left = counts.size - ids.length;
  return ok({
    models: files.map((file) => file.model),
    x: files.map((file) => file.x),
    questions: ids.length,
    scores,
    ids,
    accuracy,
    mass,
    notes: left === 0 ? [] : [`${left} of ${counts.size} questions are left out: not every model answered them.`],
  });
}
