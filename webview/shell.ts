/**
 * The page's furniture: picker, heading, toolbar, chart, table, facts, message, live region. Built once; the parts that
 * change are filled by the modules that own them.
 */
import { el, replace } from './dom.ts';
import { glyph } from './icon.ts';
import { t } from './strings.ts';

export interface Shell {
  readonly app: HTMLElement;
  readonly content: HTMLElement;
  readonly heading: HTMLElement;
  readonly panels: Readonly<Record<'chart' | 'table', HTMLElement>>;
  readonly law: HTMLSelectElement;
  readonly lawLabel: HTMLElement;
  readonly toggles: HTMLElement;
  readonly xLog: HTMLButtonElement;
  readonly yLog: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  readonly box: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly selection: HTMLElement;
  readonly chartError: HTMLElement;
  readonly legend: HTMLElement;
  readonly facts: HTMLElement;
  readonly message: HTMLElement;
  readonly progress: HTMLElement;
  readonly status: HTMLElement;
  readonly live: HTMLElement;
}

export interface ShellParts {
  readonly tabs: HTMLElement;
  readonly picker: HTMLElement;
  readonly table: HTMLElement;
  readonly menu: HTMLElement;
}

function toggle(name: string): HTMLButtonElement {
  return el('button', { type: 'button', class: 'toggle', id: name, 'aria-pressed': 'false' });
}

/** Builds the page and puts it into the body. Captions are set by `captions`, once translations are known. */
export function buildShell({ tabs, picker, table, menu }: ShellParts): Shell {
  const heading = el('header', { class: 'heading' });
  const law = el('select', { id: 'law', class: 'select' });
  const lawLabel = el('label', { class: 'law' }, el('span', { class: 'law-caption' }), law);
  const xLog = toggle('x-log');
  const yLog = toggle('y-log');
  const toggles = el('div', { class: 'toggles' }, xLog, yLog);
  const reset = el(
    'button',
    { type: 'button', class: 'button', id: 'reset', hidden: true },
    glyph('reset'),
    el('span', {}),
  );
  const status = el('span', { class: 'status', role: 'status' });
  const toolbar = el(
    'div',
    { class: 'toolbar' },
    tabs,
    el('div', { class: 'tools' }, lawLabel, toggles, reset),
    status,
    menu,
  );
  const canvas = el('canvas', { id: 'chart', tabindex: 0, role: 'application' });
  const selection = el('div', { class: 'selection', hidden: true });
  const chartError = el('div', { class: 'chart-error', role: 'alert', hidden: true });
  const box = el('div', { class: 'canvas-box' }, canvas, selection, chartError);
  const legend = el('div', { class: 'legend', role: 'group' });
  const panels = {
    chart: el(
      'div',
      { role: 'tabpanel', id: 'panel-chart', class: 'panel', 'aria-labelledby': 'tab-chart' },
      box,
      legend,
    ),
    table: el(
      'div',
      { role: 'tabpanel', id: 'panel-table', class: 'panel', 'aria-labelledby': 'tab-table', hidden: true },
      table,
    ),
  };
  const facts = el('footer', { class: 'facts-area' });
  const content = el('main', { class: 'content' }, heading, toolbar, panels.chart, panels.table, facts);
  const progress = el('div', { class: 'progress', role: 'progressbar', hidden: true });
  const message = el('div', { class: 'message', role: 'status' });
  const live = el('div', { class: 'visually-hidden', 'aria-live': 'polite', id: 'live' });
  const app = el('div', { class: 'app' }, progress, picker, content, message, live);
  replace(document.body, app);
  return {
    app,
    content,
    heading,
    panels,
    law,
    lawLabel,
    toggles,
    xLog,
    yLog,
    reset,
    box,
    canvas,
    selection,
    chartError,
    legend,
    facts,
    message,
    progress,
    status,
    live,
  };
}

/** Writes the fixed captions; again when translations arrive. */
export function captions(shell: Shell): void {
  shell.xLog.textContent = t('xLog');
  shell.yLog.textContent = t('yLog');
  (shell.lawLabel.firstElementChild as HTMLElement).textContent = t('law');
  (shell.reset.lastElementChild as HTMLElement).textContent = t('resetZoom');
  shell.canvas.setAttribute('aria-roledescription', t('chartRole'));
  shell.canvas.setAttribute('aria-description', t('chartHelp'));
}

export type MessageKind = 'loading' | 'empty';

/** Shows a message instead of the chart and its surroundings; null shows these again. */
export function showMessage(shell: Shell, kind: MessageKind | null, text = ''): void {
  shell.app.classList.toggle('has-message', kind !== null);
  shell.message.hidden = kind === null;
  if (kind === null) {
    replace(shell.message);
    return;
  }
  replace(
    shell.message,
    el('div', { class: `message-art message-${kind}`, 'aria-hidden': 'true' }, ...art()),
    el('h1', {}, t(kind)),
    text !== '' && el('p', { class: 'message-text' }, text),
    el('p', { class: 'message-hint' }, t(`${kind}Hint`)),
  );
}

function art(): HTMLElement[] {
  return [1, 2, 3, 4, 5].map((i) => el('span', { class: `dot dot-${i}` }));
}

/** Shows the panel of the chosen tab; `label` is the id of the tab that names it. */
export function showPanel(shell: Shell, chosen: 'chart' | 'table', label: string): void {
  for (const name of ['chart', 'table'] as const) shell.panels[name].hidden = name !== chosen;
  shell.panels.chart.setAttribute('aria-labelledby', label);
  shell.app.classList.toggle('on-table', chosen === 'table');
}
