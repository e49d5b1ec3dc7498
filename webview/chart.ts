/**
 * From a plot to Chart.js: only the parts used are registered, ticks come from the same code as the SVG renderer's, and
 * nothing moves by itself. The chart draws on a transparent canvas over the editor's background.
 */
import type { ChartConfiguration, ChartDataset, Point } from 'chart.js';
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
import type { Palette } from '../src/core/render/palette.ts';
import { type Plot, yTitle } from '../src/core/render/plot.ts';
import { crowded } from '../src/core/render/svg-legend.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { curveDatasets, type Dataset, familyDataset, forecastDataset } from './chart-datasets.ts';
import { annotations } from './chart-marks.ts';
import { chartScale } from './chart-scale.ts';
import { pointLines, tooltip } from './chart-words.ts';
import { errorBars } from './error-bars.ts';

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

export type PanelChart = Chart<'scatter', Point[]>;

/** A drawn point: which dataset and place it has in the chart, and which point of the series it is. */
export interface DrawnPoint {
  readonly datasetIndex: number;
  readonly index: number;
  /** Index into `series.points`; of a picture, a running number. */
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
  /** What is said of a point, its name first. */
  readonly words: (at: number) => readonly string[];
  /** Whether the points have cells in the editor. */
  readonly revealing: boolean;
}

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
  const lawShown = plot.curve?.chosen === true;
  return {
    points,
    words: (at) => [series.points[at]?.model ?? '', ...pointLines(series, at, lawShown)],
    revealing: true,
    config: chartConfig({
      datasets,
      palette,
      font,
      scales: {
        x: chartScale({ axis: plot.x, title: series.x.label, side: 'x', kind: series.x.kind, palette, font }),
        y: chartScale({ axis: plot.y, title: yTitle(series), side: 'y', palette, font }),
      },
      tooltip: tooltip(series, plot, palette, font, lookup),
      annotations: annotations(series, plot, palette, font),
    }),
  };
}

/** The settings that every chart of the panel has in common. */
export function chartConfig({
  datasets,
  palette,
  font,
  scales,
  tooltip: words,
  annotations: marks,
}: {
  readonly datasets: readonly Dataset[];
  readonly palette: Palette;
  readonly font: string;
  readonly scales: { readonly x: object; readonly y: object };
  readonly tooltip: object;
  readonly annotations: Readonly<Record<string, object>>;
}): ChartConfiguration<'scatter', Point[]> {
  return {
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
      scales,
      plugins: { tooltip: words, annotation: { clip: true, annotations: marks } },
    },
  } as unknown as ChartConfiguration<'scatter', Point[]>;
}

/** Creates the chart on a canvas; the caller destroys it. */
export function drawChart(canvas: HTMLCanvasElement, built: BuiltChart): PanelChart {
  return new Chart(canvas, built.config);
}
