/**
 * Small tables under the chart: what a forecast is worth, what decided the shape, the threshold by every definition, the
 * reading of a picture. Everything is text.
 */
import { formatInterval, formatNumber, formatPercent, formatScale } from '../src/core/render/number.ts';
import type { ForecastView, PictureView, SeriesView } from '../src/core/render/view-model.ts';
import { type Child, el } from './dom.ts';
import { t } from './strings.ts';

function section(title: string, header: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  return el(
    'section',
    { class: 'evidence' },
    el('h2', {}, title),
    el(
      'div',
      { class: 'evidence-scroll', tabindex: 0, role: 'region', 'aria-label': title },
      el(
        'table',
        { class: 'evidence-table' },
        el('thead', {}, el('tr', {}, ...header.map((text) => el('th', { scope: 'col' }, text)))),
        el(
          'tbody',
          {},
          ...rows.map((cells) =>
            el('tr', {}, ...cells.map((cell, i) => (i === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell)))),
          ),
        ),
      ),
    ),
  );
}

/** Forecasts asked for, then the outlook one decade beyond the data; null where there is neither. */
export function forecastTable(series: SeriesView): Child {
  const rows: (readonly [ForecastView, string | null])[] = series.forecasts.map((one) => [one, one.name]);
  if (series.outlook !== null) rows.push([series.outlook, t('oneDecade')]);
  if (rows.length === 0) return null;
  return section(
    t('forecasts'),
    [t('colAt'), t('colExpected'), t('colInterval'), t('colVerdict')],
    rows.map(([{ x, y, low, high, level, verdict, why }, name]) => [
      el('span', {}, formatScale(x, series.x.kind), name !== null && el('span', { class: 'evidence-note' }, name)),
      formatNumber(y, 4),
      low === null && high === null ? '–' : `${formatInterval(low, high)} (${formatPercent(level)})`,
      el(
        'span',
        {},
        el('span', { class: `badge verdict-${verdict}` }, verdict.replaceAll('-', ' ')),
        el('span', { class: 'evidence-note' }, why),
      ),
    ]),
  );
}

/** What decided the shape; null where nothing did. */
export function shapeTable(series: SeriesView): Child {
  const { shape } = series;
  if (shape === null || shape.rows.length === 0) return null;
  return section(t('shapeEvidence'), [t('colTest'), t('colResult')], shape.rows);
}

/** The threshold by every definition; null where the series has none. */
export function thresholdTable({ thresholds }: SeriesView): Child {
  if (thresholds.length === 0) return null;
  return section(
    t('thresholds'),
    [t('colDefinition'), t('colAt'), t('colInterval'), t('colNote')],
    thresholds.map(({ title, source, place, interval, note }) => [
      el('span', { title: source }, title),
      place,
      interval === '' ? '–' : interval,
      el('span', { class: 'evidence-note' }, note),
    ]),
  );
}

/** What a picture shows, and what to keep in mind of it. */
export function pictureFacts(picture: PictureView): Child[] {
  return [
    el('p', { class: 'summary' }, picture.summary),
    picture.notes.length === 0
      ? null
      : el(
          'section',
          { class: 'notes' },
          el('h2', {}, t('notes')),
          el('ul', {}, ...picture.notes.map((note) => el('li', {}, note))),
        ),
  ];
}
