/**
 * Where a task turns, with an interval: the break of the two-slope hinge in regression mode, resampled by models; with few
 * models the scales of the neighbours of the lowest (or highest) one. What a chart shades around the turn.
 */
import type { Shape } from '../report-model.ts';
import { createRandom } from '../stats/random.ts';
import type { StudySeries } from '../study/study.ts';
import { breakCandidates, twoSlopeBreak } from './hinge.ts';
import { orient, shapeInputOf } from './orient.ts';
import { FEWEST_REFITS, percentilesAround } from './threshold.ts';

/** A turn in plain units of the scale. Bounds are null where the resamples allow none. */
export interface TurnInterval {
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Nominal level; null for the bracket between neighbouring models, which has none. */
  readonly level: number | null;
  readonly method: 'two-slope hinge, case bootstrap' | 'scales of the neighbouring models';
}

const RESAMPLES = 300;

/**
 * The turn of a series that was judged U-shaped or inverted-U; null for every other shape.
 *
 * @param shape what `shapeOfSeries` said of the same points
 */
export function turnInterval(
  series: StudySeries,
  shape: Shape | null,
  options: { readonly seed?: number; readonly level?: number; readonly resamples?: number } = {},
): TurnInterval | null {
  if (shape === null || (shape.label !== 'u-shaped' && shape.label !== 'inverted-u')) return null;
  const { x, y, scale } = orient(shapeInputOf(series));
  const broken = shape.detail['breakpoint'];
  if (typeof broken === 'number' && Number.isFinite(broken)) {
    const level = options.level ?? 0.9;
    const interval = resampledBreak(x, y, broken, level, options.resamples ?? RESAMPLES, options.seed ?? 1);
    return {
      x: 10 ** broken,
      low: interval === null ? null : 10 ** interval.low,
      high: interval === null ? null : 10 ** interval.high,
      level,
      method: 'two-slope hinge, case bootstrap',
    };
  }
  const at = shape.detail[shape.label === 'u-shaped' ? 'dipX' : 'bumpX'];
  if (typeof at !== 'number' || !(at > 0)) return null;
  const below = [...scale].filter((one) => one < at);
  const above = [...scale].filter((one) => one > at);
  return {
    x: at,
    low: below.at(-1) ?? null,
    high: above[0] ?? null,
    level: null,
    method: 'scales of the neighbouring models',
  };
}

/** Percentile interval of the break over resampled models, in log10 of the scale; it always contains the estimate. */
function resampledBreak(
  x: Float64Array,
  y: Float64Array,
  found: number,
  level: number,
  resamples: number,
  seed: number,
): { readonly low: number; readonly high: number } | null {
  const n = x.length;
  const random = createRandom(seed, 'turn');
  const breaks: number[] = [];
  for (let b = 0; b < resamples; b++) {
    // Drawn places in ascending order keep the resample sorted by scale.
    const pick = Int32Array.from({ length: n }, () => random.integer(n)).sort();
    const xs = Float64Array.from(pick, (i) => x[i] as number);
    const ys = Float64Array.from(pick, (i) => y[i] as number);
    const again = twoSlopeBreak(xs, ys, breakCandidates(xs));
    if (again !== null) breaks.push(again.c);
  }
  return breaks.length < FEWEST_REFITS ? null : percentilesAround(found, breaks, level);
}
