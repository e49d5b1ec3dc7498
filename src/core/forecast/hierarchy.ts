/**
 * Forecasts of many tasks at once: one sigmoid per task whose slope is drawn towards the tasks' common slope, and an
 * offset per model family on the logit scale, shared over tasks where a family has few models. Families differ more than
 * tasks do, and a family's smaller members say where its larger ones will stand. The mean over tasks averages what the
 * tasks' own curves and the curve of the mean say.
 */
import type { StudySeries } from '../study/study.ts';
import { type BareSigmoid, fitBareSigmoid, logistic } from './bare-sigmoid.ts';
import { averageB, type HeldOut, type ProtocolA, type ProtocolB, summariseA } from './protocol.ts';
import { scoreEnds } from './score-ends.ts';

/** A model with its normalised scores; NaN where a task was not measured. */
export interface ModelScores {
  readonly model: string;
  readonly family: string | null;
  /** log10 of the scale. */
  readonly x: number;
  readonly y: Float64Array;
}

export interface Hierarchy {
  /** Normalised score of a task for a model of a family at log10 x. */
  predict(task: number, x: number, family: string | null): number;
  /** Mean over tasks. */
  mean(x: number, family: string | null): number;
}

/** Chosen once on two of the four benchmark sets, the same on all (docs/trust.md). */
const CENTRE = Math.log(1.2);
const COMMON = 0.5;
const TASK_SD = 0.25;
const FIRST_SD = 0.5;
const RESIDUAL = 0.1;
/** Family offsets: prior weight in models, of a family over tasks and of a task within it. */
const FAMILY_WEIGHT = 0.3;
const TASK_WEIGHT = 1;
/** Decades over which the smaller members of a family lose their say. */
const MEMORY = 1;
const FEWEST = 4;

/** Warm starts from the fit on one model more or less. */
export interface HierarchyWarm {
  readonly tasks: readonly BareSigmoid[];
  readonly whole: BareSigmoid | null;
}

/**
 * @param models sorted by x
 * @returns null when a task has fewer than four models
 */
export function fitHierarchy(
  models: readonly ModelScores[],
  tasks: number,
  warm: HierarchyWarm | null = null,
): (Hierarchy & { readonly warm: HierarchyWarm }) | null {
  const last = models[models.length - 1]?.x ?? 0;
  const columns = Array.from({ length: tasks }, (_, t) => {
    const mine = models.filter((m) => !Number.isNaN(m.y[t] as number));
    return {
      models: mine,
      x: Float64Array.from(mine, (m) => m.x),
      y: Float64Array.from(mine, (m) => m.y[t] as number),
    };
  });
  if (columns.some((c) => c.x.length < FEWEST)) return null;
  const wide = { centre: CENTRE, sd: FIRST_SD, residual: RESIDUAL };
  const first = columns.map(
    (c, t) => fitBareSigmoid(c.x, c.y, wide, undefined, null, warm?.tasks[t] ?? null) as BareSigmoid,
  );
  const common = first.reduce((s, f) => s + Math.log(f.k), 0) / tasks;
  const narrow = { centre: CENTRE + COMMON * (common - CENTRE), sd: TASK_SD, residual: RESIDUAL };
  const curves = columns.map(
    (c, t) => fitBareSigmoid(c.x, c.y, narrow, undefined, null, first[t] ?? null) as BareSigmoid,
  );
  const at = (curve: BareSigmoid, x: number): number => logistic(curve.k * (x - curve.x0));

  const own: Map<string, [number, number]>[] = [];
  const shared = new Map<string, [number, number]>();
  columns.forEach((column, t) => {
    const offsets = new Map<string, [number, number]>();
    column.models.forEach((m, i) => {
      if (m.family === null) return;
      const weight = Math.exp(-(last - m.x) / MEMORY);
      const miss = weight * (logit(column.y[i] as number, 0.03) - logit(at(curves[t] as BareSigmoid, m.x), 0.03));
      for (const book of [offsets, shared]) {
        const entry = book.get(m.family) ?? [0, 0];
        book.set(m.family, [entry[0] + miss, entry[1] + weight]);
      }
    });
    own.push(offsets);
  });
  const predict = (task: number, x: number, family: string | null): number => {
    const base = logit(at(curves[task] as BareSigmoid, x), 1e-6);
    if (family === null) return logistic(base);
    const everywhere = shared.get(family);
    if (everywhere === undefined) return logistic(base);
    const general = everywhere[0] / tasks / (everywhere[1] / tasks + FAMILY_WEIGHT);
    const here = own[task]?.get(family) ?? [0, 0];
    return logistic(base + (here[0] + TASK_WEIGHT * general) / (here[1] + TASK_WEIGHT));
  };

  const complete = models.filter((m) => m.y.every((v) => !Number.isNaN(v)));
  const average = Float64Array.from(complete, (m) => m.y.reduce((s, v) => s + v, 0) / tasks);
  const whole =
    complete.length < FEWEST
      ? null
      : fitBareSigmoid(
          Float64Array.from(complete, (m) => m.x),
          average,
          wide,
          undefined,
          null,
          warm?.whole ?? null,
        );
  const wholeOffsets = new Map<string, [number, number]>();
  if (whole !== null) {
    complete.forEach((m, i) => {
      if (m.family === null) return;
      const weight = Math.exp(-(last - m.x) / MEMORY);
      const miss = weight * (logit(average[i] as number, 0.03) - logit(at(whole, m.x), 0.03));
      const entry = wholeOffsets.get(m.family) ?? [0, 0];
      wholeOffsets.set(m.family, [entry[0] + miss, entry[1] + weight]);
    });
  }
  return {
    predict,
    mean: (x, family) => {
      let sum = 0;
      for (let t = 0; t < tasks; t++) sum += predict(t, x, family);
      const parts = sum / tasks;
      if (whole === null) return parts;
      const entry = family === null ? undefined : wholeOffsets.get(family);
      const offset = entry === undefined ? 0 : entry[0] / (entry[1] + FAMILY_WEIGHT);
      return 0.5 * (parts + logistic(logit(at(whole, x), 1e-6) + offset));
    },
    warm: { tasks: first, whole },
  };
}

