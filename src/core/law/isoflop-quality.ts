/**
 * Quality control of IsoFLOP profiles before any fit, as Open-Athena/scaling-law-analysis publishes it: six steps in order, each
 * on the rows that are still clean, every dropped row with its reason. It looks at ln L on ln N where the fit looks at L.
 */
import { akimaSpline } from '../stats/akima.ts';
import { tQuantile } from '../stats/distribution.ts';
import { median } from '../stats/quantile.ts';
import { fitParabola } from './isoflop-parabola.ts';

export type QualityReason =
  | 'exact_duplicate'
  | 'near_duplicate_params'
  | 'too_few_points'
  | 'off_center'
  | 'spline_outlier'
  | 'weak_curvature';

interface QualityRow {
  /** Budget, FLOP. */
  readonly compute: number;
  readonly params: number;
  readonly tokens: number;
  readonly loss: number;
}

/** Smallest budget that is kept. */
const FEWEST_ROWS = 6;
/** Sizes closer than this in ln N are the same size. */
const SAME_SIZE = 0.01;
/** Radius of a profile in units of the distance from its vertex to the nearer end. */
const RADIUS = 2.5;
/** Robust z-score beyond which a row is off the curve of its neighbours. */
export const SPLINE_THRESHOLD = 6;

/** The rows on their way through the steps. */
interface Sieve {
  readonly rows: readonly QualityRow[];
  readonly budgets: readonly number[];
  /** Rows of a budget that are still in, by index. */
  clean(compute: number): number[];
  drop(which: readonly number[], why: QualityReason): void;
}

/**
 * Reason per row, null for rows that stay. `threshold` is the robust z of step 4 (6 unless the data's own protocol says
 * otherwise: 3 was published for one extraction of the Chinchilla figure).
 */
export function qualityControl(
  rows: readonly QualityRow[],
  threshold: number = SPLINE_THRESHOLD,
): (QualityReason | null)[] {
  const reasons: (QualityReason | null)[] = rows.map(() => null);
  const budgets = [...new Set(rows.map((row) => row.compute))].sort((a, b) => a - b);
  const members = new Map<number, number[]>(budgets.map((compute) => [compute, []]));
  rows.forEach((row, i) => members.get(row.compute)?.push(i));
  const sieve: Sieve = {
    rows,
    budgets,
    clean: (compute) => (members.get(compute) ?? []).filter((i) => reasons[i] === null),
    drop: (which, why) => {
      for (const i of which) reasons[i] = why;
    },
  };
  dropRepeats(sieve);
  dropSmall(sieve);
  dropOffCentre(sieve);
  dropSplineOutliers(sieve, threshold);
  dropWeakCurvature(sieve);
  dropSmall(sieve);
  return reasons;
}

/** Step 1: of rows of one size, and of sizes within {@link SAME_SIZE}, one stays. */
function dropRepeats({ rows, budgets, clean, drop }: Sieve): void {
  for (const compute of budgets) {
    dropDuplicates(rows, clean(compute), (row) => row.params, 'exact_duplicate', drop);
    const left = clean(compute).sort((i, j) => rows[i]!.params - rows[j]!.params);
    let first = Number.NaN;
    const bin = new Map<number, number>();
    let current = -1;
    for (const i of left) {
      const lnN = Math.log(rows[i]!.params);
      if (!(lnN - first <= SAME_SIZE)) {
        first = lnN;
        current++;
      }
      bin.set(i, current);
    }
    const binOf = (_: QualityRow, i: number): number => bin.get(i) ?? -1;
    dropDuplicates(rows, left, binOf, 'near_duplicate_params', drop);
  }
}

/** Steps 2 and 6. */
function dropSmall({ budgets, clean, drop }: Sieve): void {
  for (const compute of budgets) {
    const left = clean(compute);
    if (left.length < FEWEST_ROWS) drop(left, 'too_few_points');
  }
}

