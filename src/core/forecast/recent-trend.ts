/**
 * What the newest points alone would say: a rival that sees a change which a law fitted to everything averages away. For
 * losses a line in log-log through the last third of the points; for bounded scores a sigmoid whose slope is free to
 * follow the data. Its disagreement with the forecast widens the interval.
 */

import { type BareSigmoid, fitBareSigmoid } from '../law/bare-sigmoid.ts';
import { SHARPEST, SLOPE_PRIOR } from '../law/slope-prior.ts';
import { fitLine } from '../stats/linear.ts';
import { logistic } from '../stats/logistic.ts';
import type { StudySeries } from '../study/study.ts';
import { linearBare, type Predictor } from './form.ts';
import { remembered } from './remembered.ts';
import { scoreEnds } from './score-ends.ts';

/** Fewest points that leave a newest third worth looking at. */
const FEWEST = 8;
/** Dense curves are tested by their own rolling backtest; a line through their tail adds nothing. */
const DENSE = 40;
/** The slope prior with twice its width: the newest points may disagree with all of them. */
const PRIOR = { ...SLOPE_PRIOR, sd: 1 } as const;

const known = new WeakMap<StudySeries, Map<number, Predictor | null>>();

/**
 * @param last x of the last fitted point
 * @returns ln y for losses, y for scores; null where the newest points say nothing of their own
 */
export function recentTrend(series: StudySeries, last: number, x: number): number | null {
  // The caller derives it from a horizon: without rounding every place of a curve would ask for a fit of its own.
  const lastFitted = Number(last.toPrecision(9));
  const answers = remembered(known, series, () => new Map<number, Predictor | null>());
  const predict = remembered(answers, lastFitted, () => fitTrend(series, lastFitted));
  const value = predict === null ? Number.NaN : predict(Math.log10(x));
  return Number.isFinite(value) ? value : null;
}

function fitTrend(series: StudySeries, lastFitted: number): Predictor | null {
  const points = series.points.filter((p) => p.x > 0 && p.x <= lastFitted * (1 + 1e-7) && Number.isFinite(p.y));
  if (points.length < FEWEST) return null;
  if (series.isLoss) {
    const newest = points.slice(-Math.max(4, Math.ceil(points.length / 3))).filter((p) => p.y > 0);
    if (points.length > DENSE || new Set(newest.map((p) => p.x)).size < 4) return null;
    return linearBare.fit(
      Float64Array.from(newest, (p) => Math.log10(p.x)),
      Float64Array.from(newest, (p) => Math.log(p.y)),
    );
  }
  const ends = scoreEnds(series);
  if (ends === null) return null;
  const span = ends.ceiling - ends.floor;
  const x = Float64Array.from(points, (p) => Math.log10(p.x));
  const y = Float64Array.from(points, (p) => (p.y - ends.floor) / span);
  // A sigmoid can only rise: on a score that falls it would be a rival without any support in the data.
  if (fitLine(x, y).slope < 0) return null;
  const fit = (residual: number, warm: BareSigmoid | null) =>
    fitBareSigmoid(x, y, { ...PRIOR, residual }, undefined, warm);
  // The prior weighs as much as the scatter leaves it: twice is enough to settle.
  let best = fit(PRIOR.residual, null);
  for (let round = 0; round < 2 && best !== null; round++) {
    best = fit(Math.max(SHARPEST, Math.sqrt(best.rss / Math.max(1, y.length - 2))), best);
  }
  if (best === null) return null;
  const { k, x0 } = best;
  return (at) => ends.floor + span * logistic(k * (at - x0));
}
