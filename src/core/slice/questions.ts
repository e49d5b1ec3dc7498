/**
 * From per-question files to a table of scores: one list of questions per model, aligned by question id. What not every
 * model answered is left out and counted, so that all models are averaged over the same questions.
 */
import { err, ok, type Result } from '../result.ts';
import type { QuestionScores } from './groups.ts';
import { type TcBrier, tcBrier } from './tc-brier.ts';

/** One answered question: probabilities of its options and the index of the right one. */
export interface AnsweredQuestion {
  readonly id: string;
  readonly probabilities: ArrayLike<number>;
  readonly target: number;
  /** Its conditional score, where it is known already. */
  readonly scored?: TcBrier;
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
  const known = new Map<string, number>();
  const names: string[] = [];
  /** By question: how many models answered it, and the last of them. */
  const counts: number[] = [];
  const latest: number[] = [];
  const places = files.map(({ answers }) => new Int32Array(answers.length));
  for (const [m, file] of files.entries()) {
    if (models.has(file.model)) {
      return err({ code: 'duplicate-model', message: `${file.model} is listed twice: keep one of its files.` });
    }
    models.add(file.model);
    let expected = 0;
    for (const [i, { id }] of file.answers.entries()) {
      // Most files list the questions in the same order: only where they do not is a name looked up.
      let at: number | undefined = names[expected] === id ? expected : known.get(id);
      if (at === undefined) {
        at = names.length;
        known.set(id, at);
        names.push(id);
        counts.push(0);
        latest.push(-1);
      }
      if (latest[at] === m) {
        return err({ code: 'duplicate-question', message: `${file.model}: question ${id} appears twice.` });
      }
      latest[at] = m;
      counts[at] = (counts[at] as number) + 1;
      (places[m] as Int32Array)[i] = at;
      expected = at + 1;
    }
  }
  const place = new Int32Array(names.length).fill(-1);
  const ids = names.filter((_, at) => counts[at] === files.length);
  if (ids.length === 0) {
    return err({ code: 'nothing-shared', message: `No question was answered by all ${files.length} models.` });
  }
  for (let at = 0, q = 0; at < names.length; at++) if (counts[at] === files.length) place[at] = q++;
  const scores = new Float64Array(files.length * ids.length);
  const accuracy = new Float64Array(files.length);
  const mass = new Float64Array(files.length);
  for (const [m, file] of files.entries()) {
    for (const [i, answer] of file.answers.entries()) {
      const q = place[(places[m] as Int32Array)[i] as number] as number;
      if (q < 0) continue;
      let scored = options.conditional === false ? undefined : answer.scored;
      if (scored === undefined) {
        const outcome = tcBrier(answer.probabilities, answer.target, options);
        if (!outcome.ok) {
          return err({
            code: 'bad-question',
            message: `${file.model}, question ${answer.id}: ${outcome.error.message}`,
          });
        }
        scored = outcome.value;
      }
      scores[m * ids.length + q] = scored.score;
      accuracy[m] = (accuracy[m] as number) + (scored.correct ? 1 : 0) / ids.length;
      mass[m] = (mass[m] as number) + scored.mass / ids.length;
    }
  }
  const left = names.length - ids.length;
  return ok({
    models: files.map((file) => file.model),
    x: files.map((file) => file.x),
    questions: ids.length,
    scores,
    ids,
    accuracy,
    mass,
    notes: left === 0 ? [] : [`${left} of ${names.length} questions are left out: not every model answered them.`],
  });
}
