/** What a forecast says stays inside the metric's own range, and so does what a backtest holds it to. */
import type { StudySeries } from '../study/study.ts';

/** Inside the metric's own range. */
export function clamp(series: StudySeries, y: number): number {
  let v = y;
  if (series.lower !== null && v < series.lower) v = series.lower;
  if (series.upper !== null && v > series.upper) v = series.upper;
  return v;
}
