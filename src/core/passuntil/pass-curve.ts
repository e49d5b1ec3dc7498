/**
 * The pass rate's law as a curve to draw: the mean over instances of their own task laws from the smallest size to half a
 * decade beyond the largest fitted one, with the interval of the forecasts at the same sizes.
 */
import type { Curve } from '../report-model.ts';
import type { Forecaster } from './forecast.ts';

const PLACES = 40;
const BEYOND = 0.5;

/**
 * @param sizes N of the sizes in the file, ascending
 * @param lastFitted largest fitted N
 * @param further sizes that were asked for: the curve reaches the largest
 * @returns null with fewer than two sizes, or where nothing can be predicted
 */
export function passCurve(
  forecaster: Forecaster,
  sizes: readonly number[],
  lastFitted: number,
  further: readonly number[],
  level: number,
): Curve | null {
  const first = sizes[0];
  if (first === undefined || sizes.length < 2 || !(lastFitted > first)) return null;
  const from = Math.log10(first);
  const to = Math.max(Math.log10(lastFitted) + BEYOND, ...[...sizes, ...further].map((x) => Math.log10(x)));
  const x = Array.from({ length: PLACES }, (_, i) => 10 ** (from + ((to - from) * i) / (PLACES - 1)));
  const values = forecaster.at(x.map((params) => ({ params, actual: null })));
  if (values.every(({ y }) => y === null)) return null;
  return {
    law: 'pass-until',
    x,
    y: values.map(({ y }) => y),
    low: values.map(({ low }) => low),
    high: values.map(({ high }) => high),
    level,
    lastFitted,
  };
}
