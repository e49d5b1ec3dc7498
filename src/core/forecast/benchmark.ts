/**
 * Benchmark backtests of a study: bounded scores brought to shares of the way from chance to the ceiling, both protocols
 * for each task, and for the mean over the tasks that the same models took (the aggregate is far easier to predict).
 */
import type { StudySeries } from '../study/study.ts';
import { BARE_FORMS, type BareForm } from './form.ts';
import { backtestHierarchy, modelScores } from './hierarchy.ts';
import { type LeftOut, leaveFamilyOut } from './leave-group-out.ts';
import {
  averageB,
  cutoffBacktest,
  type HeldOut,
  leaveRightmostOut,
  type NormalisedTask,
  type ProtocolA,
  type ProtocolB,
  summariseA,
} from './protocol.ts';
import { onScaledCompute } from './scaled-compute.ts';
import { scoreEnds } from './score-ends.ts';

/** Fewest points of a task for either protocol (Owen 2024). */
const FEWEST_ENTRIES = 10;

export interface BenchmarkBacktest {
  /** Every error in points of the normalised score; multiply by (ceiling - chance)/range for raw points. */
  readonly errorScale: 'points of the normalised score';
  /** What distances are measured along: scaled compute where every model says its parameters and tokens. */
  readonly axis: string;
  readonly models: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly protocolA: readonly ProtocolA[];
  readonly protocolB: readonly ProtocolB[];
  /** Each family predicted from the others, or why that cannot be. */
  readonly byFamily: readonly LeftOut[] | { readonly why: string };
}

export interface AggregateBacktest {
  readonly metric: string;
  readonly scale: string;
  /** As of one series. */
  readonly axis: string;
  readonly tasks: readonly string[];
  /** Models that have every task. */
  readonly models: number;
  readonly aggregate: { readonly protocolA: readonly ProtocolA[]; readonly protocolB: readonly ProtocolB[] };
  /** Misses of the single tasks pooled (A), and the mean over tasks (B). */
  readonly singleTasks: { readonly protocolA: readonly ProtocolA[]; readonly protocolB: readonly ProtocolB[] };
  /** Tasks left out, each with its reason. */
  readonly left: readonly { readonly task: string; readonly why: string }[];
}

/** A series as the protocols want it; null for unbounded metrics. */
export function normalisedTask(series: StudySeries): NormalisedTask | null {
  const ends = scoreEnds(series);
  if (ends === null) return null;
  const points = series.points.filter((p) => p.x > 0 && Number.isFinite(p.y));
  return {
    task: series.task,
    x: Float64Array.from(points, (p) => Math.log10(p.x)),
    y: Float64Array.from(points, (p) => (p.y - ends.floor) / (ends.ceiling - ends.floor)),
  };
}

/** Why a metric carries nothing to forecast: constant, or all of it at the floor or the ceiling. Null when it does. */
export function degenerateWhy(task: NormalisedTask): string | null {
  const { y } = task;
  if (y.length === 0) return 'no points';
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let floor = 0;
  let top = 0;
  for (const v of y) {
    low = Math.min(low, v);
    high = Math.max(high, v);
    if (Math.abs(v) < 0.005) floor++;
    if (v > 0.99) top++;
  }
  if (high - low < 1e-9) return `every model scores the same (${(100 * low).toFixed(1)} points)`;
  if (floor >= 0.9 * y.length && high < 0.05)
    return `degenerate: ${floor} of ${y.length} models score zero above chance`;
  if (top >= 0.9 * y.length) return `saturated: ${top} of ${y.length} models are at the ceiling`;
  return null;
}

const SCALED = 'scaled compute';

/** Both protocols on one series; null where the metric is unbounded, too short, or carries nothing. */
export function benchmarkBacktest(
  given: StudySeries,
  forms: readonly BareForm[] = BARE_FORMS,
): BenchmarkBacktest | { readonly why: string } | null {
  const scaled = onScaledCompute([given])?.[0];
  const series = scaled ?? given;
  const task = normalisedTask(series);
  const ends = scoreEnds(series);
  if (task === null || ends === null) return null;
  if (task.x.length < FEWEST_ENTRIES) return { why: `${task.x.length} points; ${FEWEST_ENTRIES} are needed.` };
  const degenerate = degenerateWhy(task);
  if (degenerate !== null) return { why: `Not scored, ${degenerate}.` };
  return {
    errorScale: 'points of the normalised score',
    axis: scaled === undefined ? series.scale : SCALED,
    models: task.x.length,
    floor: ends.floor,
    ceiling: ends.ceiling,
    protocolA: forms.map((form) => summariseA(form.id, [leaveRightmostOut(form, task)])),
    protocolB: forms.map((form) => cutoffBacktest(form, task)),
    byFamily: leaveFamilyOut(series, forms),
  };
}

