/**
 * Which laws to try on a series, and which of the fitted ones to believe: AICc among laws small enough for the data
 * (k ≤ n/3), never a monotone law on a series that turns (trust.md §3).
 */
import type { FittedLaw, Law } from '../law/law.ts';
import type { Shape } from '../report-model.ts';
import type { Point, StudySeries } from '../study/study.ts';

const TURNING = new Set(['u-shaped', 'inverted-u', 'mixed']);

/** Ids of the laws that make sense for a series, without looking at fits. */
export function candidateLaws(series: StudySeries, points: readonly Point[]): string[] {
  const ids: string[] = [];
  const withSizes = points.filter((p) => p.params !== null && p.tokens !== null);
  if (series.isLoss) {
    ids.push('power', 'power-offset');
    if (withSizes.length === points.length && identifiesBoth(points)) ids.push('chinchilla');
    if (points.length >= 18) ids.push('bnsl1');
  } else if (series.lower !== null && series.upper !== null) {
    ids.push('sigmoid');
    if (points.length >= 18) ids.push('bnsl1');
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

/**
 * The law to believe, or null when none is fit to be believed.
 * @param fitted outcomes by law id; baselines are never chosen except `log-linear`, which is the description of last resort
 */
export function chooseLaw(
  fitted: ReadonlyMap<string, FittedLaw>,
  laws: ReadonlyMap<string, Law>,
  shape: Shape | null,
): string | null {
  const turning = shape !== null && TURNING.has(shape.label);
  let best: string | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const [id, outcome] of fitted) {
    const law = laws.get(id);
    if (law === undefined || (law.baseline && id !== 'log-linear')) continue;
    if (turning && law.monotone) continue;
    if (outcome.fit.aicc === null || outcome.fit.n < 3 * outcome.freeParameters) continue;
    if (outcome.fit.aicc < bestScore) {
      best = id;
      bestScore = outcome.fit.aicc;
    }
  }
  return best;
}
