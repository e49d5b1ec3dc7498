/**
 * From a plot to Chart.js: only the parts used are registered, ticks come from the same code as the SVG renderer's, and
 * nothing moves by itself. The chart draws on a transparent canvas over the editor's background.
 */
import type { ChartConfiguration, ChartDataset, Point, Scale, TooltipItem } from 'chart.js';
import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import { formatMetric, formatPlusMinus, formatScale, formatSigned } from '../src/core/render/number.ts';
import {
  colorOf,
  EXTRAPOLATED,
  fade,
  type Marker,
  markerOf,
  type Palette,
  REFERENCE,
} from '../src/core/render/palette.ts';
import { type Plot, type PlotFamily, yTitle, yUnit } from '../src/core/render/plot.ts';
import { type Axis, ticks, toPixel } from '../src/core/render/scale.ts';
import { fitText, textWidth } from '../src/core/render/svg-element.ts';
import { crowded, curveColor } from '../src/core/render/svg-legend.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { type BarStyle, errorBars, type RangedPoint } from './error-bars.ts';
import { t } from './strings.ts';

Chart.register(
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
  annotation,
  errorBars,
);

type Dataset = ChartDataset<'line' | 'scatter', Point[]> & Partial<BarStyle>;
export type PanelChart = Chart<'scatter', Point[]>;

/** A drawn point: which dataset and place it has in the chart, and which point of the series it is. */
export interface DrawnPoint {
  readonly datasetIndex: number;
  readonly index: number;
  /** Index into `series.points`. */
  readonly at: number;
}

export interface ChartInput {
  readonly series: SeriesView;
  readonly plot: Plot;
  readonly palette: Palette;
  readonly font: string;
}

export interface BuiltChart {
  readonly config: ChartConfiguration<'scatter', Point[]>;
  /** In order of x: what the keyboard walks through. */
  readonly points: readonly DrawnPoint[];
}

const STYLES: Readonly<Record<Marker, { pointStyle: string; rotation: number; scale: number }>> = {
  circle: { pointStyle: 'circle', rotation: 0, scale: 1 },
  square: { pointStyle: 'rect', rotation: 0, scale: 1.2 },
  triangle: { pointStyle: 'triangle', rotation: 0, scale: 1.25 },
  diamond: { pointStyle: 'rectRot', rotation: 0, scale: 1.25 },
  'triangle-down': { pointStyle: 'triangle', rotation: 180, scale: 1.25 },
  cross: { pointStyle: 'crossRot', rotation: 0, scale: 1.2 },
  plus: { pointStyle: 'cross', rotation: 0, scale: 1.2 },
  star: { pointStyle: 'star', rotation: 0, scale: 1.2 },
};

/** The Chart.js configuration of a plot. Datasets: band, curve (solid, dashed), one per family, forecasts. */
export function buildChart({ series, plot, palette, font }: ChartInput): BuiltChart {
  const datasets: Dataset[] = [...curveDatasets(plot, palette)];
  const points: DrawnPoint[] = [];
  const crowd = crowded(plot);
  for (const family of plot.families) {
    if (family.hidden || family.points.length === 0) continue;
    const datasetIndex = datasets.length;
    datasets.push(familyDataset(family, plot, palette, crowd));
    family.points.forEach(({ at }, index) => points.push({ datasetIndex, index, at }));
  }
  if (plot.forecasts.length > 0) datasets.push(forecastDataset(plot, palette));
  points.sort((a, b) => a.at - b.at);
  const lookup = new Map(points.map((point) => [`${point.datasetIndex}:${point.index}`, point.at]));
  return {
    points,
    config: {
      type: 'scatter',
      data: { datasets: datasets as ChartDataset<'scatter', Point[]>[] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        layout: { padding: { top: 10, right: 14, bottom: 0, left: 0 } },
        interaction: { mode: 'nearest', intersect: true },
        font: { family: font },
        color: palette.foreground,
        scales: {
          x: scale(plot.x, series.x.label, 'x', palette, font),
          y: scale(plot.y, yTitle(series), 'y', palette, font),
        },
        plugins: {
          tooltip: tooltip(series, plot, palette, font, lookup),
          annotation: { clip: true, annotations: annotations(series, plot, palette, font) },
        },
      },
    } as unknown as ChartConfiguration<'scatter', Point[]>,
  };
}

