/**
 * Legend of an SVG chart: one entry per family, then curve and band, in rows that wrap; and the two rules of drawing that
 * chart and legend share.
 */
import { formatPercent } from './number.ts';
import { colorOf, markerOf, type Palette } from './palette.ts';
import type { Plot } from './plot.ts';
import { element, fitText, linePath, markerPath, strokeOnly, textElement, textWidth } from './svg-element.ts';

/** Colour of fitted curve and band: the text's own ink, so that no family's points claim it. */
export function curveColor(palette: Palette): string {
  return palette.foreground;
}

/** So many points that markers get small and translucent and the curve goes on top. */
export function crowded(plot: Plot): boolean {
  return plot.families.reduce((sum, { points }) => sum + points.length, 0) > 200;
}

/** One entry: its words and its sample, drawn from a left edge and a middle. */
export interface LegendEntry {
  readonly label: string;
  readonly swatch: (x: number, y: number) => string;
}

/** Entries in rows that wrap; more families than fit three rows are summed up. */
export function legendRows(plot: Plot, width: number, palette: Palette): { height: number; markup: string } {
  const entries: LegendEntry[] = [];
  const ink = curveColor(palette);
  if (plot.curve !== null && plot.solid.length + plot.dashed.length > 1) {
    entries.push({
      label: plot.curve.title,
      swatch: (x, y) =>
        element('path', {
          d: linePath([
            [x, y],
            [x + 15, y],
          ]),
          stroke: ink,
          'stroke-width': '2',
        }),
    });
  }
  if (plot.band.length > 1 && plot.curve?.level !== null && plot.curve !== null) {
    entries.push({
      label: `${formatPercent(plot.curve.level)} interval`,
      swatch: (x, y) => element('rect', { x, y: y - 5, width: 15, height: 10, fill: ink, 'fill-opacity': '.16' }),
    });
  }
  const families = plot.families
    .filter(({ hidden, points: { length } }) => !hidden && length > 0)
    .map(({ label, index }): LegendEntry => ({ label, swatch: (x, y) => swatchMarker(index, x + 7, y, palette) }));
  // Families may not all fit: what the lines mean comes before them.
  return legendOf([...entries, ...families], width, palette);
}

/** Entries in rows that wrap within `width`; what does not fit three rows is counted. */
export function legendOf(
  entries: readonly LegendEntry[],
  width: number,
  palette: Palette,
): { height: number; markup: string } {
  const gap = 16;
  const rowHeight = 17;
  const rows: string[][] = [[]];
  let x = 0;
  let left = 0;
  for (const { label, swatch } of entries) {
    const text = fitText(label, 11, Math.min(200, width - 30));
    const needed = 20 + textWidth(text, 11) + gap;
    if (x > 0 && x + needed > width + gap) {
      if (rows.length === 3) {
        left++;
        continue;
      }
      rows.push([]);
      x = 0;
    }
    const y = (rows.length - 1) * rowHeight + 8 - (rows.length - 1);
    rows.at(-1)?.push(swatch(x, y), textElement(text, { x: x + 20, y: y + 3.8 }));
    x += needed;
  }
  if (left > 0)
    rows.at(-1)?.push(textElement(`+${left}`, { x: Math.min(x, width - 16), y: (rows.length - 1) * 16 + 11.8 }));
  const height = entries.length === 0 ? 0 : rows.length * rowHeight;
  return { height, markup: element('g', { fill: palette.foreground, 'font-size': '11' }, ...rows.flat()) };
}

function swatchMarker(index: number, x: number, y: number, palette: Palette): string {
  const color = colorOf(palette, index);
  const marker = markerOf(index);
  const d = markerPath(marker, x, y, 4);
  return strokeOnly(marker)
    ? element('path', { d, stroke: color, 'stroke-width': '1.8', fill: 'none' })
    : element('path', { d, fill: color });
}
