/**
 * Constants of the intervals, measured once on public data and checked by leaving one data set out (docs/trust.md has
 * the tables and scripts/tables/trust.ts makes them). Nothing here is fitted to the user's file.
 */

/** Share of the total half-width that covers 90 % on learning curves; fitted on none of the benchmark data. */
export const CURVE_SHRINK = 0.82;

/** The same for bounded scores, over many families; fitted on none of the curves. */
export const SCORE_SHRINK = 0.8;

/**
 * What a score moves from one model family to the next even where the trend is known: share of the way from chance to
 * the ceiling, at the 90 % level and at no distance; grows by (1 + decades).
 */
export const FAMILY_TRANSFER = 0.07;

/**
 * Inside the data the scatter about the fit is what a new point shows; misses at a distance, other families and the newest
 * trend come in over this many decades beyond the last point.
 */
export const RAMP = 0.15;

/** Weight of the best plain power law beside the stacked laws (docs/trust.md, selection). */
export const SIMPLE_SHARE = 1 / 3;

export interface MeasuredCoverage {
  /** Nominal level that was tested. */
  readonly level: number;
  /** Share of measured values inside, on the shared data. */
  readonly covered: number;
  /** What it was measured on, in words to quote. */
  readonly on: string;
  /** The same on the user's own backtests, where there are five or more near enough; null otherwise. */
  readonly own: { readonly covered: number; readonly count: number } | null;
}

/** Coverage of nominal 90 % intervals, by kind of data; kept true by a test. */
export const MEASURED = {
  curve: { covered: 0.9, on: '46 public learning curves, forecast over a factor of 2' },
  scores: { covered: 0.94, on: '40 public benchmark tasks over many model families, within one order of magnitude' },
} as const;
