/**
 * The list of tasks: a listbox with the shape of each series, a filter when there are many, arrows and type-ahead. In a
 * narrow panel it folds behind a button that names the task shown.
 */
import type { FitView, SeriesView } from '../src/core/render/view-model.ts';
import { el, replace } from './dom.ts';
import { glyph, shapeIcon } from './icon.ts';
import { t } from './strings.ts';

/** From this many series on there is a filter. */
const FILTER_FROM = 8;
/** More options than this are not listed; the filter finds the others. */
const MOST = 400;

export interface Picker {
  readonly root: HTMLElement;
  update(view: FitView, selected: string | null): void;
  /** Opens or folds the list in a narrow panel. */
  fold(folded: boolean): void;
}

/** Creates the list; `select` hears every choice. */
export function createPicker(select: (series: string) => void): Picker {
  const input = el('input', { type: 'text', class: 'filter-input', spellcheck: 'false', autocomplete: 'off' });
  const filter = el('div', { class: 'filter' }, glyph('search'), input);
  const list = el('ul', { role: 'listbox', tabindex: 0, class: 'tasks', id: 'tasks' });
  const note = el('p', { class: 'tasks-note', role: 'status' });
  const count = el('span', { class: 'tasks-count' });
  const now = el('span', { class: 'fold-title' });
  const button = el(
    'button',
    { type: 'button', class: 'fold', 'aria-expanded': 'false', 'aria-controls': 'tasks' },
    now,
    glyph('chevron'),
  );
  const body = el('div', { class: 'picker-body' }, el('div', { class: 'picker-head' }, count), filter, list, note);
  const root = el('nav', { class: 'picker' }, button, body);

  let view: FitView | null = null;
  let selected: string | null = null;
  let shown: readonly SeriesView[] = [];
  let typed = '';
  let typedAt = 0;

  const folded = (fold: boolean) => {
    root.classList.toggle('open', !fold);
    button.setAttribute('aria-expanded', String(!fold));
  };

  const draw = () => {
    const all = view?.series ?? [];
    const needle = input.value.trim().toLowerCase();
    const hits = needle === '' ? all : all.filter((series) => haystack(series).includes(needle));
    shown = hits.slice(0, MOST);
    filter.hidden = all.length < FILTER_FROM;
    replace(list, ...shown.map((series, i) => option(series, i, series.id === selected)));
    note.textContent =
      hits.length === 0 && all.length > 0
        ? t('noMatch', input.value.trim())
        : hits.length > MOST
          ? t('capped', MOST, hits.length)
          : '';
    note.hidden = note.textContent === '';
    mark();
  };

  const mark = () => {
    let active: Element | null = null;
    for (const [i, item] of [...list.children].entries()) {
      const on = shown[i]?.id === selected;
      item.setAttribute('aria-selected', String(on));
      if (on) active = item;
    }
    if (active === null) list.removeAttribute('aria-activedescendant');
    else {
      list.setAttribute('aria-activedescendant', active.id);
      active.scrollIntoView({ block: 'nearest' });
    }
    now.textContent = view?.series.find(({ id }) => id === selected)?.title ?? t('tasks');
    // What is read on the button comes first in its name, for those who speak to their computer.
    button.setAttribute('aria-label', `${now.textContent}, ${t('openTasks')}`);
  };

  const choose = (series: SeriesView | undefined) => {
    if (series === undefined) return;
    selected = series.id;
    mark();
    select(series.id);
  };

  input.addEventListener('input', draw);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      if (event.key === 'Enter') choose(shown[0]);
      list.focus();
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (input.value === '') {
        folded(true);
        button.focus();
      }
      input.value = '';
      draw();
    }
  });
  list.addEventListener('click', (event) => {
    const item = (event.target as Element).closest('[role=option]');
    if (item === null) return;
    choose(shown[[...list.children].indexOf(item)]);
    folded(true);
  });
  list.addEventListener('keydown', (event) => {
    const at = shown.findIndex(({ id }) => id === selected);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? shown.length - 1 : at - 1,
      Home: 0,
      End: shown.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      choose(shown[Math.min(shown.length - 1, Math.max(0, to))]);
    } else if (event.key === 'Enter' || event.key === 'Escape') {
      folded(true);
      button.focus();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== ' ') {
      const fresh = event.timeStamp - typedAt > 800;
      typed = (fresh ? '' : typed) + event.key.toLowerCase();
      typedAt = event.timeStamp;
      choose(shown.find(({ title }) => title.toLowerCase().startsWith(typed)));
    } else return;
    event.preventDefault();
  });
  // Open over the chart, it must not hide what has the focus.
  root.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== null && !root.contains(relatedTarget as Node)) folded(true);
  });
  button.addEventListener('click', () => {
    const opens = !root.classList.contains('open');
    folded(!opens);
    if (opens) (filter.hidden ? list : input).focus();
  });

  return {
    root,
    fold: folded,
    update(next, id) {
      // The same list again only moves the mark: a reader's scroll position and focus stay.
      const same = view !== null && signature(view) === signature(next);
      view = next;
      selected = id;
      list.setAttribute('aria-label', t('tasks'));
      root.setAttribute('aria-label', t('tasks'));
      input.setAttribute('placeholder', t('filter'));
      input.setAttribute('aria-label', t('filter'));
      count.textContent = next.series.length === 1 ? t('taskCountOne') : t('taskCount', next.series.length);
      root.hidden = next.series.length < 2;
      if (same) mark();
      else draw();
    },
  };
}

