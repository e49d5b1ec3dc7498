/** The tasks of `../shared/data/predictability` as the protocols want them. */
import type { ModelScores } from '../../../src/core/forecast/hierarchy.ts';
import type { NormalisedTask } from '../../../src/core/forecast/protocol.ts';
import { type Row, referenceCsv, referenceJson } from '../shape/reference-data.ts';

const FOLDER = 'predictability';
/** The benchmarks that HIERARCHY was chosen on. */
export const BENCHMARKS = ['bbh_fewshot', 'std8', 'bbh_cot', 'emergent'];
/** The scale that they are read along. */
export const AXIS = 'scaled_compute_flop';

export function scoreRows(): Row[] {
  return referenceCsv(`${FOLDER}/scores_long.csv`);
}

export function predictability<T>(): T {
  return referenceJson<T>(`${FOLDER}/reference.json`);
}

export function normalised(row: Row): number {
  return (Number(row['score']) - Number(row['chance'])) / (1 - Number(row['chance']));
}

/** A task with the family of each of its models. */
export interface FamilyTask extends NormalisedTask {
  readonly families: readonly string[];
}

/** Tasks of one benchmark along one axis, and their mean over the models that have all of them. */
export function tasksOf(
  rows: readonly Row[],
  benchmark: string,
  axis: string,
): { tasks: FamilyTask[]; average: FamilyTask } {
  const mine = rows.filter((r) => r['benchmark'] === benchmark && r[axis] !== '');
  const names = [...new Set(mine.map((r) => r['task'] ?? ''))];
  const toTask = (task: string, points: { x: number; y: number; family: string }[]): FamilyTask => {
    points.sort((a, b) => a.x - b.x);
    return {
      task,
      x: Float64Array.from(points, (p) => p.x),
      y: Float64Array.from(points, (p) => p.y),
      families: points.map((p) => p.family),
    };
  };
  const tasks = names.map((task) =>
    toTask(
      task,
      mine
        .filter((r) => r['task'] === task)
        .map((r) => ({ x: Math.log10(Number(r[axis])), y: normalised(r), family: r['family'] ?? '' })),
    ),
  );
  const models = new Map<string, { x: number; sum: number; count: number; family: string }>();
  for (const row of mine) {
    const model = models.get(row['model'] ?? '') ?? {
      x: Math.log10(Number(row[axis])),
      sum: 0,
      count: 0,
      family: row['family'] ?? '',
    };
    model.sum += normalised(row);
    model.count++;
    models.set(row['model'] ?? '', model);
  }
  const complete = [...models.values()].filter((m) => m.count === names.length);
  return {
    tasks,
    average: toTask(
      'average',
      complete.map((m) => ({ x: m.x, y: m.sum / m.count, family: m.family })),
    ),
  };
}

/** Models × tasks of one benchmark, sorted by scaled compute. */
export function benchmarkModels(benchmark: string): { models: ModelScores[]; tasks: number; names: string[] } {
  const rows = scoreRows().filter((r) => r['benchmark'] === benchmark && r[AXIS] !== '');
  const names = [...new Set(rows.map((r) => r['task'] ?? ''))];
  const models = new Map<string, ModelScores>();
  for (const r of rows) {
    const model = models.get(r['model'] ?? '') ?? {
      model: r['model'] ?? '',
      family: r['family'] ?? null,
      x: Math.log10(Number(r[AXIS])),
      trait: Math.log10(Number(r['tokens']) / Number(r['params'])),
      y: new Float64Array(names.length).fill(Number.NaN),
    };
    model.y[names.indexOf(r['task'] ?? '')] = normalised(r);
    models.set(model.model, model);
  }
  return { models: [...models.values()].sort((a, b) => a.x - b.x), tasks: names.length, names };
}
