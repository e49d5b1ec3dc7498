/**
 * What every SVG chart stands in: the document with its background and title, the frame of a panel with axes, ticks and
 * grid. The chart of a series and its further pictures share it, so that they line up.
 */
import type { Palette } from './palette.ts';
import { type Axis, type Tick, ticks, toPixel } from './scale.ts';
import { coordinate, element, escapeXml, fitText, textElement, textWidth, titleLines } from './svg-element.ts';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

/** A line above the panels of a sheet. */
export function heading(title: string, width: number, palette: Palette): string {
  return textElement(fitText(title, 17.6, width), {
    x: 16,
    y: 28,
    fill: palette.foreground,
    'font-size': '16',
    'font-weight': '600',
  });
}

/** The line at the top of a panel. */
export function panelTitle(title: string, width: number, palette: Palette): string {
  return textElement(fitText(title, 15.4, width - 30), {
    x: 14,
    y: 24,
    fill: palette.foreground,
    'font-size': '14',
    'font-weight': '600',
  });
}

/** A complete SVG document; `label` is what it is for readers who cannot see it. */
export function page(width: number, height: number, palette: Palette, label: string, ...children: string[]): string {
  const box = `0 0 ${coordinate(width)} ${coordinate(height)}`;
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: box, role: 'img', 'font-family': FONT },
    element('title', {}, escapeXml(label)),
    element('rect', { width, height, fill: palette.background }),
    ...children,
  );
}

/** Where a panel's drawing stands, and the pixels of its values. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly px: (x: number) => number;
  readonly py: (y: number) => number;
}

export interface FrameInput {
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  /** Pixels that title and legend take above the drawing. */
  readonly above: number;
  readonly yTicks: readonly Tick[];
  readonly yTitle: string;
}

/** Ticks of the y axis of a panel of this height. */
export function yTicksOf(axis: Axis, height: number): Tick[] {
  return ticks(axis, Math.max(3, Math.round(height / 62)));
}

/** Pixels that the x axis takes below the drawing. */
const BELOW = 48;
/** Pixels that title, subtitle and a row of the legend take above it. */
const USUALLY_ABOVE = 82;

/** Room for tick labels and for a title of one or two lines on the left, for the x axis below. */
export function frameOf({ x, y, width, height, above, yTicks, yTitle }: FrameInput): Frame {
  const top = above + 12;
  const bottom = height - BELOW;
  const left = leftEdge(yTicks, yTitle, bottom - top);
  const right = width - 18;
  return {
    left,
    right,
    top,
    bottom,
    px: (value) => toPixel(x, value, left, right),
    py: (value) => toPixel(y, value, bottom, top),
  };
}

/** Left edge of the drawing, which the legend above it keeps to: needed before the frame's height is known. */
export function leftOf(yTicks: readonly Tick[], yTitle: string, height: number): number {
  return leftEdge(yTicks, yTitle, height - BELOW - USUALLY_ABOVE);
}

/** Tick labels, and a title of as many lines as it needs beside a drawing of this height. */
function leftEdge(yTicks: readonly Tick[], yTitle: string, height: number): number {
  const labels = Math.max(20, ...yTicks.map(({ label }) => textWidth(label, 11)));
  return Math.ceil(labels) + 26 + 14 * yTitleLines(yTitle, height).length;
}

/** The title of the y axis may stand out a little above and below the drawing. */
function yTitleLines(yTitle: string, height: number): readonly string[] {
  return titleLines(yTitle, 12, height + 40);
}

export interface GridInput {
  readonly x: Axis;
  readonly xKind: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly yTicks: readonly Tick[];
  readonly palette: Palette;
}

/** Grid lines, tick labels and the titles of both axes. */
export function grid(frame: Frame, { x: axis, xKind, xTitle, yTitle, yTicks, palette }: GridInput): string {
  const { left, right, top, bottom, px, py } = frame;
  const lines: string[] = [];
  const labels: string[] = [];
  const c = coordinate;
  const xTicks = yTicks.length === 0 ? [] : ticks(axis, Math.max(2, Math.floor((right - left) / 72)), xKind);
  let small = '';
  let large = '';
  for (const tick of xTicks) {
    const x = px(tick.value);
    if (tick.major) large += `M${c(x)} ${c(top)}V${c(bottom)}`;
    else small += `M${c(x)} ${c(bottom)}v4`;
    if (tick.label !== '') labels.push(textElement(tick.label, { x, y: bottom + 17, 'text-anchor': 'middle' }));
  }
  for (const tick of yTicks) {
    const y = py(tick.value);
    if (tick.major) large += `M${c(left)} ${c(y)}H${c(right)}`;
    else small += `M${c(left)} ${c(y)}h-4`;
    if (tick.label !== '') labels.push(textElement(tick.label, { x: left - 7, y: y + 3.8, 'text-anchor': 'end' }));
  }
  lines.push(element('path', { d: large, stroke: palette.grid, fill: 'none' }));
  const d = `M${c(left)} ${c(top)}V${c(bottom)}H${c(right)}${small}`;
  lines.push(element('path', { d, stroke: palette.axis, fill: 'none' }));
  const middle = (top + bottom) / 2;
  labels.push(
    textElement(fitText(xTitle, 12, right - left + 30), {
      x: (left + right) / 2,
      y: bottom + 37,
      'text-anchor': 'middle',
      'font-size': '12',
      fill: palette.foreground,
    }),
    ...yTitleLines(yTitle, bottom - top).map((text, i) =>
      textElement(text, {
        x: 16 + 14 * i,
        y: middle,
        transform: `rotate(-90 ${16 + 14 * i} ${c(middle)})`,
        'text-anchor': 'middle',
        'font-size': '12',
        fill: palette.foreground,
      }),
    ),
  );
  return lines.join('') + element('g', { fill: palette.muted, 'font-size': '11' }, ...labels);
}