/** Creates the chart on a canvas; the caller destroys it. */
export function drawChart(canvas: HTMLCanvasElement, built: BuiltChart): PanelChart {
  return new Chart(canvas, built.config);
}

function curveDatasets(plot: Plot, palette: Palette): Dataset[] {
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

function familyDataset(family: PlotFamily, plot: Plot, palette: Palette, crowd: boolean): Dataset {
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

function forecastDataset(plot: Plot, palette: Palette): Dataset {
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

/** A Chart.js scale that shows exactly our ticks. */
function scale(axis: Axis, title: string, side: 'x' | 'y', palette: Palette, font: string) {
  const labels = new Map<number, string>();
  const major = (value: number) => labels.get(value) !== undefined && labels.get(value) !== '';
  return {
    type: axis.type === 'log' ? 'logarithmic' : 'linear',
    min: axis.min,
    max: axis.max,
    title: {
      display: true,
      text: title,
      color: palette.foreground,
      font: { size: 12, family: font },
      padding: side === 'x' ? { top: 6, bottom: 0 } : { top: 0, bottom: 4 },
    },
    border: { color: palette.axis },
    grid: {
      tickLength: 5,
      color: ({ tick }: { tick?: { value: number } }) =>
        tick !== undefined && major(tick.value) ? palette.grid : 'transparent',
      tickColor: palette.axis,
    },
    ticks: {
      color: palette.muted,
      font: { size: 11.5, family: font },
      padding: 4,
      autoSkip: false,
      maxRotation: 0,
      minRotation: 0,
      callback: (value: number | string) => labels.get(Number(value)) ?? '',
    },
    afterBuildTicks(built: Scale) {
      const { width, height } = built.chart;
      const count = side === 'x' ? Math.floor((width - 80) / 68) : Math.floor((height - 60) / 58);
      const chosen = ticks(axis, Math.max(2, Math.min(side === 'x' ? 10 : 7, count)));
      labels.clear();
      for (const tick of chosen) labels.set(tick.value, tick.label);
      built.ticks = chosen.map(({ value, major: isMajor }) => ({ value, major: isMajor }));
      // Long titles are cut in the middle rather than running out of the picture.
      const options = built.options as unknown as { title: { text: string } };
      options.title.text = fitText(title, 13.2, side === 'x' ? width - 90 : height - 56);
    },
  };
}

function annotations(series: SeriesView, plot: Plot, palette: Palette, font: string): Record<string, object> {
  const found: Record<string, object> = {};
  const label = (content: string, color: string) => ({
    display: true,
    content,
    color,
    backgroundColor: fade(palette.background, 0.82),
    font: { size: 11, weight: 'normal' as const, family: font },
    padding: { x: 4, y: 2 },
    borderRadius: 3,
  });
  const { threshold, heldOut, chance, ceiling } = plot;
  if (heldOut !== null) {
    found['heldOut'] = {
      type: 'box',
      xMin: heldOut[0],
      xMax: Math.max(heldOut[1], plot.x.type === 'log' ? heldOut[1] * 1.15 : heldOut[1]),
      backgroundColor: fade(palette.foreground, 0.05),
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      label: {
        ...label(t('heldOut'), palette.muted),
        backgroundColor: 'transparent',
        position: { x: 'center', y: 'end' },
      },
    };
  }
  if (threshold !== null) {
    if (threshold.low !== null && threshold.high !== null && (plot.x.type === 'linear' || threshold.low > 0)) {
      found['thresholdBand'] = {
        type: 'box',
        xMin: threshold.low,
        xMax: threshold.high,
        backgroundColor: fade(palette.threshold, 0.14),
        borderWidth: 0,
        drawTime: 'beforeDatasetsDraw',
      };
    }
    const words = `${t('threshold')} ${formatScale(threshold.x, series.x.kind, 2)}`;
    // Beside the line, on the side where there is more room.
    const aside = (textWidth(words, 11) + 22) / 2;
    const right = toPixel(plot.x, threshold.x, 0, 1) > 0.55;
    found['threshold'] = {
      type: 'line',
      scaleID: 'x',
      value: threshold.x,
      borderColor: palette.threshold,
      borderWidth: 1.75,
      drawTime: 'beforeDatasetsDraw',
      label: {
        ...label(words, palette.threshold),
        position: 'start',
        xAdjust: right ? -aside : aside,
        yAdjust: 2,
        drawTime: 'beforeDatasetsDraw',
      },
    };
  }
  for (const [key, value] of [
    ['chance', chance],
    ['ceiling', ceiling],
  ] as const) {
    if (value === null) continue;
    found[key] = {
      type: 'line',
      scaleID: 'y',
      value,
      borderColor: palette.chance,
      borderWidth: 1.5,
      borderDash: [...REFERENCE],
      drawTime: 'beforeDatasetsDraw',
      label: {
        ...label(`${t(key)} ${formatMetric(value, yUnit(series))}`, palette.muted),
        position: 'end',
        yAdjust: -11,
        backgroundColor: fade(palette.background, 0.6),
        drawTime: 'beforeDatasetsDraw',
      },
    };
  }
  return found;
}

/** Lines of a point, for the tooltip and the live region: value ± error, place, prediction and residual. */
export function pointLines(series: SeriesView, at: number, lawShown: boolean): string[] {
  const point = series.points[at];
  if (point === undefined) return [];
  const unit = yUnit(series);
  const lines = [
    `${series.metric}  ${formatPlusMinus(point.y, point.stderr, unit)}`,
    formatScale(point.x, series.x.kind),
  ];
  if (lawShown && point.predicted !== null) {
    lines.push(`${t('predicted')}  ${formatMetric(point.predicted, unit)}`);
    if (point.sigma !== null) {
      lines.push(`${t('residual')}  ${formatSigned(point.y - point.predicted)} (${formatSigned(point.sigma)} σ)`);
    }
  }
  if (point.excluded !== null) lines.push(t('notFitted', point.excluded));
  return lines;
}

function tooltip(series: SeriesView, plot: Plot, palette: Palette, font: string, lookup: ReadonlyMap<string, number>) {
  const at = ({ datasetIndex, dataIndex }: TooltipItem<'scatter'>) => lookup.get(`${datasetIndex}:${dataIndex}`);
  const lawShown = plot.curve?.chosen === true;
  return {
    backgroundColor: palette.background,
    borderColor: palette.axis,
    borderWidth: 1,
    titleColor: palette.foreground,
    bodyColor: palette.foreground,
    titleFont: { size: 12.5, weight: 'bold' as const, family: font },
    bodyFont: { size: 12, family: font },
    bodySpacing: 4,
    padding: { x: 12, y: 10 },
    cornerRadius: 6,
    caretPadding: 8,
    displayColors: false,
    filter: (item: TooltipItem<'scatter'>, index: number) =>
      index < 3 && (at(item) !== undefined || item.dataset.label === t('forecast')),
    callbacks: {
      title: (items: TooltipItem<'scatter'>[]) => {
        const index = items[0] === undefined ? undefined : at(items[0]);
        const point = index === undefined ? undefined : series.points[index];
        if (point === undefined) return t('forecast');
        return fitText(
          point.model === '' ? t('pointOf', (index ?? 0) + 1, series.points.length) : point.model,
          13,
          320,
        );
      },
      label: (item: TooltipItem<'scatter'>) => {
        const index = at(item);
        if (index !== undefined) return pointLines(series, index, lawShown);
        const forecast = plot.forecasts[item.dataIndex];
        if (forecast === undefined) return [];
        const unit = yUnit(series);
        return [
          `${series.metric}  ${formatMetric(forecast.y, unit)}`,
          formatScale(forecast.x, series.x.kind),
          `${formatMetric(forecast.low, unit)} to ${formatMetric(forecast.high, unit)}`,
        ];
      },
    },
  };
}
