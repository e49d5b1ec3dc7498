/**
 * Slicing by difficulty: questions are ranked by their mean TC Brier over models and cut into groups of equal size. When
 * the same models rank and are scored, noise alone moves the groups (the easy group looks worse beyond the ranking models,
 * the hard one better), so by default each half of the ranking models is scored on groups that the other half ranked.
 */
import { err, ok, type Result } from '../result.ts';

/** Scores of every model on every question, model-major: `scores[m * questions + q]`, TC Brier with flipped sign. */
export interface QuestionScores {
  readonly models: readonly string[];
  readonly questions: number;
  readonly scores: Float64Array;
  /** log10 of the scale per model, or null where unknown (such models are scored but never rank). */
  readonly x: readonly (number | null)[];
}

export interface GroupOptions {
  /** Number of groups; 3 for forecasting, 10 for pictures. */
  readonly groups?: number;
  /** Only models with x at or below this rank the questions (the paper's threshold, log10). Default: all with x. */
  readonly rankBelow?: number;
  /** Score the ranking models on groups ranked by the other half of them. Off reproduces the paper. */
  readonly crossFit?: boolean;
}

export interface SlicedScores {
  /** `means[m][g]`: mean score of model m on group g, easiest group first. */
  readonly means: readonly Float64Array[];
  /** Questions per group. */
  readonly sizes: readonly number[];
  /** Group of each question as ranked by all ranking models. */
  readonly groupOf: Uint16Array;
  /** Models that ranked. */
  readonly rankedBy: readonly string[];
  readonly crossFitted: boolean;
}

export interface SliceRefusal {
  readonly code:
    | 'no-models'
    | 'no-questions'
    | 'too-many-groups'
    | 'wrong-size'
    | 'not-finite'
    | 'duplicate-model'
    | 'too-few-ranking';
  readonly message: string;
}

/** Bounds of the groups: floor(linspace(0, n, groups + 1)), as the authors cut. */
export function groupBounds(questions: number, groups: number): Int32Array {
  return Int32Array.from({ length: groups + 1 }, (_, g) => Math.floor((g * questions) / groups));
}

/** Mean score of each question over the given models. */
function difficulty(data: QuestionScores, models: readonly number[]): Float64Array {
  const { questions, scores } = data;
  const mean = new Float64Array(questions);
  for (const m of models) {
    const from = m * questions;
    for (let q = 0; q < questions; q++) mean[q] = (mean[q] as number) + (scores[from + q] as number);
  }
  for (let q = 0; q < questions; q++) mean[q] = (mean[q] as number) / models.length;
  return mean;
}

/** Group of each question: highest mean score (easiest) first, ties by the order of the questions. */
function assign(mean: Float64Array, groups: number): Uint16Array {
  const n = mean.length;
  const order = Uint32Array.from({ length: n }, (_, q) => q);
  order.sort((a, b) => (mean[b] as number) - (mean[a] as number) || a - b);
  const bounds = groupBounds(n, groups);
  const groupOf = new Uint16Array(n);
  for (let g = 0; g < groups; g++) {
    for (let i = bounds[g] as number; i < (bounds[g + 1] as number); i++) groupOf[order[i] as number] = g;
  }
  return groupOf;
}

/**
 * Slices questions by difficulty and averages every model over every group.
 *
 * Cross-fitting splits the ranking models into two halves that alternate in scale; a model of one half is averaged over
 * groups ranked by the other half, and models that do not rank over groups ranked by all. It needs four ranking models.
 */
export function sliceByDifficulty(
  data: QuestionScores,
  options: GroupOptions = {},
): Result<SlicedScores, SliceRefusal> {
  const groups = options.groups ?? 3;
  const crossFit = options.crossFit ?? true;
  const { models, questions, scores, x } = data;
  if (models.length === 0) return err({ code: 'no-models', message: 'There are no models.' });
  if (questions === 0) return err({ code: 'no-questions', message: 'There are no questions.' });
  if (!Number.isInteger(groups) || groups < 2 || groups > questions) {
    return err({ code: 'too-many-groups', message: `${questions} questions cannot be cut into ${groups} groups.` });
  }
  if (scores.length !== models.length * questions || x.length !== models.length) {
    return err({
      code: 'wrong-size',
      message: `${models.length} models on ${questions} questions need ${models.length * questions} scores; there are ${scores.length}.`,
    });
  }
  const seen = new Set<string>();
  for (const model of models) {
    if (seen.has(model))
      return err({ code: 'duplicate-model', message: `${model} is listed twice: keep one of its rows.` });
    seen.add(model);
  }
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isFinite(scores[i] as number)) {
      const model = models[Math.floor(i / questions)] ?? '';
      return err({ code: 'not-finite', message: `${model}: question ${(i % questions) + 1} has no score.` });
    }
  }
  const limit = options.rankBelow ?? Number.POSITIVE_INFINITY;
  const ranking = models
    .map((_, m) => m)
    .filter((m) => {
      const place = x[m];
      return place !== null && place !== undefined && place <= limit;
    })
    .sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
  const needed = crossFit ? 4 : 1;
  if (ranking.length < needed) {
    return err({
      code: 'too-few-ranking',
      message: `${ranking.length} models at or below the threshold; ranking the questions${crossFit ? ' with cross-fitting' : ''} needs ${needed}.`,
    });
  }
  const groupOf = assign(difficulty(data, ranking), groups);
  const own = new Map<number, Uint16Array>();
  if (crossFit) {
    const halves = [ranking.filter((_, i) => i % 2 === 0), ranking.filter((_, i) => i % 2 === 1)] as const;
    const byOther = [assign(difficulty(data, halves[1]), groups), assign(difficulty(data, halves[0]), groups)] as const;
    for (const m of halves[0]) own.set(m, byOther[0]);
    for (const m of halves[1]) own.set(m, byOther[1]);
  }
  const bounds = groupBounds(questions, groups);
  const sizes = Array.from({ length: groups }, (_, g) => (bounds[g + 1] as number) - (bounds[g] as number));
  const means = models.map((_, m) => {
    const places = own.get(m) ?? groupOf;
    const sums = new Float64Array(groups);
    const from = m * questions;
    for (let q = 0; q < questions; q++) {
      const g = places[q] as number;
      sums[g] = (sums[g] as number) + (scores[from + q] as number);
    }
    return sums.map((sum, g) => sum / (sizes[g] as number));
  });
  return ok({
    means,
    sizes,
    groupOf,
    rankedBy: ranking.map((m) => models[m] as string),
    crossFitted: crossFit,
  });
}

/** The method forecasts from three groups: a finer cut is joined to an easy, a medium and a hard third. */
export function inThirds(groups: readonly Float64Array[]): readonly Float64Array[] {
  const count = groups.length;
  if (count <= 3) return groups;
  return [0, 1, 2].map((third) => {
    const part = groups.slice(Math.floor((third * count) / 3), Math.floor(((third + 1) * count) / 3));
    return (part[0] as Float64Array).map(
      (_, i) => part.reduce((sum, group) => sum + (group[i] as number), 0) / part.length,
    );
  });
}
