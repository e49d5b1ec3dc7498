/** Where a bounded score starts and ends: chance (or the worst value) and the ceiling, in units of y. */
import type { StudySeries } from '../study/study.ts';

/** Null for losses and unbounded metrics. */
export function scoreEnds(series: StudySeries): { readonly floor: number; readonly ceiling: number } | null {
  if (series.isLoss || series.lower === null || series.upper === null) return null;
  const lower = series.better === 'lower';
  const floor = series.chance?.value ?? (lower ? series.upper : series.lower);
  const ceiling = series.ceiling?.value ?? (lower ? series.lower : series.upper);
  return Math.abs(ceiling - floor) > 0 ? { floor, ceiling } : null;
}
