/**
 * The chart's legend as buttons: each hides or shows a family, the curve, the band or a reference line, by mouse and by
 * keyboard, and says its state to screen readers.
 */
import { formatPercent } from '../src/core/render/number.ts';
import { type Palette, REFERENCE } from '../src/core/render/palette.ts';
import type { Plot } from '../src/core/render/plot.ts';
import { curveColor } from '../src/core/render/svg-legend.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { el, replace } from './dom.ts';
import { bandIcon, errorIcon, lineIcon, markerIcon } from './icon.ts';
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
  const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : null;
  const buttons = entries(input).map(({ key, label, icon }) => {
    const shown = !input.hidden.has(key);
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
  const found: Entry[] = plot.families
    .filter(({ points, hidden: off }) => off || points.length > 0)
    .map(({ key, label, index }) => ({
      key,
      label: label === 'measured' ? t('measured') : label,
      icon: markerIcon(index, palette),
    }));
  const { curve } = plot;
  if (plot.errors || hidden.has('errors')) {
    found.push({ key: 'errors', label: t('errors'), icon: errorIcon(palette.muted) });
  }
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
  if (series.chance !== null) {
    found.push({ key: 'chance', label: t('chance'), icon: lineIcon(palette.chance, REFERENCE) });
  }
  return found;
}
