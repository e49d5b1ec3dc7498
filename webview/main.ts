/**
 * The chart panel's page: receives views, remembers how the reader looks at them, and redraws. All data comes by message
 * and leaves by message; nothing is fetched, and nothing from a file is ever read as markup.
 */
import './panel.css';
import { lawTitle } from '../src/core/render/equation.ts';
import type { Palette } from '../src/core/render/palette.ts';
import { picturePlot } from '../src/core/render/picture-plot.ts';
import { familyIndex, type Plot, type PlotChoice, plotOf } from '../src/core/render/plot.ts';
import type { FitView, PictureView, SeriesView } from '../src/core/render/view-model.ts';
import { messageOf } from '../src/protocol/channel.ts';
import type { Drawn, PanelState } from '../src/protocol/panel.ts';
import { act } from './act.ts';
import { census } from './census.ts';
import { drawFacts, drawHeading } from './details.ts';
import { replace } from './dom.ts';
import { pictureFacts } from './evidence.ts';
import { type ExportInput, exportData } from './export.ts';
import { connect, FRESH, type PlainToPanel } from './host.ts';
import { AUTOMATIC, OtherFits } from './laws.ts';
import { drawLegend, drawPictureLegend } from './legend.ts';
import { createMenu } from './menu.ts';
import { createPicker } from './picker.ts';
import { buildShell, captions, showMessage, showPanel } from './shell.ts';
import { type Scene, Stage } from './stage.ts';
import { t, translate } from './strings.ts';
import { createTable } from './table.ts';
import { createTabs, type Tab } from './tabs.ts';
import { readPalette, watchTheme } from './theme.ts';
import { drawProgress, drawToolbar, speaker } from './toolbar.ts';
import type { Zoom } from './zoom.ts';

let view: FitView | null = null;
let state: PanelState = FRESH;
let palette: Palette = readPalette();
let test = false;
let arrived = 0;
let tableKey = '';
let drawn: Drawn | null = null;
const otherFits = new OtherFits();
/** What the extension last said about its work on the file. */
let work: Extract<PlainToPanel, { type: 'busy' }> | null = null;

const picker = createPicker((series) => {
  arrived = performance.now();
  change({ series, law: null, yLog: null, zoom: null });
  announce();
});
const table = createTable(reveal);
const tabs = createTabs(showView);
const menu = createMenu((action, look) => void act(action, look, exportInput, host.channel).then(say));
const shell = buildShell({ tabs: tabs.root, picker: picker.root, table: table.root, menu: menu.root });
const say = speaker(shell);
const stage = new Stage(shell, { zoom: zoomTo, reset: resetZoom, reveal });

const host = connect(receive, {
  export: async ({ kind, theme }) => await exportData(kind, theme, exportInput()),
  census: () => drawn,
});

captions(shell);
showPanel(shell, 'chart', 'tab-chart');
menu.update(false);
showMessage(shell, 'loading');
state = host.restored() ?? FRESH;

shell.reset.addEventListener('click', resetZoom);
for (const [button, key] of [
  [shell.xLog, 'xLog'],
  [shell.yLog, 'yLog'],
] as const) {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') === 'true') say(button.title);
    else change({ [key]: button.getAttribute('aria-pressed') !== 'true', zoom: null });
  });
}
shell.law.addEventListener('change', () => {
  change({ law: shell.law.value === AUTOMATIC ? null : shell.law.value });
  announce();
});
watchTheme((next) => {
  palette = next;
  stage.outdated();
  render();
});
window.addEventListener('error', ({ message }) => host.post({ type: 'log', level: 'error', message }));
window.addEventListener('unhandledrejection', ({ reason }) => {
  host.post({ type: 'log', level: 'error', message: messageOf(reason) });
});
host.post({ type: 'ready', state: host.restored() });

function receive(message: PlainToPanel): void {
  switch (message.type) {
    case 'init':
      translate(message.strings);
      test = message.test;
      captions(shell);
      render();
      break;
    case 'view':
      takeView(message.view);
      break;
    case 'busy':
      work = message;
      busy();
      break;
    case 'select':
      if (view?.series.some(({ id }) => id === message.series) === true && state.series !== message.series) {
        arrived = performance.now();
        change({ series: message.series, law: null, yLog: null, zoom: null });
      }
      break;
    case 'clear':
      view = null;
      stage.clear();
      picker.root.hidden = true;
      work = null;
      busy();
      showMessage(shell, 'empty', message.message);
      break;
  }
}

