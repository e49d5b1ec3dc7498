/**
 * Which laws to try on a series, before any of them is fitted: what the metric and the number of points allow. Which of
 * them to believe afterwards is the business of blend.ts.
 */
import { type Effort, FULL } from '../effort.ts';
import type { Shape } from '../report-model.ts';
import { isTurning } from '../shape/turning.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { growTogether } from './grow-together.ts';

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

/** Enough distinct N and D, and not one a function of the other. */
function identifiesBoth(points: readonly Point[]): boolean {
  const distinct = (of: 'params' | 'tokens') => new Set(points.map((p) => p[of])).size;
  return points.length >= 7 && distinct('params') >= 3 && distinct('tokens') >= 3 && !growTogether(points);
}
