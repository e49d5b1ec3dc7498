/**
 * The chart's reference lines: threshold and turn with their intervals as bands, chance and ceiling, the range of points
 * kept from the fit.
 */
import { formatMetric, formatScale } from '../src/core/render/number.ts';
import { fade, type Palette, REFERENCE, TURN } from '../src/core/render/palette.ts';
import { type Plot, yUnit } from '../src/core/render/plot.ts';
import { type Axis, toPixel } from '../src/core/render/scale.ts';
import { textWidth } from '../src/core/render/svg-element.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { t } from './strings.ts';

/** Reference lines and shades of a plot, for the annotation plugin. */
export function annotations(series: SeriesView, plot: Plot, palette: Palette, font: string): Record<string, object> {
  const found: Record<string, object> = {};
  const label = (content: string, color: string) => labelOf(content, color, palette, font);
  const { threshold, turn, heldOut, chance, ceiling } = plot;
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
        position: { x: 'center', y: 'end' },
      },
    };
  }
  for (const [key, place] of [
    ['threshold', threshold],
    ['turn', turn],
  ] as const) {
    if (place === null) continue;
    if (place.low !== null && place.high !== null && (plot.x.type === 'linear' || place.low > 0)) {
      found[`${key}Band`] = {
        type: 'box',
        xMin: place.low,
        xMax: place.high,
        backgroundColor: fade(palette.threshold, 0.14),
        borderWidth: 0,
        drawTime: 'beforeDatasetsDraw',
      };
    }
    const words = `${t(key)} ${formatScale(place.x, series.x.kind, 2)}`;
    // Both at once stand under each other.
    const down = key === 'turn' && threshold !== null ? 18 : 2;
    found[key] = {
      ...verticalLine(plot.x, place.x, words, palette, font, down),
      borderDash: key === 'turn' ? [...TURN] : [],
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
        drawTime: 'beforeDatasetsDraw',
      },
    };
  }
  return found;
}

function labelOf(content: string, color: string, palette: Palette, font: string) {
  return {
    display: true,
    content,
    color,
    // A halo in place of a box: what lies below stays visible between the letters.
    backgroundColor: 'transparent',
    textStrokeColor: palette.background,
    textStrokeWidth: 3,
    font: { size: 11, weight: 'normal' as const, family: font },
    padding: { x: 4, y: 2 },
    borderRadius: 3,
  };
}

/** A vertical line with its words beside it, on the side where there is more room. */
export function verticalLine(axis: Axis, x: number, words: string, palette: Palette, font: string, down = 2): object {
  const aside = (textWidth(words, 11) + 22) / 2;
  const right = toPixel(axis, x, 0, 1) > 0.55;
  return {
    type: 'line',
    scaleID: 'x',
    value: x,
    borderColor: palette.threshold,
    borderWidth: 1.75,
    drawTime: 'beforeDatasetsDraw',
    label: {
      ...labelOf(words, palette.threshold, palette, font),
      position: 'start',
      xAdjust: right ? -aside : aside,
      yAdjust: down,
      drawTime: 'beforeDatasetsDraw',
    },
  };
}
