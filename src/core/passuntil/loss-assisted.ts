/**
 * Loss-assisted estimation for instances with too few passes: across instances with passes, ln(−ln p) = a + b ln(loss)
 * of the reference answer; the loss of a hard instance is carried to the target size by its own power law in N and then
 * mapped (emergence.md §5.2: the published functional form could not be read, this one is ours).
 */
import { fitLine } from '../stats/linear.ts';
import { correlation } from '../stats/moments.ts';
import type { InstanceCount } from './counts.ts';
import { unbiased } from './estimators.ts';

export interface LossMap {
  readonly intercept: number;
  readonly slope: number;
  readonly points: number;
  /** Share of the variance of ln(−ln p) that the map explains. */
  readonly r2: number;
}

/** The line of y on x; null where x does not vary. */
function lineOf(x: readonly number[], y: readonly number[]): { intercept: number; slope: number } | null {
  return new Set(x).size < 2 ? null : fitLine(x, y);
}

/** The map from reference loss to pass probability; null where the table has no losses or too few passes. */
export function lossMap(rows: readonly InstanceCount[]): LossMap | null {
  const x: number[] = [];
  const y: number[] = [];
  for (const row of rows) {
    const p = unbiased(row);
    if (row.loss === null || p === null || p <= 0 || p >= 1) continue;
    x.push(Math.log(row.loss));
    y.push(Math.log(-Math.log(p)));
  }
  if (x.length < 5) return null;
  const fit = lineOf(x, y);
  // Pass rates that do not vary lie on the map without a rest.
  const r = correlation(x, y) ?? 1;
  return fit === null ? null : { intercept: fit.intercept, slope: fit.slope, points: x.length, r2: r * r };
}

/** Pass probability of one instance at a size by way of its loss; null with fewer than two losses. */
export function throughLoss(map: LossMap, rows: readonly InstanceCount[], params: number): number | null {
  const known = rows.filter((r) => r.loss !== null);
  const fit = lineOf(
    known.map((r) => Math.log(r.params)),
    known.map((r) => Math.log(r.loss as number)),
  );
  if (fit === null) return null;
  const lnLoss = fit.intercept + fit.slope * Math.log(params);
  return Math.exp(-Math.exp(Math.min(8, Math.max(-30, map.intercept + map.slope * lnLoss))));
}
