/**
 * The further charts of a series on the panel's canvas: traces of points and lines with their bands, as `svg-picture.ts`
 * draws them for exports.
 */
import type { TooltipItem } from 'chart.js';
import { formatNumber, formatScale } from '../src/core/render/number.ts';
import { EXTRAPOLATED, fade, markerOf, type Palette } from '../src/core/render/palette.ts';
import { type PicturePlot, solidAndDashed } from '../src/core/render/picture-plot.ts';
import { hasBand, traceColor } from '../src/core/render/svg-picture.ts';
import type { PictureView, TracePoint, TraceView } from '../src/core/render/view-model.ts';
import { type BuiltChart, chartConfig, type DrawnPoint } from './chart.ts';
import { type Dataset, STYLES } from './chart-datasets.ts';
import { verticalLine } from './chart-marks.ts';
import { chartScale } from './chart-scale.ts';
import { tooltipLook } from './chart-words.ts';

export interface PictureInput {
  readonly picture: PictureView;
  readonly plot: PicturePlot;
  readonly palette: Palette;
  readonly font: string;
}

interface Spot {
  readonly trace: TraceView;
  readonly point: TracePoint;
}

/** The Chart.js configuration of a picture. */
export function buildPicture({ picture, plot, palette, font }: PictureInput): BuiltChart {
  const datasets: Dataset[] = [];
  const spots: (Spot & Omit<DrawnPoint, 'at'>)[] = [];
  for (const trace of plot.traces) {
    if (trace.kind === 'line') datasets.push(...lineDatasets(trace, palette));
    else {
      const datasetIndex = datasets.length;
      trace.points.forEach((point, index) => spots.push({ trace, point, datasetIndex, index }));
      datasets.push(pointDataset(trace, palette));
    }
  }
  spots.sort((a, b) => a.point.x - b.point.x);
  const lookup = new Map(spots.map(({ datasetIndex, index }, at) => [`${datasetIndex}:${index}`, at]));
  const words = (at: number): readonly string[] => {
    const spot = spots[at];
    return spot === undefined ? [] : [spot.point.label, ...linesOf(spot, picture)];
  };
  return {
    points: spots.map(({ datasetIndex, index }, at) => ({ datasetIndex, index, at })),
    words,
    revealing: false,
    config: chartConfig({
      datasets,
      palette,
      font,
      scales: {
        x: chartScale({ axis: plot.x, title: picture.x.label, side: 'x', kind: picture.x.kind, palette, font }),
        y: chartScale({ axis: plot.y, title: picture.y.label, side: 'y', palette, font }),
      },
      tooltip: pictureTooltip(words, lookup, palette, font),
      annotations: plot.mark === null ? {} : { mark: verticalLine(plot.x, plot.mark.x, plot.mark.text, palette, font) },
    }),
  };
}

function linesOf({ trace, point }: Spot, picture: PictureView): string[] {
  const value = `${trace.label}  ${formatNumber(point.y, 4)}`;
  const range =
    point.low === null || point.high === null ? [] : [`${formatNumber(point.low)} to ${formatNumber(point.high)}`];
  return [value, ...range, formatScale(point.x, picture.x.kind)];
}

function lineDatasets(trace: TraceView, palette: Palette): Dataset[] {
  const color = traceColor(palette, trace);
  const base = { type: 'line', pointRadius: 0, pointHitRadius: 0, pointHoverRadius: 0, borderColor: color } as const;
  const found: Dataset[] = [];
  if (hasBand(trace)) {
    const ends = trace.points.filter(({ low, high }) => low !== null && high !== null);
    const edge = { ...base, borderWidth: 0, order: 40 } as const;
    const low = ends.map(({ x, low: y }) => ({ x, y: y as number }));
    const high = ends.map(({ x, high: y }) => ({ x, y: y as number }));
    found.push({ ...edge, label: 'band-low', data: low, fill: false });
    found.push({ ...edge, label: 'band-high', data: high, fill: '-1', backgroundColor: fade(color, 0.14) });
  }
  const { solid, dashed } = solidAndDashed(trace.points, trace.dashedFrom);
  const pair = ({ x, y }: TracePoint) => ({ x, y });
  const line = { ...base, borderWidth: trace.thin ? 1.4 : 2.2, order: 8, label: trace.label } as const;
  if (solid.length > 1) found.push({ ...line, data: solid.map(pair) });
  if (dashed.length > 1) found.push({ ...line, data: dashed.map(pair), borderDash: [...EXTRAPOLATED] });
  return found;
}

function pointDataset(trace: TraceView, palette: Palette): Dataset {
  const color = traceColor(palette, trace);
  const { pointStyle, rotation, scale } = STYLES[markerOf(typeof trace.color === 'number' ? trace.color : 0)];
  const radius = (trace.points.length > 200 ? 2.4 : trace.points.length > 40 ? 3.2 : 4.2) * scale;
  const open = ['crossRot', 'cross', 'star'].includes(pointStyle);
  const bars = trace.points.some(({ low, high }) => low !== null && high !== null);
  return {
    type: 'scatter',
    label: trace.label,
    order: 20,
    pointStyle,
    rotation,
    radius,
    hoverRadius: radius + 1.5,
    hitRadius: 6,
    borderWidth: open ? 2 : 1,
    backgroundColor: fade(color, 0.85),
    borderColor: open ? color : palette.background,
    hoverBorderColor: palette.foreground,
    hoverBorderWidth: 2,
    data: trace.points.map(({ x, y, low, high }) =>
      low === null || high === null ? { x, y } : { x, y, yMin: low, yMax: high },
    ),
    ...(bars ? { barColor: fade(color, 0.75), barWidth: 1.3, whisker: 3 } : {}),
  } as Dataset;
}

function pictureTooltip(
  words: (at: number) => readonly string[],
  lookup: ReadonlyMap<string, number>,
  palette: Palette,
  font: string,
) {
  const at = ({ datasetIndex, dataIndex }: TooltipItem<'scatter'>) => lookup.get(`${datasetIndex}:${dataIndex}`);
  return {
    ...tooltipLook(palette, font),
    filter: (item: TooltipItem<'scatter'>, index: number) => index < 3 && at(item) !== undefined,
    callbacks: {
      title: (items: TooltipItem<'scatter'>[]) => {
        const index = items[0] === undefined ? undefined : at(items[0]);
        return index === undefined ? '' : (words(index)[0] ?? '');
      },
      label: (item: TooltipItem<'scatter'>) => {
        const index = at(item);
        return index === undefined ? [] : words(index).slice(1);
      },
    },
  };
}
