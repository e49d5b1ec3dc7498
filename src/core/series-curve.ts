/**
 * The fitted law along x: the curve that charts draw with its interval, and what it says at every point of the series.
 */
import type { Backtest } from './forecast/backtest.ts';
import { clamp } from './forecast/clamp.ts';
import { horizonOf } from './forecast/forecast.ts';
import { predictionInterval } from './forecast/interval.ts';
import type { FittedLaw } from './law/law.ts';
import { placeAt } from './place-at.ts';
import type { Curve, Predicted } from './report-model.ts';
import type { Point, StudySeries } from './study/study.ts';

/** The curve to draw: from the first point to about a third of the range beyond the last, or to the furthest place asked for. */
export function curveOf(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw,
  tested: Backtest | null,
  level: number,
  asked: readonly number[],
  count: number,
): Curve {
  const lowest = points[0]?.x ?? 1;
  const highest = points[points.length - 1]?.x ?? 1;
  const from = Math.log10(lowest);
  const usual = Math.log10(highest) + Math.min(1, Math.max(0.3, 0.35 * Math.log10(highest / lowest)));
  const to = Math.max(usual, ...asked.filter((x) => x > 0).map((x) => Math.log10(x)));
  const x: number[] = [];
  const y: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  for (let i = 0; i < count; i++) {
    const at = 10 ** (from + ((to - from) * i) / (count - 1));
    const interval = predictionInterval(
      series,
      model,
      tested,
      placeAt(series, points, at),
      horizonOf(highest, at),
      level,
    );
    x.push(at);
    y.push(interval.y);
    low.push(interval.low);
    high.push(interval.high);
  }
  return { law: model.fit.law, x, y, low, high, level, lastFitted: highest };
}

/** Up to here every point gets an interval of its own; beyond, the curve's width at the same x serves. */
const OWN_INTERVALS = 100;
const MOST_PREDICTED = 2000;

/**
 * Prediction and interval at every fitted point, for the hover on a score cell.
 * @returns as many as the series has points; null where a point was not fitted
 */
export function predictions(
  series: StudySeries,
  points: readonly Point[],
  model: FittedLaw,
  tested: Backtest | null,
  level: number,
  curve: Curve,
): (Predicted | null)[] {
  const byPoint = new Map<Point, Predicted>();
  const own = points.length <= OWN_INTERVALS;
  const widths = own ? null : widthsAlong(series, curve);
  for (const point of points.slice(0, MOST_PREDICTED)) {
    if (widths === null) {
      const { y, low, high } = predictionInterval(series, model, tested, point, 0, level);
      byPoint.set(point, { y, low, high });
    } else byPoint.set(point, widths(point.x, model.predict(point)));
  }
  return series.points.map((p) => byPoint.get(p) ?? null);
}

/** The curve's half-widths as a function of x, put around a prediction (in ln y for losses). */
function widthsAlong(series: StudySeries, curve: Curve) {
  const ahead = series.isLoss ? Math.log : (v: number) => v;
  const back = series.isLoss ? Math.exp : (v: number) => v;
  const first = Math.log10(curve.x[0] as number);
  const step = (Math.log10(curve.x.at(-1) as number) - first) / (curve.x.length - 1);
  return (x: number, y: number) => {
    if (!Number.isFinite(y) || (series.isLoss && y <= 0)) return { y: null, low: null, high: null };
    const i = Math.min(curve.x.length - 1, Math.max(0, Math.round((Math.log10(x) - first) / step)));
    const centre = curve.y[i] ?? null;
    const low = curve.low[i] ?? null;
    const high = curve.high[i] ?? null;
    const shown = clamp(series, y);
    if (centre === null || low === null || high === null) return { y: shown, low: null, high: null };
    return {
      y: shown,
      low: clamp(series, back(ahead(y) - (ahead(centre) - ahead(low)))),
      high: clamp(series, back(ahead(y) + (ahead(high) - ahead(centre)))),
    };
  };
}