/** Step 3: rows farther from the vertex than {@link RADIUS} times its nearer end, or all where it lies outside. */
function dropOffCentre({ rows, budgets, clean, drop }: Sieve): void {
  for (const compute of budgets) {
    const left = clean(compute);
    if (left.length < 3) continue;
    const lnN = left.map((i) => Math.log(rows[i]!.params));
    const curve = fitParabola(
      lnN,
      left.map((i) => Math.log(rows[i]!.loss)),
    );
    if (curve === null || !Number.isFinite(curve.vertex)) continue;
    const low = lnN.reduce((a, b) => Math.min(a, b));
    const high = lnN.reduce((a, b) => Math.max(a, b));
    if (curve.vertex <= low || curve.vertex >= high) {
      drop(left, 'off_center');
      continue;
    }
    const radius = RADIUS * Math.min(curve.vertex - low, high - curve.vertex);
    drop(
      left.filter((_, j) => Math.abs(lnN[j]! - curve.vertex) > radius),
      'off_center',
    );
  }
}

/** Step 4: rows off the Akima spline through the others of their budget, judged against all budgets together. */
function dropSplineOutliers({ rows, budgets, clean, drop }: Sieve, threshold: number): void {
  const residuals: { readonly i: number; readonly r: number }[] = [];
  for (const compute of budgets) {
    const left = clean(compute).sort((i, j) => rows[i]!.params - rows[j]!.params);
    if (left.length < 4) continue;
    for (const i of left) {
      const others = left.filter((j) => j !== i);
      const spline = akimaSpline(
        others.map((j) => Math.log(rows[j]!.params)),
        others.map((j) => rows[j]!.loss),
      );
      if (spline !== null) residuals.push({ i, r: rows[i]!.loss - spline.at(Math.log(rows[i]!.params)) });
    }
  }
  if (residuals.length === 0) return;
  const centre = median(residuals.map((entry) => entry.r));
  const mad = median(residuals.map((entry) => Math.abs(entry.r - centre)));
  if (!(mad > 0)) return;
  drop(
    residuals.filter((entry) => (0.6745 * Math.abs(entry.r - centre)) / mad > threshold).map((entry) => entry.i),
    'spline_outlier',
  );
}

/** Step 5: budgets whose curvature is not above zero by its 95 % interval. */
function dropWeakCurvature({ rows, budgets, clean, drop }: Sieve): void {
  for (const compute of budgets) {
    const left = clean(compute);
    if (left.length === 0) continue;
    const curve = fitParabola(
      left.map((i) => Math.log(rows[i]!.params)),
      left.map((i) => Math.log(rows[i]!.loss)),
    );
    const df = left.length - 3;
    if (curve === null || df < 1 || !(curve.q2 > 0) || !(curve.q2 - tQuantile(0.975, df) * curve.q2Error > 0)) {
      drop(left, 'weak_curvature');
    }
  }
}

/** Of rows with the same key keeps the one whose 6ND is nearest to the budget, then the lowest loss. */
function dropDuplicates(
  rows: readonly QualityRow[],
  which: readonly number[],
  key: (row: QualityRow, i: number) => number,
  why: QualityReason,
  drop: (which: readonly number[], why: QualityReason) => void,
): void {
  const best = new Map<number, number>();
  const gap = (row: QualityRow): number => Math.abs(6 * row.params * row.tokens - row.compute);
  const better = (i: number, j: number): boolean => {
    const difference = gap(rows[i]!) - gap(rows[j]!);
    return difference < 0 || (difference === 0 && rows[i]!.loss < rows[j]!.loss);
  };
  for (const i of which) {
    const k = key(rows[i]!, i);
    const kept = best.get(k);
    if (kept === undefined || better(i, kept)) best.set(k, i);
  }
  const keep = new Set(best.values());
  drop(
    which.filter((i) => !keep.has(i)),
    why,
  );
}
