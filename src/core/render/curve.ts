/**
 * Samples a fitted law for drawing, so that charts, sparklines and pictures need no fitter: a grid even in ln x from the
 * first point to some way beyond the last, with the band of the bootstrap refits where there are any.
 */
import type { FittedLaw } from '../law/law.ts';
import type { Curve } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';

export interface CurveOptions {
  /** Nominal level of the band, e.g. 0.9. */
  readonly level: number;
  /** Samples along x; default 64. */
  readonly samples?: number;
  /** Decades drawn beyond the last fitted x; default half of the fitted span, at least 0.3 and at most 1. */
  readonly beyond?: number;
}

/** Fewer refits than this say nothing about the tails of a 90 % band. */
const FEWEST_DRAWS = 20;

/**
 * The curve of a fitted law over its series.
 * @param fitted the law, fitted to points whose largest x is `lastFitted`
 * @returns x in plain units, y in units of the metric; null where the law has no value (a law of N and D between runs)
 */
export function sampleCurve(
  fitted: FittedLaw,
  series: Pick<StudySeries, 'points' | 'lower' | 'upper'>,
  lastFitted: number,
  options: CurveOptions,
): Curve {
  const { points, lower, upper } = series;
  const first = points.find((point) => point.x > 0)?.x ?? points[0]?.x ?? lastFitted;
  const x = grid(first, Math.max(lastFitted, points[points.length - 1]?.x ?? lastFitted), lastFitted, options);
  const clamp = (value: number): number | null => {
    if (!Number.isFinite(value)) return null;
    return Math.min(upper ?? Number.POSITIVE_INFINITY, Math.max(lower ?? Number.NEGATIVE_INFINITY, value));
  };
  const y: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  let banded = false;
  for (const at of x) {
    y.push(clamp(fitted.predict({ x: at })));
    const draws = Float64Array.from(fitted.draws({ x: at }).filter(Number.isFinite)).sort();
    if (draws.length < FEWEST_DRAWS) {
      low.push(null);
      high.push(null);
      continue;
    }
    banded = true;
    low.push(clamp(quantile(draws, (1 - options.level) / 2)));
    high.push(clamp(quantile(draws, (1 + options.level) / 2)));
  }
  return {
    law: fitted.fit.law,
    x,
    y,
    low,
    high,
    level: banded ? options.level : null,
    band: banded ? 'parameter' : null,
    lastFitted,
    atPoints: points.map((point) => clamp(fitted.predict(point))),
  };
}

/** Even in ln x; even in x where a value ≤ 0 forbids logarithms. `lastFitted` is always one of the samples. */
function grid(first: number, last: number, lastFitted: number, options: CurveOptions): number[] {
  const samples = Math.max(2, options.samples ?? 64);
  if (first > 0 && lastFitted > 0) {
    const span = Math.log10(lastFitted / first);
    const beyond = options.beyond ?? Math.min(1, Math.max(0.3, span / 2));
    const end = Math.max(last, lastFitted * 10 ** beyond);
    const step = Math.log(end / first) / (samples - 1);
    return withValue(
      Array.from({ length: samples }, (_, i) => first * Math.exp(i * step)),
      lastFitted,
    );
  }
  const end = last + 0.25 * (last - first || 1);
  return withValue(
    Array.from({ length: samples }, (_, i) => first + (i * (end - first)) / (samples - 1)),
    lastFitted,
  );
}

function withValue(ascending: number[], value: number): number[] {
  const at = ascending.findIndex((x) => x >= value * (1 - 1e-12));
  if (at < 0) return [...ascending, value];
  if (Math.abs((ascending[at] as number) - value) <= 1e-9 * Math.abs(value)) return ascending.with(at, value);
  return ascending.toSpliced(at, 0, value);
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the default of R and NumPy). */
function quantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const a = sorted[below] as number;
  const b = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return a + (position - below) * (b - a);
}
