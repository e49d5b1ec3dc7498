/**
 * The choice of law: the automatic one, the other curves that came with the view, and laws that the extension fits on
 * request. Fits that were asked for are kept for the version of the view that they belong to.
 */
import { lawTitle } from '../src/core/render/equation.ts';
import type { FitView, SeriesView } from '../src/core/render/view-model.ts';
import { el, replace } from './dom.ts';
import { t } from './strings.ts';

/** Laws in one variable that make sense to try on any series. */
const OFFERED = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'bnsl2', 'sigmoid', 'log-linear'] as const;

/** Fewer points than this identify none of them. */
const FEWEST = 3;

/** The value of the choice that leaves the decision to the analysis. */
export const AUTOMATIC = '';

export class OtherFits {
  readonly #fits = new Map<string, SeriesView>();
  readonly #asked = new Set<string>();

  /** The series with the law asked for, where it was fitted; the series itself otherwise. */
  series(view: FitView, series: SeriesView, law: string | null): SeriesView {
    if (law === null || has(series, law)) return series;
    return this.#fits.get(key(view, series, law)) ?? series;
  }

  /** True, once, for a law that the extension has yet to fit. */
  wanted(view: FitView, series: SeriesView, law: string | null): law is string {
    if (law === null || view.state === 'fitting' || has(series, law)) return false;
    const name = key(view, series, law);
    if (this.#asked.has(name)) return false;
    this.#asked.add(name);
    return true;
  }

  /** Keeps the answer; false when it does not hold the law asked for. */
  keep(view: FitView, series: SeriesView, law: string, answer: FitView): boolean {
    const fitted = answer.series.find(({ id }) => id === series.id);
    if (fitted === undefined || !has(fitted, law)) return false;
    this.#fits.set(key(view, series, law), fitted);
    return true;
  }

  /** Forgets everything: another version of the data has come. */
  clear(): void {
    this.#fits.clear();
    this.#asked.clear();
  }

  /** Lets a law that failed be tried again. */
  retry(view: FitView, series: SeriesView, law: string): void {
    this.#asked.delete(key(view, series, law));
  }
}

function has(series: SeriesView, law: string): boolean {
  return series.curves.some((curve) => curve.law === law);
}

function key(view: FitView, series: SeriesView, law: string): string {
  return JSON.stringify([view.uri, view.version, series.id, law]);
}

/** Fills the choice; hidden where too few points leave nothing to choose. `series` is as the view has it. */
export function drawLaws(label: HTMLElement, select: HTMLSelectElement, series: SeriesView, law: string | null): void {
  label.hidden = series.points.length < FEWEST;
  if (label.hidden) return;
  const chosen = series.curves.find((curve) => curve.chosen) ?? series.curves[0];
  const others = [...new Set([...series.curves.map((curve) => curve.law), ...OFFERED])].filter(
    (id) => id !== chosen?.law,
  );
  const titles = new Map(series.curves.map((curve) => [curve.law, curve.title]));
  const automatic = chosen === undefined ? t('automaticNone') : t('automatic', chosen.title);
  const now = law !== null && law !== chosen?.law ? law : AUTOMATIC;
  replace(
    select,
    el('option', { value: AUTOMATIC }, automatic),
    ...others.map((id) => el('option', { value: id }, titles.get(id) ?? lawTitle(id))),
  );
  // A law kept from elsewhere (a reload, an older version of the page) is listed too.
  if (now !== AUTOMATIC && !others.includes(now)) select.append(el('option', { value: now }, lawTitle(now)));
  select.value = now;
}