/** Series of bounded scores that differ in their task alone: same metric, scale, family and other facets. */
export function taskGroups(series: readonly StudySeries[]): StudySeries[][] {
  const groups = new Map<string, StudySeries[]>();
  for (const one of series) {
    if (one.aggregate || scoreEnds(one) === null) continue;
    const apart = Object.entries(one.facets).filter(([name, value]) => name !== 'task' && value !== one.task);
    const key = JSON.stringify([one.metric, one.scale, one.family, apart]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** The mean over tasks for every group of series that share metric, scale and models. */
export function aggregateBacktests(
  series: readonly StudySeries[],
  forms: readonly BareForm[] = BARE_FORMS,
): AggregateBacktest[] {
  return taskGroups(series).flatMap((members) => {
    const record = members.length < 2 ? null : aggregateOf(members, forms);
    return record === null ? [] : [record];
  });
}

function aggregateOf(given: readonly StudySeries[], forms: readonly BareForm[]): AggregateBacktest | null {
  const scaled = onScaledCompute(given);
  const members = scaled ?? given;
  const left: { task: string; why: string }[] = [];
  const used: { series: StudySeries; task: NormalisedTask }[] = [];
  for (const one of members) {
    const task = normalisedTask(one) as NormalisedTask;
    const why = task.x.length < FEWEST_ENTRIES ? `${task.x.length} points` : degenerateWhy(task);
    if (why === null) used.push({ series: one, task });
    else left.push({ task: one.task, why });
  }
  const average = meanOverTasks(used.map((u) => u.series));
  if (used.length < 2 || average === null) return null;
  const parts = forms.map((form) => used.map(({ task }): HeldOut => leaveRightmostOut(form, task)));
  const cuts = forms.map((form) => used.map(({ task }) => cutoffBacktest(form, task)));
  const first = used[0]?.series as StudySeries;
  const together = backtestHierarchy(modelScores(used.map((u) => u.series)), used.length);
  return {
    metric: first.metric,
    scale: first.scale,
    axis: scaled === null ? first.scale : SCALED,
    tasks: used.map((u) => u.series.task),
    models: average.x.length,
    aggregate: {
      protocolA: [...forms.map((form) => summariseA(form.id, [leaveRightmostOut(form, average)])), together.mean],
      protocolB: [...forms.map((form) => cutoffBacktest(form, average)), together.meanB],
    },
    singleTasks: {
      protocolA: [...forms.map((form, i) => summariseA(form.id, parts[i] ?? [])), together.single],
      protocolB: [...forms.map((form, i) => averageB(form.id, cuts[i] ?? [])), together.singleB],
    },
    left,
  };
}

/** Mean of normalised scores over the models that have every task; null for fewer than ten such models. */
export function meanOverTasks(members: readonly StudySeries[]): NormalisedTask | null {
  const models = new Map<string, { x: number; sum: number; tasks: number; seen: number }>();
  members.forEach((one, index) => {
    const ends = scoreEnds(one);
    if (ends === null) return;
    for (const p of one.points) {
      if (!(p.x > 0 && Number.isFinite(p.y))) continue;
      const model = models.get(p.model) ?? { x: Math.log10(p.x), sum: 0, tasks: 0, seen: -1 };
      // A model listed twice for a task counts once.
      if (model.seen !== index) {
        model.sum += (p.y - ends.floor) / (ends.ceiling - ends.floor);
        model.tasks++;
        model.seen = index;
      }
      models.set(p.model, model);
    }
  });
  const complete = [...models.values()].filter((m) => m.tasks === members.length).sort((a, b) => a.x - b.x);
  if (complete.length < FEWEST_ENTRIES) return null;
  return {
    task: 'mean over tasks',
    x: Float64Array.from(complete, (m) => m.x),
    y: Float64Array.from(complete, (m) => m.sum / m.tasks),
  };
}
