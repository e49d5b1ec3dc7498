/**
 * What a reader is shown of a forecast: a value inside the metric's range. Slice-and-Sandwich is reported as published, and
 * its polynomials may leave the range (an accuracy of −3); `bounded` of the report stays inside.
 */
import type { Forecast } from '../report-model.ts';
import { formatNumber } from './number.ts';

/** The predicted value, inside the range of the metric; null where nothing is predicted. */
export function shownValue(forecast: Forecast): number | null {
  const bounded = forecast['bounded'];
  return typeof bounded === 'number' ? bounded : forecast.y;
}

/** Why the verdict, and what the law itself said where that is no value of the metric. */
export function shownWhy(forecast: Forecast): string {
  const shown = shownValue(forecast);
  if (shown === forecast.y) return forecast.why;
  return `${forecast.why} The law itself says ${formatNumber(forecast.y, 4)}, which the metric cannot be: the end of its range is shown.`;
}
