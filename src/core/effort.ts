/**
 * How much work each series gets. A study of a dozen tasks is analysed in full; one of hundreds, or of thousands of
 * points, gets fewer resamples and backtest origins, so that the answer comes while the reader waits. Counts, never
 * clocks: the result depends on the study alone. What was left out is said in the series' notes, and one series asked
 * for by itself is always analysed in full.
 */
import type { Point, StudySeries } from './study/study.ts';

export interface Effort {
  readonly name: 'full' | 'brief' | 'light';
  /** Most bootstrap resamples; 0 leaves intervals to the delta method. */
  readonly resamples: number;
  /** Most resamples for the interval of a threshold; null: as many as the method asks for. */
  readonly thresholdResamples: number | null;
  /** Most cuts of a backtest. */
  readonly origins: number;
  /** Whether losses may also be fitted by laws that need a search (shifted power, M4, broken). */
  readonly flexibleLaws: boolean;
  /** Places at which the curve to draw is sampled. */
  readonly curve: number;
  /** Most points for choosing a law and for backtests; the chosen law is fitted to all. */
  readonly points: number;
}

export const FULL: Effort = {
  name: 'full',
  resamples: Number.POSITIVE_INFINITY,
  thresholdResamples: null,
  origins: 10,
  flexibleLaws: true,
  curve: 64,
  points: Number.POSITIVE_INFINITY,
};
const BRIEF: Effort = {
  name: 'brief',
  resamples: 100,
  thresholdResamples: 300,
  origins: 5,
  flexibleLaws: false,
  curve: 64,
  points: 400,
};
const LIGHT: Effort = {
  name: 'light',
  resamples: 0,
  thresholdResamples: 100,
  origins: 2,
  flexibleLaws: false,
  curve: 32,
  points: 72,
};

/** The effort for each of these series. */
export function effortFor(series: readonly StudySeries[]): Effort {
  const points = series.reduce((sum, s) => sum + s.points.length, 0);
  if (series.length <= 20 && points <= 5_000) return FULL;
  return series.length <= 150 && points <= 12_000 ? BRIEF : LIGHT;
}

/** What a reader must know about an effort below the full one; null for the full. */
export function effortNote(effort: Effort, points: number): string | null {
  if (effort.name === 'full') return null;
  const thinned = points > effort.points ? ` on ${effort.points} of ${points} points` : '';
  const intervals =
    effort.resamples === 0 ? 'intervals by the delta method' : `at most ${effort.resamples} bootstrap resamples`;
  return `Many series or points: law chosen and backtested at up to ${effort.origins} cuts${thinned}, ${intervals}. Asked for by itself (--series), the series is analysed in full.`;
}

/** At most `most` points, evenly chosen in order of x, the ends among them. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => points[Math.round(i * step)] as Point);
}
