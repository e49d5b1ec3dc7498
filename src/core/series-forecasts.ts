/** Forecasts of one analysed series: where they were asked for, a decade beyond the data, and at the manifest's targets. */
import type { AnalyseOptions } from './analyse-series.ts';
import type { Backtest } from './forecast/backtest.ts';
import { forecastAt, horizonOf, refused } from './forecast/forecast.ts';
import { judged, type TargetForecast, targetsOf } from './forecast/targets.ts';
import type { At, FittedLaw } from './law/law.ts';
import { placeAt } from './place-at.ts';
import type { Forecast, Shape } from './report-model.ts';
import { isTurning } from './shape/turning.ts';
import type { Point, StudyManifest, StudySeries } from './study/study.ts';

/** What the forecasts of one series rest on. */
export interface Ground {
  readonly series: StudySeries;
  /** Every point that has x and y, fitted or held out. */
  readonly usable: readonly Point[];
  /** The fitted ones. */
  readonly points: readonly Point[];
  readonly model: FittedLaw | null;
  /** Said where there is no model. */
  readonly whyNone: string;
  readonly tested: Backtest | null;
}

type Asked = Pick<AnalyseOptions, 'at' | 'fitBelow' | 'level'>;

/** Forecasts at the places asked for. */
export function forecasts({ series, usable, points, model, whyNone, tested }: Ground, options: Asked): Forecast[] {
  if (options.at === undefined) return [];
  const last = points[points.length - 1]?.x ?? Number.NaN;
  const places: readonly At[] =
    options.at === 'held-out'
      ? [...usable.filter((p) => p.x >= (options.fitBelow ?? Number.POSITIVE_INFINITY))].sort(
          (a, b) => a.table - b.table || a.row - b.row,
        )
      : options.at.map((x) => placeAt(series, points, x));
  return places.map((at) => {
    if (model === null)
      return refused('none', at, Number.isFinite(last) ? horizonOf(last, at.x) : 0, options.level, whyNone);
    return forecastAt(series, model, tested, at, last, options.level);
  });
}

/** Why there is no law to forecast with, with what would be needed. */
export function noModelWhy(shape: Shape | null, refused: readonly { readonly message: string }[]): string {
  if (isTurning(shape))
    return `The trend turns (${shape.label}): no monotone law may cross the turn, and a broken law needs at least 18 points.`;
  return refused[0]?.message ?? 'No law has three points for each of its parameters: more scales are needed.';
}

/** One decade beyond the data, where nobody asked yet: what the fit is worth there, with its verdict. */
export function outlookOf(ground: Ground, options: Asked): Forecast | null {
  const last = ground.points.at(-1)?.x ?? Number.NaN;
  if (!(last > 0)) return null;
  return forecasts(ground, { ...options, at: [10 * last] })[0] ?? null;
}

/** Forecasts of the manifest's targets, held to what it expects. */
export function targetForecasts(
  { series, points, model, tested }: Ground,
  manifest: StudyManifest | null,
  { level }: Asked,
): TargetForecast[] {
  const last = points.at(-1)?.x;
  if (model === null || last === undefined) return [];
  const targets = targetsOf(manifest, series, (x) => placeAt(series, points, x));
  return targets.map((t) => judged(t, forecastAt(series, model, tested, t.at, last, level)));
}
