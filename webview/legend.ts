/**
 * The chart's legend as buttons: each hides or shows a family, the curve, the band or a reference line, by mouse and by
 * keyboard, and says its state to screen readers.
 */
import { formatPercent } from '../src/core/render/number.ts';
import { type Palette, REFERENCE, TURN } from '../src/core/render/palette.ts';
import { traceKey } from '../src/core/render/picture-plot.ts';
import type { Plot } from '../src/core/render/plot.ts';
import { curveColor } from '../src/core/render/svg-legend.ts';
import { hasBand, traceColor } from '../src/core/render/svg-picture.ts';
import type { PictureView, SeriesView } from '../src/core/render/view-model.ts';
import { el, replace } from './dom.ts';
import { bandedLineIcon, bandIcon, errorIcon, lineIcon, markerIcon } from './icon.ts';
import { t } from './strings.ts';

interface Entry {
  readonly key: string;
  readonly label: string;
  readonly icon: Node;
}

export interface LegendInput {
  readonly series: SeriesView;
  readonly plot: Plot;
  readonly palette: Palette;
  readonly hidden: ReadonlySet<string>;
}

/** Fills the legend; `toggle` hears the key of the part to hide or show. */
export function drawLegend(root: HTMLElement, input: LegendInput, toggle: (key: string) => void): void {
  fillLegend(root, entries(input), input.hidden, toggle);
}

/** The legend of a picture: one entry per trace. */
export function drawPictureLegend(
  root: HTMLElement,
  { picture, palette, hidden }: { picture: PictureView; palette: Palette; hidden: ReadonlySet<string> },
  toggle: (key: string) => void,
): void {
  const found = picture.traces.map((trace): Entry => {
    const color = traceColor(palette, trace);
    const marker = typeof trace.color === 'number' ? trace.color : 0;
    const icon =
      trace.kind === 'points' ? markerIcon(marker, palette) : hasBand(trace) ? bandedLineIcon(color) : lineIcon(color);
    return { key: traceKey(picture, trace), label: trace.label, icon };
  });
  fillLegend(root, found, hidden, toggle);
}

function fillLegend(
  root: HTMLElement,
  found: readonly Entry[],
  hidden: ReadonlySet<string>,
  toggle: (key: string) => void,
): void {
  const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : null;
  const buttons = found.map(({ key, label, icon }) => {
    const shown = !hidden.has(key);
    const button = el(
      'button',
      { type: 'button', class: 'legend-entry', 'aria-pressed': String(shown), 'data-key': key, title: label },
      icon,
      el('span', {}, label),
    );
    button.addEventListener('click', () => toggle(key));
    return button;
  });
  replace(root, ...buttons);
  buttons.find((button) => button.getAttribute('data-key') === focused)?.focus();
}

function entries({ series, plot, palette, hidden }: LegendInput): Entry[] {
  const ink = curveColor(palette);
  const found: Entry[] = [];
  const { curve } = plot;
  if (curve !== null) {
    found.push({ key: 'curve', label: curve.title, icon: lineIcon(ink) });
    if (curve.level !== null) {
      const level = formatPercent(curve.level);
      found.push({ key: 'band', label: t('interval', level), icon: bandIcon(ink) });
    }
  }
  if (series.threshold !== null) {
    found.push({ key: 'threshold', label: t('threshold'), icon: lineIcon(palette.threshold, [], true) });
  }
  if (series.turn !== null) {
    found.push({ key: 'turn', label: t('turn'), icon: lineIcon(palette.threshold, TURN, true) });
  }
  if (series.chance !== null) {
    found.push({ key: 'chance', label: t('chance'), icon: lineIcon(palette.chance, REFERENCE) });
  }
  if (plot.errors || hidden.has('errors')) {
    found.push({ key: 'errors', label: t('errors'), icon: errorIcon(palette.muted) });
  }
  const families = plot.families
    .filter(({ points, hidden: off }) => off || points.length > 0)
    .map(({ key, label, index }) => ({
      key,
      label: label === 'measured' ? t('measured') : label,
      icon: markerIcon(index, palette),
    }));
  // Many families fill the rows: what the lines mean comes before them.
  return [...found, ...families];
}