function takeView(next: FitView): void {
  // Of one document, an older view may arrive late; of another, any version is news.
  if (view !== null && view.uri === next.uri && next.version < view.version) return;
  arrived = performance.now();
  const other = state.uri !== next.uri;
  if (view?.uri !== next.uri || view.version !== next.version) otherFits.clear();
  view = next;
  if (other)
    state = { ...state, uri: next.uri, series: null, law: null, yLog: null, zoom: null, picture: null, hidden: [] };
  const known = next.series.some(({ id }) => id === state.series);
  if (!known) {
    // The series may still be on its way while fitting: remember it, show the first meanwhile.
    if (next.state !== 'fitting') state = { ...state, series: next.series[0]?.id ?? null, law: null, zoom: null };
  }
  host.keep(state);
  render();
}

/** The series chosen, as the view has it. */
function chosenSeries(): SeriesView | null {
  return view?.series.find(({ id }) => id === state.series) ?? view?.series[0] ?? null;
}

/** The series shown: with the law that the reader asked for in place of the chosen one, once it is fitted. */
function current(): SeriesView | null {
  const series = chosenSeries();
  return view === null || series === null ? series : otherFits.series(view, series, state.law);
}

/** The further chart shown; null for the plain one. A series that has pictures may want to be met by one of them. */
function shownPicture(series: SeriesView): PictureView | null {
  if (state.picture === null) return series.pictures.find(({ first }) => first) ?? null;
  return series.pictures.find(({ id }) => id === state.picture) ?? null;
}

/** Shows the chart, a picture or the table, by the key of its tab. */
function showView(key: string): void {
  if (key === 'table') change({ tab: 'table' });
  else change({ tab: 'chart', picture: key === 'chart' ? 'plain' : key, zoom: null });
  const series = current();
  const title = series?.pictures.find(({ id }) => id === key)?.title;
  shell.live.textContent = t('nowShown', title ?? t(key === 'table' ? 'table' : 'chart'));
}

/** Asks the extension for the law that the reader wants and the view does not bring. */
async function fetchLaw(): Promise<void> {
  const [of, series, law] = [view, chosenSeries(), state.law];
  if (of === null || series === null || !otherFits.wanted(of, series, law)) return;
  const title = lawTitle(law);
  say(t('fitting'));
  try {
    const answer = await host.channel.request('fit', { uri: of.uri, series: series.id, law });
    if (!otherFits.keep(of, series, law, answer)) throw new Error(answer.message ?? t('lawMissing'));
    say('');
    arrived = performance.now();
    render();
    announce();
  } catch (error) {
    otherFits.retry(of, series, law);
    if (state.law === law && state.series === series.id) change({ law: null });
    say(t('fitFailed', title, messageOf(error)));
  }
}

function choice(): PlotChoice {
  return {
    law: state.law,
    xLog: state.xLog,
    yLog: state.yLog,
    zoom: state.zoom,
    hidden: new Set(state.hidden),
    ...(view === null ? {} : { families: familyIndex(view) }),
  };
}

function exportInput(): ExportInput {
  const series = current();
  if (series === null) throw new Error(t('empty'));
  return { series, choice: choice(), palette, picture: shownPicture(series) };
}

/** Changes how the view is looked at, keeps that, and redraws. */
function change(part: Partial<PanelState>): void {
  state = { ...state, ...part };
  host.keep(state);
  render();
}

function zoomTo({ x, y }: Zoom): void {
  change({ zoom: { x: x ?? state.zoom?.x ?? null, y: y ?? state.zoom?.y ?? null } });
}

function resetZoom(): void {
  if (state.zoom !== null) change({ zoom: null });
}

function reveal(at: number): void {
  const point = current()?.points[at];
  if (view === null || point === undefined || point.range === null) return;
  host.post({ type: 'reveal', uri: point.uri ?? view.uri, range: point.range });
}

