/**
 * An axis of the chart: a Chart.js scale that shows exactly the ticks of the SVG renderer, in the palette's colours, with
 * a title that is wrapped before it is cut.
 */
import type { Scale } from 'chart.js';
import type { Palette } from '../src/core/render/palette.ts';
import { type Axis, ticks } from '../src/core/render/scale.ts';
import { fitText, titleLines } from '../src/core/render/svg-element.ts';

export interface ScaleInput {
  readonly axis: Axis;
  readonly title: string;
  readonly side: 'x' | 'y';
  /** Kind of the scale, for ticks that are counted (parameters, tokens). */
  readonly kind?: string;
  readonly palette: Palette;
  readonly font: string;
}

/** A Chart.js scale that shows exactly our ticks. */
export function chartScale({ axis, title, side, kind = '', palette, font }: ScaleInput) {
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
      const chosen = ticks(axis, Math.max(2, Math.min(side === 'x' ? 10 : 7, count)), kind);
      labels.clear();
      for (const tick of chosen) labels.set(tick.value, tick.label);
      built.ticks = chosen.map(({ value, major: isMajor }) => ({ value, major: isMajor }));
      // Long titles take a second line before they are cut in the middle.
      const options = built.options as unknown as { title: { text: string | string[] } };
      options.title.text =
        side === 'x' ? fitText(title, 12.4, width - 60) : titleLines(title, 12.4, Math.max(80, height - 40));
    },
  };
}