function haystack({ title, id, shape }: SeriesView): string {
  return `${title} ${id} ${shape?.title ?? ''}`.toLowerCase();
}

function signature(view: FitView): string {
  return JSON.stringify(
    view.series.map(({ id, title, shape, findings }) => [id, title, shape?.title, findings.length]),
  );
}

/** Shapes that a reader looks for get their name beside the task; the usual ones only their picture. */
function remarkable(series: SeriesView): boolean {
  const { shape } = series;
  return shape !== null && (shape.emergent || ['inverse', 'u-shaped', 'inverted-u', 'mixed'].includes(shape.label));
}

/** Letters at the end of a long name that are never cut: tasks of one family differ there. */
const TAIL = 12;

function taskName(task: string): HTMLElement {
  const letters = [...task];
  if (letters.length < 2 * TAIL) return el('span', { class: 'task-name' }, task);
  const cut = letters.length - TAIL;
  return el(
    'span',
    { class: 'task-name task-long' },
    el('span', { class: 'task-head' }, letters.slice(0, cut).join('')),
    el('span', { class: 'task-tail' }, letters.slice(cut).join('')),
  );
}

function option(series: SeriesView, i: number, on: boolean): HTMLElement {
  const { shape } = series;
  const kind = shape === null ? 'none' : shape.emergent ? 'emergent' : shape.label;
  const rest = series.title.startsWith(`${series.task}, `) ? series.title.slice(series.task.length + 2) : series.metric;
  const warns = series.findings.some(({ severity }) => severity === 'warning' || severity === 'error');
  return el(
    'li',
    {
      role: 'option',
      id: `task-${i}`,
      class: 'task',
      'aria-selected': String(on),
      title: series.title,
      'data-shape': kind,
    },
    el('span', { class: 'task-shape' }, shapeIcon(shape)),
    el(
      'span',
      { class: 'task-text' },
      el(
        'span',
        { class: 'task-line' },
        taskName(series.task),
        remarkable(series)
          ? el('span', { class: `tag ${warns ? 'tag-warning' : ''}` }, shape?.title ?? '')
          : el('span', { class: 'visually-hidden' }, shape?.title ?? ''),
      ),
      el('span', { class: 'task-metric' }, rest),
    ),
  );
}
