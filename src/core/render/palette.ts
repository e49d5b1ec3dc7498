/**
 * Colours, marker shapes and dashes that stay apart for colour-blind readers and in print. The hues are those of Okabe
 * and Ito (2008, "Color Universal Design"); each is moved towards black or white just far enough for the background it
 * is drawn on, so that any editor theme keeps the contrast that WCAG 2.2 (1.4.11) asks of graphics.
 */

export type ThemeKind = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Okabe and Ito's eight without black, in an order that keeps neighbours apart in hue and in lightness. */
export const OKABE_ITO = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'] as const;

export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'triangle-down' | 'cross' | 'plus' | 'star';

export const MARKERS: readonly Marker[] = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'triangle-down',
  'cross',
  'plus',
  'star',
];

/** Dash of reference lines: chance, ceiling. */
export const REFERENCE: readonly number[] = [3, 4];
/** Dash of the line where a trend turns. */
export const TURN: readonly number[] = [8, 4];

/** Dash of a curve beyond the last measured point. */
export const EXTRAPOLATED: readonly number[] = [6, 5];

export interface Palette {
  readonly kind: ThemeKind;
  readonly background: string;
  readonly foreground: string;
  /** Axis labels and captions. */
  readonly muted: string;
  /** Grid lines: visible, never louder than data. */
  readonly grid: string;
  readonly axis: string;
  /** Family colours, each at least `contrast` against the background. */
  readonly series: readonly string[];
  readonly threshold: string;
  readonly chance: string;
}

interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** Reads #rgb, #rrggbb, #rrggbbaa and rgb()/rgba() as browsers hand them out; null for anything else. */
export function parseColor(text: string): (Rgb & { readonly a: number }) | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    if (hex.length === 3 || hex.length === 4) {
      const [r = 0, g = 0, b = 0, a = 15] = [...hex].map((digit) => Number.parseInt(digit, 16));
      return { r: r * 17, g: g * 17, b: b * 17, a: a / 15 };
    }
    if (hex.length === 6 || hex.length === 8) {
      const [r = 0, g = 0, b = 0, a = 255] = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
      return { r, g, b, a: a / 255 };
    }
    return null;
  }
  const inside = /^rgba?\(([^)]*)\)$/i.exec(text.trim())?.[1];
  if (inside === undefined) return null;
  const parts = inside.split(/[\s,/]+/).filter((part) => part !== '');
  const [r, g, b] = parts.map(Number);
  const alpha = parts[3];
  const a = alpha === undefined ? 1 : alpha.endsWith('%') ? Number(alpha.slice(0, -1)) / 100 : Number(alpha);
  if (![r, g, b, a].every((part) => Number.isFinite(part))) return null;
  return { r: r as number, g: g as number, b: b as number, a };
}

function toHex({ r, g, b }: Rgb): string {
  const two = (part: number) =>
    Math.round(Math.min(255, Math.max(0, part)))
      .toString(16)
      .padStart(2, '0');
  return `#${two(r)}${two(g)}${two(b)}`;
}

/** Relative luminance of WCAG 2.2, 0 (black) to 1 (white). */
export function luminance(color: string): number {
  const rgb = parseColor(color);
  if (rgb === null) return 0;
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(rgb.r) + 0.7152 * linear(rgb.g) + 0.0722 * linear(rgb.b);
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** A share of `over` laid on `under`, as an opaque colour. */
export function mix(over: string, under: string, share: number): string {
  const top = parseColor(over);
  const bottom = parseColor(under);
  if (top === null || bottom === null) return over;
  const blend = (a: number, b: number) => a * share + b * (1 - share);
  return toHex({ r: blend(top.r, bottom.r), g: blend(top.g, bottom.g), b: blend(top.b, bottom.b) });
}

/** The colour with an alpha channel, as rgba(). */
export function fade(color: string, alpha: number): string {
  const rgb = parseColor(color);
  return rgb === null ? color : `rgba(${Math.round(rgb.r)}, ${Math.round(rgb.g)}, ${Math.round(rgb.b)}, ${alpha})`;
}

/** The colour itself where it stands out enough, else moved towards black or white by the smallest step that does. */
export function withContrast(color: string, background: string, ratio: number): string {
  if (contrast(color, background) >= ratio) return color;
  const goal = luminance(background) > 0.18 ? '#000000' : '#ffffff';
  for (let share = 0.98; share > 0; share -= 0.02) {
    const moved = mix(color, goal, share);
    if (contrast(moved, background) >= ratio) return moved;
  }
  return goal;
}

/** What a theme may say about itself; anything missing is derived. */
export interface ThemeColors {
  readonly background?: string;
  readonly foreground?: string;
}

const BACKGROUNDS: Readonly<Record<ThemeKind, string>> = {
  light: '#ffffff',
  dark: '#1e1e1e',
  'high-contrast': '#000000',
  'high-contrast-light': '#ffffff',
};

/** The palette of a theme: graphics at 3:1 or more, 4.5:1 in high contrast; text at 4.5:1 or more, 7:1 there. */
export function paletteFor(kind: ThemeKind, colors: ThemeColors = {}): Palette {
  const background = opaque(colors.background, BACKGROUNDS[kind]);
  const light = luminance(background) > 0.18;
  const strong = kind === 'high-contrast' || kind === 'high-contrast-light';
  const ink = light ? '#1f2328' : '#e6e6e6';
  const foreground = withContrast(opaque(colors.foreground, ink), background, strong ? 7 : 4.5);
  // On dark grounds hues near 3:1 look dull beside white ink: a little more than WCAG asks keeps them lively.
  const graphic = strong ? 4.5 : light ? 3.05 : 4.2;
  const clear = (color: string) => withContrast(color, background, graphic);
  return {
    kind,
    background,
    foreground,
    muted: withContrast(mix(foreground, background, strong ? 1 : 0.68), background, strong ? 7 : 4.5),
    grid: mix(foreground, background, strong ? 0.28 : 0.1),
    axis: mix(foreground, background, strong ? 1 : 0.4),
    series: OKABE_ITO.map(clear),
    threshold: clear(light ? '#a1218f' : '#e58fd8'),
    chance: clear(mix(foreground, background, strong ? 1 : 0.55)),
  };
}

function opaque(color: string | undefined, fallback: string): string {
  const rgb = color === undefined ? null : parseColor(color);
  return rgb === null || rgb.a < 0.99 ? fallback : toHex(rgb);
}

/** Colour of the n-th family: the palette's, then again with the next marker shape (see `markerOf`). */
export function colorOf(palette: Palette, index: number): string {
  return palette.series[index % palette.series.length] as string;
}

/** Marker of the n-th family. Seven colours and eight shapes repeat together only after 56 families. */
export function markerOf(index: number): Marker {
  return MARKERS[index % MARKERS.length] as Marker;
}
