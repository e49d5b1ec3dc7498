/** The tasks of `../shared/data/predictability` as the protocols want them. */
import type { NormalisedTask } from '../../../src/core/forecast/protocol.ts';
import { type Row, referenceCsv, referenceJson } from '../shape/reference-data.ts';

const FOLDER = 'predictability';

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
