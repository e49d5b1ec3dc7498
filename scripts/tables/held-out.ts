/** What the tables of docs/trust.md share: forecasts of points that were held out, and how they are counted. */
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import type { Forecast } from '../../src/core/report-model.ts';
import type { Study, StudySeries } from '../../src/core/study/study.ts';

/** Forecasts of the points at and above the cut by what is below it. */
export function forecastAbove(series: StudySeries, cut: number, laws: 'auto' | readonly string[]): readonly Forecast[] {
  const study = { manifest: null, series: [series], tables: [] } as unknown as Study;
  return analyseSeries(series, study, {
    ...DEFAULT_OPTIONS,
    laws,
    bootstrap: 0,
    shapes: false,
    backtests: laws === 'auto',
    fitBelow: cut,
    at: 'held-out',
  }).forecast;
}

/** Whether the interval holds the measured value. */
export const inside = (f: Forecast): boolean =>
  f.low !== null && f.high !== null && (f.actual as number) >= f.low && (f.actual as number) <= f.high;
export const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
/** A share as whole percent. */
export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Makes a value when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
