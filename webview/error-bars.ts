/**
 * Error bars for Chart.js points: a vertical line with whiskers from `yMin` to `yMax` of a point's own data, drawn under
 * its dataset. Thirty lines here instead of a library that brings bar, arc and polar charts along.
 */
import type { Plugin } from 'chart.js';

/** A point with a range; without one it is drawn as a bare point. */
export interface RangedPoint {
  readonly x: number;
  readonly y: number;
  readonly yMin?: number;
  readonly yMax?: number;
}

/** What a dataset says about its bars; datasets without it have none. */
export interface BarStyle {
  readonly barColor: string;
  readonly barWidth: number;
  /** Half the width of a whisker, in pixels. */
  readonly whisker: number;
}

export const errorBars: Plugin<'scatter'> = {
  id: 'errorBars',
  beforeDatasetDraw(chart, { index, meta }) {
    const dataset = chart.data.datasets[index] as unknown as Partial<BarStyle> & { data: readonly RangedPoint[] };
    const { barColor, barWidth = 1, whisker = 3 } = dataset;
    const y = chart.scales['y'];
    if (barColor === undefined || y === undefined) return;
    const { ctx, chartArea } = chart;
    const { left, top, right, bottom } = chartArea;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, right - left, bottom - top);
    ctx.clip();
    ctx.beginPath();
    for (const [i, { yMin, yMax }] of dataset.data.entries()) {
      const at = meta.data[i]?.x;
      if (yMin === undefined || yMax === undefined || at === undefined) continue;
      // An end that the axis cannot show (minus infinity) is drawn to the edge, without a whisker.
      const open = !Number.isFinite(yMin) || (y.type === 'logarithmic' && yMin <= 0);
      const low = open ? bottom + 1 : y.getPixelForValue(yMin);
      const high = y.getPixelForValue(yMax);
      ctx.moveTo(at, low);
      ctx.lineTo(at, high);
      ctx.moveTo(at - whisker, high);
      ctx.lineTo(at + whisker, high);
      if (open) continue;
      ctx.moveTo(at - whisker, low);
      ctx.lineTo(at + whisker, low);
    }
    ctx.strokeStyle = barColor;
    ctx.lineWidth = barWidth;
    ctx.stroke();
    ctx.restore();
  },
};
