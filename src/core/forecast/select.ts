/**
 * Which laws to try on a series, before any of them is fitted: what the metric and the number of points allow. Which of
 * them to believe afterwards is the business of blend.ts.
 */
import { type Effort, FULL } from '../effort.ts';
import type { Shape } from '../report-model.ts';
import { isTurning } from '../shape/turning.ts';
import type { Point, StudySeries } from '../study/study.ts';

/** Ids of the laws that make sense for a series, without looking at fits. */
export function candidateLaws(
  series: StudySeries,
  points: readonly Point[],
  shape: Shape | null = null,
  effort: Effort = FULL,
): string[] {
  const turning = isTurning(shape);
  const ids: string[] = [];
  const withSizes = points.filter((p) => p.params !== null && p.tokens !== null);
  if (series.isLoss) {
    ids.push('power', 'power-offset');
    if (effort.flexibleLaws && points.length >= 9) ids.push('shifted-power');
    if (effort.flexibleLaws && points.length >= 12) ids.push('m4');
    if (withSizes.length === points.length && identifiesBoth(points)) ids.push('chinchilla');
    if ((turning || effort.flexibleLaws) && points.length >= 18) ids.push('bnsl1');
  } else if (series.lower !== null && series.upper !== null) {
    ids.push('sigmoid');
    // Broken laws cost more than all others together, and a bounded score believes them only where it turns.
    if (turning && points.length >= 18) ids.push('bnsl1');
  }
  ids.push('log-linear');
  return ids;
}

/** Two or more distinct N and D that are not one a function of the other (|correlation| of the logs below 0.995). */
function identifiesBoth(points: readonly Point[]): boolean {
  const n = points.map((p) => Math.log(p.params as number));
  const d = points.map((p) => Math.log(p.tokens as number));
  if (new Set(n).size < 3 || new Set(d).size < 3 || points.length < 7) return false;
  const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / v.length;
  const mn = mean(n);
  const md = mean(d);
  let nn = 0;
  let dd = 0;
  let nd = 0;
  for (let i = 0; i < n.length; i++) {
    const a = (n[i] as number) - mn;
    const b = (d[i] as number) - md;
    nn += a * a;
    dd += b * b;
    nd += a * b;
  }
  return Math.abs(nd) / Math.sqrt(nn * dd) < 0.995;
}
