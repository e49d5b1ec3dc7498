/**
 * The data of the chart as a real table: headers with scope, sortable with aria-sort, every point in it, however many
 * the chart draws. Rows are added in slices, so that a long table does not hold up the page.
 */
import { predictionAt } from '../src/core/render/delimited.ts';
import { ABSENT, columnFormat, formatScale, formatSigned } from '../src/core/render/number.ts';
import { curveOf, familyOf, type PlotChoice, yUnit } from '../src/core/render/plot.ts';
import type { PointView, SeriesView } from '../src/core/render/view-model.ts';
import { el, replace } from './dom.ts';
import { t } from './strings.ts';

const SLICE = 400;

interface Column {
  readonly key: string;
  readonly title: string;
  readonly numeric: boolean;
  readonly value: (point: PointView) => number | string | null;
  readonly text: (point: PointView) => string;
}

interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

export interface DataTable {
  readonly root: HTMLElement;
  update(series: SeriesView, law: PlotChoice['law']): void;
}

/** Creates the table; `reveal` hears the index of a point whose cell should be shown. */
export function createTable(reveal: (at: number) => void): DataTable {
  const root = el('div', { class: 'table-scroll', tabindex: 0, role: 'region' });
  let sort: Sort = { key: 'x', descending: false };
  let run = 0;
  let shown: { series: SeriesView; law: PlotChoice['law'] } | null = null;

  const draw = () => {
    if (shown === null) return;
    const { series, law } = shown;
    const mine = ++run;
    const columns = columnsOf(series, law);
    const order = sorted(series, columns, sort);
    const head = el('tr', {}, ...columns.map((column) => heading(column)));
    const body = el('tbody', {});
    const caption = el('caption', {}, t('caption', series.title, series.points.length));
    root.setAttribute('aria-label', series.title);
    replace(root, el('table', { class: 'data' }, caption, el('thead', {}, head), body));
    const more = (from: number) => {
      if (mine !== run) return;
      // Every slice lays the whole table out again: growing slices keep the sum of that in proportion to its length.
      const to = from + Math.max(SLICE, from);
      body.append(...order.slice(from, to).map((at) => row(series, columns, at)));
      if (to < order.length) requestAnimationFrame(() => more(to));
    };
    more(0);
    stop(body.querySelector<HTMLElement>('tr.linked'), false);
  };

  const heading = (column: Column): HTMLElement => {
    const on = sort.key === column.key;
    const button = el('button', { type: 'button' }, column.title);
    button.addEventListener('click', () => {
      sort = { key: column.key, descending: on && !sort.descending };
      draw();
      root.querySelector<HTMLElement>(`th[data-key="${column.key}"] button`)?.focus();
    });
    const direction = on ? (sort.descending ? 'descending' : 'ascending') : 'none';
    return el(
      'th',
      { scope: 'col', 'aria-sort': direction, 'data-key': column.key, class: column.numeric ? 'number' : null },
      button,
    );
  };

  const row = (series: SeriesView, columns: readonly Column[], at: number): HTMLElement => {
    const point = series.points[at] as PointView;
    const cells = columns.map((column, i) => {
      const text = column.text(point);
      const numeric = column.numeric ? 'number' : null;
      // The model names the row.
      const title = !column.numeric && text.length > 24 ? text : null;
      return i === 0 ? el('th', { scope: 'row', title }, text) : el('td', { class: numeric, title }, text);
    });
    const classes = [point.excluded === null ? '' : 'excluded', point.range === null ? '' : 'linked'].join(' ').trim();
    const linked = point.range === null ? {} : { tabindex: -1 };
    return el('tr', { class: classes === '' ? null : classes, 'data-at': at, ...linked }, ...cells);
  };

  // One tab stop for all rows: the first, until another one has had the focus.
  const stop = (line: HTMLElement | null | undefined, focus: boolean) => {
    if (line == null) return;
    for (const other of root.querySelectorAll<HTMLElement>('tbody tr[tabindex="0"]')) other.tabIndex = -1;
    line.tabIndex = 0;
    if (focus) line.focus();
  };

  root.addEventListener('keydown', (event) => {
    const line = event.target as HTMLElement;
    if (line.localName !== 'tr') return;
    const lines = [...root.querySelectorAll<HTMLElement>('tbody tr.linked')];
    const at = lines.indexOf(line);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: lines.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) stop(lines[Math.min(lines.length - 1, Math.max(0, to))], true);
    else if (event.key === 'Enter' || event.key === ' ') reveal(Number(line.getAttribute('data-at')));
    else return;
    event.preventDefault();
  });

  root.addEventListener('click', (event) => {
    const line = (event.target as Element).closest('tbody tr');
    if (line !== null && String(getSelection()) === '') reveal(Number(line.getAttribute('data-at')));
  });

  return {
    root,
    update(series, law) {
      if (shown?.series.id !== series.id) sort = { key: 'x', descending: false };
      shown = { series, law };
      draw();
    },
  };
}

