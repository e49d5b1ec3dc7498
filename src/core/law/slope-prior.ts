/**
 * The prior on the slope of a sigmoid, without which fits of single tasks turn into steps, and how much it weighs. It is
 * weighed against the scatter of the scores: fixed at a tenth of the way from chance to the ceiling it also
 * bends fits of runs that lie on a smooth curve, and a ladder of one family is forecast two to four times worse.
 */
import { logistic } from '../stats/logistic.ts';
import { type BareSigmoid, fitBareSigmoid, OWEN_BOUNDS, type SigmoidBounds, type SlopePrior } from './bare-sigmoid.ts';

/** ln k ~ N(ln 1.2, 0.5) per decade, beside scores that scatter by a tenth: benchmarks over many model families. */
export const SLOPE_PRIOR: SlopePrior = { centre: Math.log(1.2), sd: 0.5, residual: 0.1 };

/** Smallest scatter of normalised scores that is believed: no benchmark of models repeats to better than a point. */
export const SHARPEST = 0.01;
/** Points that a slope and a place take. */
const FITTED = 2;
const ROUNDS = 6;
/** Points beyond which every so many are looked at: the prior no longer decides anything. */
const MOST = 400;

/**
 * The slope prior with the scatter that the scores themselves show, never more than the fixed one. Points near chance and
 * near the ceiling lie close to any sigmoid and tell nothing: a point at share s counts as 4 s (1 − s) of one.
 *
 * @param x log10 of the scale, ascending
 * @param y normalised scores
 */
export function measuredPrior(x: Float64Array, y: Float64Array, bounds: SigmoidBounds = OWEN_BOUNDS): SlopePrior {
  const step = Math.ceil(x.length / MOST);
  const every = (values: Float64Array): Float64Array => (step === 1 ? values : values.filter((_, i) => i % step === 0));
  const someX = every(x);
  const someY = every(y);
  let prior = SLOPE_PRIOR;
  let fit = fitBareSigmoid(someX, someY, prior, bounds);
  for (let round = 0; round < ROUNDS && fit !== null; round++) {
    const residual = scatter(someX, fit);
    if (Math.abs(Math.log(residual / prior.residual)) < 0.01) break;
    prior = { ...SLOPE_PRIOR, residual };
    fit = fitBareSigmoid(someX, someY, prior, bounds, fit);
  }
  return prior;
}

/** Scatter of the points that tell about the slope. */
function scatter(x: Float64Array, fit: BareSigmoid): number {
  let telling = -FITTED;
  for (const at of x) {
    const s = logistic(fit.k * (at - fit.x0));
    telling += 4 * s * (1 - s);
  }
  if (telling <= 0) return SLOPE_PRIOR.residual;
  return Math.min(SLOPE_PRIOR.residual, Math.max(SHARPEST, Math.sqrt(fit.rss / telling)));
}
