/**
 * Small pictures drawn as SVG nodes: the shape of a series, a family's marker, the panel's few buttons. They take the
 * text's colour unless told otherwise, and are hidden from screen readers, which get words instead.
 */
import { colorOf, markerOf, type Palette } from '../src/core/render/palette.ts';
import { markerPath, strokeOnly } from '../src/core/render/svg-element.ts';
import type { ShapeView } from '../src/core/render/view-model.ts';
import { svg } from './dom.ts';

const SHAPES: Readonly<Record<ShapeView['label'] | 'emergent' | 'none', string>> = {
  positive: 'M2 12C8 11 11 4 18 3',
  inverse: 'M2 3C8 4 11 11 18 12',
  'u-shaped': 'M2 3C5 15 15 15 18 3',
  'inverted-u': 'M2 12C5 0 15 0 18 12',
  flat: 'M2 7.5H18',
  mixed: 'M2 9C5 2 8 2 10 7.5S15 13 18 6',
  inconclusive: 'M3 7.5h0M7.7 5h0M12.3 10h0M17 7.5h0',
  emergent: 'M2 12H10L18 2.5',
  none: 'M3 7.5h3M8.5 7.5h3M14 7.5h3',
};

function frame(width: number, height: number, ...children: readonly Node[]): SVGSVGElement {
  const box = `0 0 ${width} ${height}`;
  return svg(
    'svg',
    { width, height, viewBox: box, 'aria-hidden': 'true', focusable: 'false', class: 'icon' },
    ...children,
  );
}

/** The course of a series as a 20 by 15 stroke. */
export function shapeIcon(shape: ShapeView | null): SVGSVGElement {
  const d = SHAPES[shape === null ? 'none' : shape.emergent ? 'emergent' : shape.label];
  const line = { d, fill: 'none', stroke: 'currentColor', 'stroke-width': '2' };
  return frame(20, 15, svg('path', { ...line, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}

/** A family's marker in its colour. */
export function markerIcon(index: number, palette: Palette): SVGSVGElement {
  const color = colorOf(palette, index);
  const marker = markerOf(index);
  const d = markerPath(marker, 7, 7, 4.4);
  return frame(
    14,
    14,
    strokeOnly(marker)
      ? svg('path', { d, stroke: color, 'stroke-width': '2', fill: 'none' })
      : svg('path', { d, fill: color }),
  );
}

/** A line sample for the legend. */
export function lineIcon(color: string, dash: readonly number[] = [], vertical = false): SVGSVGElement {
  const d = vertical ? 'M9 1V13' : 'M1 7H17';
  const dashes = dash.length === 0 ? null : dash.join(' ');
  return frame(18, 14, svg('path', { d, stroke: color, 'stroke-width': '2', 'stroke-dasharray': dashes }));
}

/** A band sample for the legend. */
export function bandIcon(color: string): SVGSVGElement {
  return frame(
    18,
    14,
    svg('rect', { x: 1, y: 2, width: 16, height: 10, rx: 1.5, fill: color, 'fill-opacity': '0.25' }),
  );
}

/** A line with its band for the legend. */
export function bandedLineIcon(color: string): SVGSVGElement {
  const band = { x: 1, y: 2, width: 16, height: 10, rx: 1.5, fill: color, 'fill-opacity': '0.22' };
  return frame(18, 14, svg('rect', band), svg('path', { d: 'M1 7H17', stroke: color, 'stroke-width': '2' }));
}

/** An error bar for the legend. */
export function errorIcon(color: string): SVGSVGElement {
  return frame(
    14,
    14,
    svg('path', { d: 'M7 1V13M4.5 1h5M4.5 13h5', stroke: color, 'stroke-width': '1.4', fill: 'none' }),
  );
}

const GLYPHS = {
  chevron: 'M4 6L8 10L12 6',
  export: 'M8 2V10M4.5 6.5L8 10L11.5 6.5M2.5 13H13.5',
  reset: 'M3 8a5 5 0 1 1 1.6 3.7M3 12.5V8.6h3.9',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9a4.5 4.5 0 0 1 0 9M10.4 10.4L14 14',
} as const;

/** A 16 by 16 button glyph. */
export function glyph(name: keyof typeof GLYPHS): SVGSVGElement {
  const line = { d: GLYPHS[name], fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5' };
  return frame(16, 16, svg('path', { ...line, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}
