/** What the chart says of a point: the tooltip's lines, which the live region speaks too. */
import type { TooltipItem } from 'chart.js';
import {
  formatInterval,
  formatMetric,
  formatPercent,
  formatPlusMinus,
  formatScale,
  formatSigned,
} from '../src/core/render/number.ts';
import type { Palette } from '../src/core/render/palette.ts';
import { type Plot, yUnit } from '../src/core/render/plot.ts';
import { fitText } from '../src/core/render/svg-element.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { t } from './strings.ts';

/** Colours and spacing of every tooltip. */
export function tooltipLook(palette: Palette, font: string) {
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
  };
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

/** The tooltip over a point or a forecast. */
export function tooltip(
  series: SeriesView,
  plot: Plot,
  palette: Palette,
  font: string,
  lookup: ReadonlyMap<string, number>,
) {
  const at = ({ datasetIndex, dataIndex }: TooltipItem<'scatter'>) => lookup.get(`${datasetIndex}:${dataIndex}`);
  const lawShown = plot.curve?.chosen === true;
  return {
    ...tooltipLook(palette, font),
    filter: (item: TooltipItem<'scatter'>, index: number) =>
      index < 3 && (at(item) !== undefined || item.dataset.label === t('forecast')),
    callbacks: {
      title: (items: TooltipItem<'scatter'>[]) => {
        const index = items[0] === undefined ? undefined : at(items[0]);
        const point = index === undefined ? undefined : series.points[index];
        if (point === undefined) return plot.forecasts[items[0]?.dataIndex ?? 0]?.name ?? t('forecast');
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
          `${t('interval', formatPercent(forecast.level))}  ${formatInterval(forecast.low, forecast.high, unit)}`,
          forecast.verdict.replaceAll('-', ' '),
        ];
      },
    },
  };
}
