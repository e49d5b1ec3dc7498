/**
 * Compute budgets of IsoFLOP profiles: rows with equal nominal compute form a budget; where compute is measured and every row
 * has its own, rows within ten per cent of each other do.
 */
import type { Exclusion } from '../report-model.ts';
import type { Point } from '../study/study.ts';
import { computeOf, paramsOf, tokensOf } from './chinchilla-points.ts';
import type { BudgetRows } from './isoflop-parabola.ts';
import type { FitInput } from './law.ts';

/** Budgets are nominal when they hold at least this many rows on average. */
const ROWS_PER_NOMINAL_BUDGET = 2.5;
const MEASURED_WIDTH = Math.log(1.1);

export interface IsoflopRows {
  readonly points: readonly Point[];
  /** Budget of each point, FLOP. */
  readonly budgets: Float64Array;
  readonly excluded: readonly Exclusion[];
  readonly notes: readonly string[];
}

/** Usable rows with their budget; the nominal value is the budget, or the median compute of a cluster. */
export function isoflopRows(input: FitInput): IsoflopRows {
  const scale = input.series.scale;
  const points: Point[] = [];
  const excluded: Exclusion[] = [];
  for (const point of input.points) {
    const params = paramsOf(point, scale);
    const tokens = tokensOf(point, scale);
    const compute = computeOf(point, scale);
    const why =
      !(point.y > 0) || !Number.isFinite(point.y)
        ? `loss ${point.y} is not positive`
        : !Number.isFinite(params)
          ? 'parameters unknown'
          : !Number.isFinite(tokens)
            ? 'tokens unknown (neither tokens nor compute)'
            : Number.isFinite(compute)
              ? null
              : 'compute unknown';
    if (why !== null) excluded.push({ row: point.row, why });
    else points.push({ ...point, params, tokens, compute });
  }
  const lnC = Float64Array.from(points, (p) => Math.log(p.compute!));
  const order = Array.from(lnC.keys()).sort((i, j) => lnC[i]! - lnC[j]!);
  const cluster = (width: number): Int32Array => {
    const id = new Int32Array(lnC.length);
    let current = -1;
    let first = Number.NEGATIVE_INFINITY;
    for (const i of order) {
      if (!(lnC[i]! - first <= width)) {
        current++;
        first = lnC[i]!;
      }
      id[i] = current;
    }
    return id;
  };
  const notes: string[] = [];
  let id = cluster(1e-6);
  const count = (of: Int32Array): number => of.reduce((most, value) => Math.max(most, value + 1), 0);
  if (points.length > 0 && points.length / count(id) < ROWS_PER_NOMINAL_BUDGET) {
    id = cluster(MEASURED_WIDTH);
    notes.push('Compute is measured, not nominal: rows within 10 % of each other were taken as one budget.');
  }
  const members = new Map<number, number[]>();
  for (const i of order) {
    const known = members.get(id[i]!);
    if (known === undefined) members.set(id[i]!, [i]);
    else known.push(i);
  }
  const budgets = new Float64Array(points.length);
  for (const which of members.values()) {
    const nominal = points[which[which.length >> 1]!]!.compute!;
    for (const i of which) budgets[i] = nominal;
  }
  return { points, budgets, excluded, notes };
}

/** Rows by budget, ascending, from the points with the given indices. */
export function groupBudgets(
  rows: IsoflopRows,
  which: readonly number[],
): (BudgetRows & { readonly index: readonly number[] })[] {
  const members = new Map<number, number[]>();
  for (const i of which) {
    const known = members.get(rows.budgets[i]!);
    if (known === undefined) members.set(rows.budgets[i]!, [i]);
    else known.push(i);
  }
  return [...members.entries()]
    .sort(([a], [b]) => a - b)
    .map(([compute, index]) => ({
      compute,
      index,
      params: Float64Array.from(index, (i) => rows.points[i]!.params!),
      tokens: Float64Array.from(index, (i) => rows.points[i]!.tokens!),
      loss: Float64Array.from(index, (i) => rows.points[i]!.y),
    }));
}
