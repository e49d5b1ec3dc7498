/**
 * Where an ability starts, by the default definition: the break of the flat-then-rise curve, with an interval from
 * resampling the models. The other published definitions stand beside it in threshold-definitions.ts.
 */
import type { Threshold } from '../report-model.ts';
import { quantileSorted, sortedCopy } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import { bootstrapBreaks } from './hinge.ts';
import type { Oriented } from './orient.ts';
import type { RegressionResult } from './regression.ts';

/**
 * Refits behind the interval: 300, and 2000 from thirty models on, where the breaks found cluster at gaps between sizes and
 * with 300 the ends still jump by 0.1 decades from seed to seed.
 */
export function hingeResamples(models: number): number {
  return models < 30 ? 300 : 2000;
}

/** Fewest successful refits that make an interval. */
export const FEWEST_REFITS = 50;

/**
 * The hinge threshold of a series with a late rise, in plain units of the scale, with a percentile interval from
 * case-bootstrap refits of the break (300 below thirty models, 2000 from there on, unless told otherwise). The interval always contains the estimate. Null without
 * a hinge; bounds are null when too few resamples allow a break or resampling is switched off.
 */
export function hingeThreshold(
  series: Pick<Oriented, 'x' | 'y'>,
  found: Pick<RegressionResult, 'hinge'>,
  options: { readonly seed?: number; readonly level?: number; readonly resamples?: number } = {},
): Threshold | null {
  if (found.hinge === null) return null;
  const level = options.level ?? 0.9;
  const count = options.resamples ?? hingeResamples(series.x.length);
  const { tau } = found.hinge;
  const interval = breakInterval(series.x, series.y, tau, level, count, options.seed ?? 1);
  return {
    x: 10 ** tau,
    low: interval === null ? null : 10 ** interval.low,
    high: interval === null ? null : 10 ** interval.high,
    level,
    method: 'hinge',
  };
}

/** Percentile interval of the break in units of x; null when it cannot be had. */
function breakInterval(
  x: Float64Array,
  y: Float64Array,
  tau: number,
  level: number,
  count: number,
  seed: number,
): { readonly low: number; readonly high: number } | null {
  if (count <= 0) return null;
  const breaks = bootstrapBreaks(x, y, count, createRandom(seed, 'threshold'));
  return breaks.length < Math.min(FEWEST_REFITS, count) ? null : percentilesAround(tau, breaks, level);
}

/** Percentile interval of resampled values, widened where it must be to hold the estimate itself. */
export function percentilesAround(
  estimate: number,
  resampled: Iterable<number>,
  level: number,
): { readonly low: number; readonly high: number } {
  const sorted = sortedCopy(resampled);
  const tail = (1 - level) / 2;
  return {
    low: Math.min(estimate, quantileSorted(sorted, tail)),
    high: Math.max(estimate, quantileSorted(sorted, 1 - tail)),
  };
}
