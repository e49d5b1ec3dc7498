/**
 * What a model's scores on other benchmarks say about a task that it has not taken (observational scaling, Ruan et al.
 * 2024): the first principal component of the other benchmarks takes the place of tokens per parameter in the common fit
 * of all tasks. Sigmoids of several components without scale and families, as published, extrapolate worse than scale alone.
 */
import { fitHierarchy, HIERARCHY, type Hierarchy, type ModelScores, type Place } from './hierarchy.ts';
import { principalComponents } from './pca.ts';

export const OBSERVED_ID = 'observed';

/** Fewest models with other benchmarks, and fewest benchmarks of each. */
const FEWEST_MODELS = 10;
const FEWEST_OTHERS = 3;
/** The component is scaled to unit deviation: a deviation of it may be worth as much as one on the logit scale. */
const CONSTANTS = { ...HIERARCHY, traitSd: 1 };
const EDGE = 0.02;
/** Of filled cells, on the logit scale. */
const RANGE = [-6, 6] as const;

export interface Observed {
  /** Normalised score of a task from a model's other benchmarks; null where too few were measured. */
  predict(task: number, at: Place, others: Float64Array | undefined): number | null;
  readonly warm: Hierarchy['warm'];
}

/**
 * @param models with their scores of the tasks asked about, sorted by x; those without other benchmarks are left out
 * @param others normalised scores of other benchmarks by model; NaN where not measured
 * @returns null for fewer than ten models with other benchmarks
 */
export function fitObserved(
  models: readonly ModelScores[],
  tasks: number,
  others: ReadonlyMap<string, Float64Array>,
  warm: Hierarchy['warm'] | null = null,
): Observed | null {
  const known = models.filter((m) => enough(others.get(m.model)));
  if (known.length < FEWEST_MODELS) return null;
  const components = principalComponents(
    known.map((m) => logits(others.get(m.model) as Float64Array)),
    RANGE,
  );
  if (components === null) return null;
  const first = components.scores.map((s) => s[0] as number);
  const spread = Math.sqrt(first.reduce((s, v) => s + v * v, 0) / first.length);
  if (!(spread > 0)) return null;
  const fitted = fitHierarchy(
    known.map((m, i) => ({ ...m, trait: (first[i] as number) / spread })),
    tasks,
    warm,
    CONSTANTS,
  );
  if (fitted === null) return null;
  const places = new WeakMap<Float64Array, number>();
  return {
    predict: (task, at, scores) => {
      if (!enough(scores)) return null;
      let place = places.get(scores);
      if (place === undefined) {
        place = (components.project(logits(scores))[0] as number) / spread;
        places.set(scores, place);
      }
      return fitted.predict(task, { ...at, trait: place });
    },
    warm: fitted.warm,
  };
}

/** Whether so many other benchmarks were measured that they say something. */
export function enough(scores: Float64Array | undefined): scores is Float64Array {
  return scores !== undefined && scores.filter((v) => !Number.isNaN(v)).length >= FEWEST_OTHERS;
}

function logits(scores: Float64Array): Float64Array {
  return scores.map((v) => {
    const p = Math.min(1 - EDGE, Math.max(EDGE, v));
    return Number.isNaN(v) ? Number.NaN : Math.log(p / (1 - p));
  });
}
