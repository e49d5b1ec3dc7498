/**
 * What Chart.js draws of a plot: the band, the curve in its solid and dashed parts, one dataset of points per family,
 * the forecasts with their bars.
 */
import type { ChartDataset, Point } from 'chart.js';
import { colorOf, EXTRAPOLATED, fade, type Marker, markerOf, type Palette } from '../src/core/render/palette.ts';
import type { Plot, PlotFamily } from '../src/core/render/plot.ts';
import { crowded, curveColor } from '../src/core/render/svg-legend.ts';
import type { BarStyle, RangedPoint } from './error-bars.ts';
import { t } from './strings.ts';

export type Dataset = ChartDataset<'line' | 'scatter', Point[]> & Partial<BarStyle>;

/** Our markers in Chart.js' words. */
export const STYLES: Readonly<Record<Marker, { pointStyle: string; rotation: number; scale: number }>> = {
  circle: { pointStyle: 'circle', rotation: 0, scale: 1 },
  square: { pointStyle: 'rect', rotation: 0, scale: 1.2 },
  triangle: { pointStyle: 'triangle', rotation: 0, scale: 1.25 },
  diamond: { pointStyle: 'rectRot', rotation: 0, scale: 1.25 },
  'triangle-down': { pointStyle: 'triangle', rotation: 180, scale: 1.25 },
  cross: { pointStyle: 'crossRot', rotation: 0, scale: 1.2 },
  plus: { pointStyle: 'cross', rotation: 0, scale: 1.2 },
  star: { pointStyle: 'star', rotation: 0, scale: 1.2 },
};

/** Band and curve. */
export function curveDatasets(plot: Plot, palette: Palette): Dataset[] {
  const ink = curveColor(palette);
  const crowd = crowded(plot);
  const line = { type: 'line', pointRadius: 0, pointHitRadius: 0, pointHoverRadius: 0, borderColor: ink } as const;
  const pair = ([x, y]: readonly [number, number]) => ({ x, y });
  const found: Dataset[] = [];
  if (plot.band.length > 1) {
    const edge = { ...line, borderWidth: 0, order: 40 } as const;
    found.push({ ...edge, label: 'band-low', data: plot.band.map(([x, low]) => ({ x, y: low })), fill: false });
    const high = plot.band.map(([x, , y]) => ({ x, y }));
    found.push({ ...edge, label: 'band-high', data: high, fill: '-1', backgroundColor: fade(ink, 0.13) });
  }
  const order = crowd ? 6 : 30;
  if (crowd && plot.solid.length > 1) {
    const halo = { borderColor: fade(palette.background, 0.8), borderWidth: 5, order: order + 1 };
    found.push({ ...line, ...halo, label: 'halo', data: plot.solid.map(pair) });
  }
  if (plot.solid.length > 1) {
    found.push({
      ...line,
      label: 'curve',
      data: plot.solid.map(pair),
      borderWidth: 2,
      borderJoinStyle: 'round',
      order,
    });
  }
  if (plot.dashed.length > 1) {
    const dash = { borderWidth: 2, borderDash: [...EXTRAPOLATED], order };
    found.push({ ...line, ...dash, label: 'extrapolated', data: plot.dashed.map(pair) });
  }
  return found;
}

/** The points of a family; hollow ones are those that the fit leaves out. */
export function familyDataset(family: PlotFamily, plot: Plot, palette: Palette, crowd: boolean): Dataset {
  const color = colorOf(palette, family.index);
  const { pointStyle, rotation, scale: size } = STYLES[markerOf(family.index)];
  const radius = (crowd ? 2.4 : 4.2) * size;
  const open = ['crossRot', 'cross', 'star'].includes(pointStyle);
  const fitted = (index: number) => family.points[index]?.point.excluded === null;
  const hollow = family.points.some(({ point }) => point.excluded !== null);
  const fill = crowd ? fade(color, 0.5) : color;
  const edge = open ? color : crowd ? fill : palette.background;
  const base = {
    label: family.label,
    order: 20,
    pointStyle,
    rotation,
    radius,
    hoverRadius: radius + 1.5,
    hitRadius: crowd ? 2 : 7,
    borderWidth: open ? 2 : crowd ? 0 : 1.4,
    // One colour for all where all were fitted: thousands of calls less per drawing.
    backgroundColor: hollow ? family.points.map((_, i) => (fitted(i) ? fill : 'transparent')) : fill,
    // Filled markers get a thin gap to their neighbours; hollow ones are those that the fit leaves out.
    borderColor: hollow ? family.points.map((_, i) => (fitted(i) ? edge : color)) : edge,
    hoverBorderColor: palette.foreground,
    hoverBorderWidth: 2,
  };
  const bars = plot.errors && family.points.some(({ point }) => (point.stderr ?? 0) > 0);
  if (!bars) {
    const data = family.points.map(({ point }) => ({ x: point.x, y: point.y }));
    return { ...base, type: 'scatter', data } as Dataset;
  }
  const data = family.points.map(
    ({ point: { x, y, stderr } }): RangedPoint =>
      stderr === null || stderr === 0 ? { x, y } : { x, y, yMin: y - stderr, yMax: y + stderr },
  );
  return { ...base, type: 'scatter', data, barColor: fade(color, 0.75), barWidth: 1.3, whisker: 3 } as Dataset;
}

/** Forecasts as open diamonds with their intervals. */
export function forecastDataset(plot: Plot, palette: Palette): Dataset {
  const ink = curveColor(palette);
  return {
    type: 'scatter',
    label: t('forecast'),
    order: 4,
    pointStyle: 'rectRot',
    radius: 6,
    hoverRadius: 7,
    hitRadius: 6,
    backgroundColor: palette.background,
    borderColor: ink,
    borderWidth: 2,
    data: plot.forecasts.map(({ x, y, low, high }) =>
      low === null || high === null ? { x, y } : { x, y, yMin: low, yMax: high },
    ),
    barColor: ink,
    barWidth: 1.5,
    whisker: 4,
  } as Dataset;
}
