/**
 * Loss-assisted estimation for instances with too few passes: across instances with passes, ln(−ln p) = a + b ln(loss)
 * of the reference answer; the loss of a hard instance is carried to the target size by its own power law in N and then
 * mapped (emergence.md §5.2: the published functional form could not be read, this one is ours).
 */
import type { InstanceCount } from './counts.ts';
import { unbiased } from './estimators.ts';

export interface LossMap {
  readonly intercept: number;
  readonly slope: number;
  readonly points: number;
  readonly r2: number;
}

/** Ordinary least squares; null with fewer than three points or no spread. */
export function line(
  x: readonly number[],
  y: readonly number[],
): { intercept: number; slope: number; r2: number } | null {
  const n = x.length;
  if (n < 2) return null;
  const mx = x.reduce((s, v) => s + v, 0) / n;
  const my = y.reduce((s, v) => s + v, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dx = (x[i] as number) - mx;
    const dy = (y[i] as number) - my;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (xx <= 0) return null;
  const slope = xy / xx;
  return { intercept: my - slope * mx, slope, r2: yy > 0 ? (xy * xy) / (xx * yy) : 1 };
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
  const fit = line(x, y);
  return fit === null ? null : { ...fit, points: x.length };
}

/** Pass probability of one instance at a size by way of its loss; null with fewer than two losses. */
export function throughLoss(map: LossMap, rows: readonly InstanceCount[], params: number): number | null {
  const known = rows.filter((r) => r.loss !== null);
  const fit = line(
    known.map((r) => Math.log(r.params)),
    known.map((r) => Math.log(r.loss as number)),
  );
  if (fit === null) return null;
  const lnLoss = fit.intercept + fit.slope * Math.log(params);
  return Math.exp(-Math.exp(Math.min(8, Math.max(-30, map.intercept + map.slope * lnLoss))));
}
