/**
 * The fit behind hierarchy.ts: sigmoids of all tasks with shared slope, family offsets and an effect of a trait of the
 * models, all at once, by Levenberg–Marquardt on the posterior.
 */
import { logistic } from '../stats/logistic.ts';
import { type Cell, type HierarchyConstants, jointCost, normalEquations, type State } from './joint-posterior.ts';
import { jointStep, type Step } from './joint-step.ts';

/** A model with its normalised scores; NaN where a task was not measured. */
export interface ModelScores {
  readonly model: string;
  readonly family: string | null;
  /** log10 of the scale. */
  readonly x: number;
  /** A number known of the model beforehand: log10 of tokens per parameter, or its place on other benchmarks; null if unknown. */
  readonly trait: number | null;
  readonly y: Float64Array;
}

/** Where to predict; a family that was not seen, or none, has no offset. */
export type Place = Pick<ModelScores, 'x' | 'family' | 'trait'>;

/** Fewest models of every task. */
export const FEWEST_MODELS = 4;
const ROUNDS = 40;
const SETTLED = 1e-6;

/** Where a fit ended. */
export interface JointOptimum {
  /** ln slope and height at `reference`, per task. */
  readonly slope: Float64Array;
  readonly height: Float64Array;
  readonly reference: number;
  readonly families: ReadonlyMap<string, { readonly everywhere: number; readonly tasks: Float64Array }>;
  readonly trait: number;
  readonly common: number;
}

export interface Joint {
  predict(task: number, at: Place): number;
  readonly end: JointOptimum;
  readonly traitKnown: boolean;
}

/**
 * The most probable parameters.
 *
 * @param models sorted by x
 * @param warm where an earlier fit ended, or null
 * @returns null when a task has fewer than four models
 */
export function fitJoint(
  models: readonly ModelScores[],
  tasks: number,
  constants: HierarchyConstants,
  warm: JointOptimum | null,
): Joint | null {
  const reference = models[models.length - 1]?.x ?? 0;
  const names = [...new Set(models.map((m) => m.family).filter((f) => f !== null))];
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const traitKnown = models.length > 0 && models.every((m) => m.trait !== null && Number.isFinite(m.trait));
  const meanTrait = traitKnown ? models.reduce((s, m) => s + (m.trait as number), 0) / models.length : 0;
  const counts = new Int32Array(tasks);
  const cells: Cell[] = [];
  for (const m of models) {
    for (let t = 0; t < tasks; t++) {
      const y = m.y[t] as number;
      if (Number.isNaN(y)) continue;
      counts[t] = (counts[t] as number) + 1;
      cells.push({
        task: t,
        family: m.family === null ? -1 : (indexOf.get(m.family) as number),
        x: m.x - reference,
        trait: traitKnown ? (m.trait as number) - meanTrait : 0,
        y,
        weight: Math.exp((m.x - reference) / constants.memory) / constants.residual ** 2,
      });
    }
  }
  if (tasks === 0 || counts.some((c) => c < FEWEST_MODELS)) return null;
  const start = startFrom(warm, names, tasks, reference, constants);
  const end = descend(cells, start, names.length, tasks, traitKnown, constants);
  const families = new Map(
    names.map((name, f) => [
      name,
      { everywhere: end.family[f] as number, tasks: end.own.slice(f * tasks, (f + 1) * tasks) },
    ]),
  );
  return {
    predict: (task, at) => {
      const family = at.family === null ? undefined : families.get(at.family);
      const known = traitKnown && at.trait !== null && Number.isFinite(at.trait);
      return logistic(
        (end.height[task] as number) +
          Math.exp(end.slope[task] as number) * (at.x - reference) +
          (family === undefined ? 0 : family.everywhere + (family.tasks[task] as number)) +
          (known ? end.trait * ((at.trait as number) - meanTrait) : 0),
      );
    },
    end: { slope: end.slope, height: end.height, reference, families, trait: end.trait, common: end.common },
    traitKnown,
  };
}

function startFrom(
  warm: JointOptimum | null,
  names: readonly string[],
  tasks: number,
  reference: number,
  { centre }: HierarchyConstants,
): State {
  const state: State = {
    slope: new Float64Array(tasks).fill(centre),
    height: new Float64Array(tasks),
    family: new Float64Array(names.length),
    own: new Float64Array(names.length * tasks),
    trait: 0,
    common: centre,
  };
  if (warm === null || warm.slope.length !== tasks) return state;
  state.slope.set(warm.slope);
  state.height.set(warm.height.map((h, t) => h + Math.exp(warm.slope[t] as number) * (reference - warm.reference)));
  names.forEach((name, f) => {
    const known = warm.families.get(name);
    if (known === undefined) return;
    state.family[f] = known.everywhere;
    state.own.set(known.tasks, f * tasks);
  });
  return { ...state, trait: warm.trait, common: warm.common };
}

function descend(
  cells: readonly Cell[],
  start: State,
  families: number,
  tasks: number,
  traitKnown: boolean,
  constants: HierarchyConstants,
): State {
  let state = start;
  let cost = jointCost(cells, state, tasks, constants);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS; round++) {
    const normal = normalEquations(cells, state, families, tasks, constants);
    let gain = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = jointStep(normal, families, tasks, damping);
      const next = step === null ? null : moved(state, step, families, traitKnown);
      const reached = next === null ? Number.POSITIVE_INFINITY : jointCost(cells, next, tasks, constants);
      if (next !== null && reached < cost) {
        gain = cost - reached;
        state = next;
        cost = reached;
        damping = Math.max(1e-9, damping * 0.2);
        break;
      }
      damping *= 5;
    }
    if (gain <= SETTLED * cost) break;
  }
  return state;
}

function moved(s: State, step: Step, families: number, traitKnown: boolean): State {
  const limit = (v: number): number => Math.min(1, Math.max(-1, v));
  return {
    slope: s.slope.map((v, t) => v + limit(step.slope[t] as number)),
    height: s.height.map((v, t) => v + (step.height[t] as number)),
    family: s.family.map((v, f) => v + (step.shared[f] as number)),
    own: s.own.map((v, i) => v + (step.own[i] as number)),
    trait: traitKnown ? s.trait + (step.shared[families] as number) : 0,
    common: s.common + (step.shared[families + 1] as number),
  };
}