function columnsOf(series: SeriesView, law: PlotChoice['law']): Column[] {
  const unit = yUnit(series);
  const curve = curveOf(series, law);
  const families = new Set(series.points.map((point) => familyOf(series, point)));
  const predicted = (point: PointView) => predictionAt(series, curve, point.x, point.predicted);
  // Scores and predictions share their decimals: they are there to be compared.
  const score = columnFormat(series.points.flatMap((point) => [point.y, predicted(point)]));
  const some = (test: (point: PointView) => boolean) => series.points.some(test);
  const errors = columnFormat(
    series.points.map(({ stderr }) => stderr),
    2,
  );
  const columns: (Column | false)[] = [
    {
      key: 'model',
      title: t('colModel'),
      numeric: false,
      value: ({ model }) => model,
      text: ({ model }) => model || ABSENT,
    },
    families.size > 1 && {
      key: 'family',
      title: t('colFamily'),
      numeric: false,
      value: (point) => familyOf(series, point),
      text: (point) => familyOf(series, point) || ABSENT,
    },
    { key: 'x', title: series.x.label, numeric: true, value: ({ x }) => x, text: ({ x }) => bare(x, series) },
    {
      key: 'y',
      title: unit === '' ? series.y.label : `${series.y.label} (${unit})`,
      numeric: true,
      value: ({ y }) => y,
      text: ({ y }) => score(y),
    },
    some(({ stderr }) => stderr !== null) && {
      key: 'stderr',
      title: t('colStderr'),
      numeric: true,
      value: ({ stderr }) => stderr,
      text: ({ stderr }) => errors(stderr),
    },
    curve !== null && {
      key: 'predicted',
      title: t('colPredicted'),
      numeric: true,
      value: predicted,
      text: (point) => score(predicted(point)),
    },
    curve?.chosen === true &&
      some(({ sigma }) => sigma !== null) && {
        key: 'sigma',
        title: t('colResidual'),
        numeric: true,
        value: ({ sigma }) => sigma,
        text: ({ sigma }) => formatSigned(sigma),
      },
    some(({ excluded }) => excluded !== null) && {
      key: 'note',
      title: t('colNote'),
      numeric: false,
      value: ({ excluded }) => excluded,
      text: ({ excluded }) => (excluded === null ? '' : excluded),
    },
  ];
  return columns.filter((column): column is Column => column !== false);
}

/** The scale without its unit, which stands in the heading. */
function bare(x: number, series: SeriesView): string {
  return formatScale(x, series.x.kind).split('\u00a0')[0] as string;
}

/** Indices of the points in the order asked for; what does not exist goes last either way. */
function sorted(series: SeriesView, columns: readonly Column[], { key, descending }: Sort): number[] {
  const column = columns.find((one) => one.key === key) ?? columns[0];
  const order = series.points.map((_, at) => at);
  if (column === undefined) return order;
  const values = series.points.map((point) => column.value(point));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return order.sort((a, b) => {
    const [one, other] = [values[a] ?? null, values[b] ?? null];
    if (one === null || other === null) return one === other ? a - b : one === null ? 1 : -1;
    const by =
      typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other));
    return (descending ? -by : by) || a - b;
  });
}
