/**
 * Forecasts of many tasks at once. All tasks, families and models are fitted together: a sigmoid per task whose slope is
 * drawn towards the tasks' common slope, an offset per model family on the logit scale that is shared over tasks, another
 * per family and task, and a coefficient of tokens per parameter where those are known. Families differ more than tasks
 * do, and a family's smaller members say where its larger ones will stand; fitted one after the other, the rise from one
 * generation of families to the next would be taken for a rise with scale.
 */
import { SLOPE_PRIOR } from '../law/slope-prior.ts';
import { mean } from '../stats/moments.ts';
import type { StudySeries } from '../study/study.ts';
import type { HierarchyConstants } from './joint-posterior.ts';
import { FEWEST_MODELS, fitJoint, type JointOptimum, type ModelScores, type Place } from './joint-sigmoids.ts';
import { averageB, type HeldOut, type ProtocolA, type ProtocolB, summariseA } from './protocol.ts';
import { scoreEnds } from './score-ends.ts';

export type { ModelScores, Place } from './joint-sigmoids.ts';

export interface Hierarchy {
  /** Normalised score of a task. */
  predict(task: number, at: Place): number;
  /** Mean over tasks. */
  mean(at: Place): number;
  /** Common slope per decade. */
  readonly slope: number;
  /** Offset of a family on the logit scale, over all tasks; 0 for one that was not seen. */
  offset(family: string): number;
  /** Where the fit ended, to start the next one from. */
  readonly warm: JointOptimum;
}

/**
 * Chosen on all four benchmark sets together, from the grid of scripts/tables/held-out-constants.ts; what the choice is worth
 * on a set that had no part in it is tabulated in docs/trust.md. `centre` is that of laws.md §9, fixed before any run.
 */
export const HIERARCHY: HierarchyConstants = {
  centre: SLOPE_PRIOR.centre,
  slopeSd: 0.25,
  taskSlopeSd: 0.25,
  familySd: 0.6,
  familyTaskSd: 0.8,
  traitSd: 0.3,
  residual: SLOPE_PRIOR.residual,
  memory: 2,
};

/**
 * @param models sorted by x
 * @returns null when a task has fewer than four models
 */
export function fitHierarchy(
  models: readonly ModelScores[],
  tasks: number,
  warm: JointOptimum | null = null,
  constants: HierarchyConstants = HIERARCHY,
): Hierarchy | null {
  const joint = fitJoint(models, tasks, constants, warm);
  if (joint === null) return null;
  return {
    predict: joint.predict,
    mean: (at) => {
      let sum = 0;
      for (let t = 0; t < tasks; t++) sum += joint.predict(t, at);
      return sum / tasks;
    },
    slope: Math.exp(joint.end.common),
    offset: (family) => joint.end.families.get(family)?.everywhere ?? 0,
    warm: joint.end,
  };
}

/** The models of several series of bounded scores, sorted by x; ties keep file order. */
export function modelScores(members: readonly StudySeries[]): ModelScores[] {
  const models = new Map<string, ModelScores>();
  members.forEach((one, t) => {
    const ends = scoreEnds(one);
    if (ends === null) return;
    for (const p of one.points) {
      if (!(p.x > 0 && Number.isFinite(p.y))) continue;
      const known = models.get(p.model) ?? {
        model: p.model,
        family: p.family,
        x: Math.log10(p.x),
        trait: ratioOf(p.params, p.tokens),
        y: new Float64Array(members.length).fill(Number.NaN),
      };
      if (Number.isNaN(known.y[t] as number)) known.y[t] = (p.y - ends.floor) / (ends.ceiling - ends.floor);
      models.set(p.model, known);
    }
  });
  return [...models.values()].sort((a, b) => a.x - b.x);
}

/** log10 of tokens per parameter; null where either is not known. */
export function ratioOf(params: number | null | undefined, tokens: number | null | undefined): number | null {
  return params != null && tokens != null && params > 0 && tokens > 0 ? Math.log10(tokens / params) : null;
}

/** Protocols A and B of the hierarchy: single tasks pooled, and the mean over tasks. */
export function backtestHierarchy(
  models: readonly ModelScores[],
  tasks: number,
  constants: HierarchyConstants = HIERARCHY,
): { single: ProtocolA; byTask: ProtocolA[]; mean: ProtocolA; singleB: ProtocolB; meanB: ProtocolB } {
  const single: HeldOut[] = Array.from({ length: tasks }, () => ({ distance: [], error: [] }));
  const average: HeldOut = { distance: [], error: [] };
  const cutSingle: number[] = [];
  const cutMean: number[] = [];
  const n = models.length;
  let warm: JointOptimum | null = null;
  const smallest = Math.max(FEWEST_MODELS, n - Math.floor(0.7 * n + 1e-9));
  for (let keep = n - 1; keep >= smallest; keep--) {
    const fitted = fitHierarchy(models.slice(0, keep), tasks, warm, constants);
    if (fitted === null) continue;
    warm = fitted.warm;
    const last = (models[keep - 1] as ModelScores).x;
    const within: number[] = [];
    const withinMean: number[] = [];
    for (let i = keep; i < n; i++) {
      const m = models[i] as ModelScores;
      const distance = m.x - last;
      let sum = 0;
      for (let t = 0; t < tasks; t++) {
        const y = m.y[t] as number;
        sum += y;
        if (Number.isNaN(y)) continue;
        const error = fitted.predict(t, m) - y;
        single[t]?.distance.push(distance);
        single[t]?.error.push(error);
        if (distance > 0 && distance <= 1) within.push(Math.abs(error));
      }
      if (Number.isNaN(sum)) continue;
      const error = fitted.mean(m) - sum / tasks;
      average.distance.push(distance);
      average.error.push(error);
      if (distance > 0 && distance <= 1) withinMean.push(Math.abs(error));
    }
    if (keep >= 10 && (models[keep]?.x ?? last) > last) {
      if (within.length > 0) cutSingle.push(100 * mean(within));
      if (withinMean.length > 0) cutMean.push(100 * mean(withinMean));
    }
  }
  const toB = (values: readonly number[]): ProtocolB =>
    averageB('hierarchy', [
      {
        form: 'hierarchy',
        mean: values.length === 0 ? null : mean(values),
        signed: values.length === 0 ? null : 0,
        cutoffs: values.length,
      },
    ]);
  return {
    single: summariseA('hierarchy', single),
    byTask: single.map((one) => summariseA('hierarchy', [one])),
    mean: summariseA('hierarchy', [average]),
    singleB: { ...toB(cutSingle), signed: null },
    meanB: { ...toB(cutMean), signed: null },
  };
}