function logit(p: number, edge: number): number {
  const q = Math.min(1 - edge, Math.max(edge, p));
  return Math.log(q / (1 - q));
}

/** The models of several series of bounded scores, sorted by x; ties keep file order. */
export function modelScores(members: readonly StudySeries[]): ModelScores[] {
  const models = new Map<string, { model: string; family: string | null; x: number; y: Float64Array }>();
  members.forEach((one, t) => {
    const ends = scoreEnds(one);
    if (ends === null) return;
    for (const p of one.points) {
      if (!(p.x > 0 && Number.isFinite(p.y))) continue;
      const known = models.get(p.model) ?? {
        model: p.model,
        family: p.family,
        x: Math.log10(p.x),
        y: new Float64Array(members.length).fill(Number.NaN),
      };
      if (Number.isNaN(known.y[t] as number)) known.y[t] = (p.y - ends.floor) / (ends.ceiling - ends.floor);
      models.set(p.model, known);
    }
  });
  return [...models.values()].sort((a, b) => a.x - b.x);
}

/** Protocols A and B of the hierarchy: single tasks pooled, and the mean over tasks. */
export function backtestHierarchy(
  models: readonly ModelScores[],
  tasks: number,
): { single: ProtocolA; mean: ProtocolA; singleB: ProtocolB; meanB: ProtocolB } {
  const single: HeldOut = { distance: [], error: [] };
  const mean: HeldOut = { distance: [], error: [] };
  const cutSingle: number[] = [];
  const cutMean: number[] = [];
  const n = models.length;
  let warm: HierarchyWarm | null = null;
  const smallest = Math.max(FEWEST, n - Math.floor(0.7 * n + 1e-9));
  for (let keep = n - 1; keep >= smallest; keep--) {
    const fitted = fitHierarchy(models.slice(0, keep), tasks, warm);
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
        const error = fitted.predict(t, m.x, m.family) - y;
        single.distance.push(distance);
        single.error.push(error);
        if (distance > 0 && distance <= 1) within.push(Math.abs(error));
      }
      if (Number.isNaN(sum)) continue;
      const error = fitted.mean(m.x, m.family) - sum / tasks;
      mean.distance.push(distance);
      mean.error.push(error);
      if (distance > 0 && distance <= 1) withinMean.push(Math.abs(error));
    }
    if (keep >= 10 && (models[keep]?.x ?? last) > last) {
      if (within.length > 0) cutSingle.push((100 * within.reduce((s, v) => s + v, 0)) / within.length);
      if (withinMean.length > 0) cutMean.push((100 * withinMean.reduce((s, v) => s + v, 0)) / withinMean.length);
    }
  }
  const toB = (values: readonly number[]): ProtocolB =>
    averageB('hierarchy', [
      {
        form: 'hierarchy',
        mean: values.length === 0 ? null : values.reduce((s, v) => s + v, 0) / values.length,
        signed: values.length === 0 ? null : 0,
        cutoffs: values.length,
      },
    ]);
  return {
    single: summariseA('hierarchy', [single]),
    mean: summariseA('hierarchy', [mean]),
    singleB: { ...toB(cutSingle), signed: null },
    meanB: { ...toB(cutMean), signed: null },
  };
}