function render(): void {
  if (view === null) return;
  const series = current();
  picker.update(view, series?.id ?? null);
  busy();
  if (series === null) {
    stage.clear();
    showMessage(shell, view.state === 'fitting' ? 'loading' : 'empty', view.message ?? '');
    return;
  }
  showMessage(shell, null);
  const picture = shownPicture(series);
  const plain: Tab[] = [{ key: 'chart', label: t('chart'), panel: 'panel-chart' }];
  const further = series.pictures.map(({ id, title }) => ({ key: id, label: title, panel: 'panel-chart' }));
  const shownTab = state.tab === 'table' ? 'table' : (picture?.id ?? 'chart');
  tabs.update([...plain, ...further, { key: 'table', label: t('table'), panel: 'panel-table' }], shownTab, t('tabs'));
  showPanel(shell, state.tab, `tab-${picture?.id ?? 'chart'}`);
  const plot = plotOf(series, choice());
  const drawing = picture === null ? null : { picture, plot: picturePlot(picture, choice()) };
  drawHeading(shell.heading, series, plot.curve, state.tab === 'table' ? null : picture);
  drawToolbar(shell, {
    series,
    chosen: chosenSeries() ?? series,
    plot,
    law: state.law,
    zoomed: drawing?.plot.zoomed ?? plot.zoomed,
    below: state.tab === 'table' ? 'table' : picture === null ? 'chart' : 'picture',
  });
  menu.update(plot.curve !== null);
  const hidden = new Set(state.hidden);
  if (picture === null) drawLegend(shell.legend, { series, plot, palette, hidden }, toggle);
  else drawPictureLegend(shell.legend, { picture, palette, hidden }, toggle);
  if (picture === null || state.tab === 'table') drawFacts(shell.facts, view, series, plot);
  else replace(shell.facts, ...pictureFacts(picture));
  void fetchLaw();
  if (state.tab === 'table') {
    const key = JSON.stringify([series, state.law]);
    if (key !== tableKey) table.update(series, state.law);
    tableKey = key;
  } else {
    drawCanvas(series, plot, drawing);
  }
}

/** Hides a part of the chart, or shows it again. */
function toggle(key: string): void {
  const off = state.hidden.includes(key);
  change({ hidden: off ? state.hidden.filter((one) => one !== key) : [...state.hidden, key] });
}

function drawCanvas(series: SeriesView, plot: Plot, further: Scene['further']): void {
  // While other series are still being fitted, the key stays the same and the chart stands.
  const key = JSON.stringify([
    series,
    further?.picture.id ?? null,
    { ...choice(), hidden: state.hidden, families: [...(choice().families ?? [])] },
  ]);
  try {
    stage.draw({ key, series, plot, further, palette });
  } catch (error) {
    stage.fail();
    host.post({ type: 'log', level: 'error', message: `chart of ${series.id}: ${messageOf(error)}` });
    return;
  }
  report(series, plot, performance.now() - arrived);
}

/** Tells the extension what was drawn; the counting waits for the frame, so that it never delays the drawing. */
function report(series: SeriesView, plot: Plot, milliseconds: number): void {
  const of = { uri: view?.uri ?? '', version: view?.version ?? 0 };
  const plotted: Drawn['plotted'] = {
    points: plot.families
      .filter(({ hidden }) => !hidden)
      .flatMap(({ points }) => points.map(({ point }) => [point.x, point.y] as const)),
    curve: [...plot.solid, ...plot.dashed],
    threshold: plot.threshold?.x ?? null,
    chance: plot.chance,
  };
  setTimeout(() => {
    if (!stage.filled) return;
    const counted = census(shell.canvas, test);
    drawn = { ...of, series: series.id, law: plot.curve?.law ?? null, milliseconds, census: counted, plotted };
    host.post({ type: 'drawn', ...drawn });
  }, 0);
}

function busy(): void {
  drawProgress(shell, {
    busy: work === null ? view?.state === 'fitting' : work.busy,
    done: work?.done ?? null,
    total: work?.total ?? null,
  });
}

/** Says what is shown now to readers who do not see the chart change. */
function announce(): void {
  const series = current();
  if (series === null) return;
  const picture = state.tab === 'table' ? null : shownPicture(series);
  shell.live.textContent = picture?.summary ?? (series.summary === '' ? series.title : series.summary);
}
