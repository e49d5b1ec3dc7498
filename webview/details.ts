/**
 * What is said around the chart: title with shape and verdict, the equation, parameters with intervals, quality of the
 * fit, threshold, findings and notes. Everything is text.
 */
import { formatInterval, formatNumber, formatPercent } from '../src/core/render/number.ts';
import type { Plot } from '../src/core/render/plot.ts';
import type { CurveView, FitView, PictureView, SeriesView } from '../src/core/render/view-model.ts';
import { breakable, type Child, el, equationNodes, replace } from './dom.ts';
import { forecastTable, shapeTable, thresholdTable } from './evidence.ts';
import { shapeIcon } from './icon.ts';
import { t } from './strings.ts';

/** Title, badges and equation above the chart. */
export function drawHeading(
  root: HTMLElement,
  series: SeriesView,
  curve: CurveView | null,
  picture: PictureView | null,
): void {
  const { shape, verdict } = series;
  const badges: Child[] = [];
  if (shape !== null) {
    const kind = shape.emergent ? 'emergent' : shape.label;
    badges.push(
      el(
        'span',
        { class: `badge badge-${kind}`, title: shape.evidence },
        shapeIcon(shape),
        el('span', {}, shape.title),
      ),
    );
  }
  if (verdict !== null) {
    badges.push(el('span', { class: `badge verdict-${verdict.verdict}`, title: verdict.why }, verdict.title));
  }
  if (curve !== null && !curve.converged) badges.push(el('span', { class: 'badge tag-warning' }, t('notConverged')));
  const rest = series.title.startsWith(`${series.task}, `) ? series.title.slice(series.task.length + 2) : series.metric;
  replace(
    root,
    el(
      'div',
      { class: 'title-row' },
      el(
        'h1',
        { class: 'title', title: series.title },
        el('span', { class: 'title-task' }, ...breakable(series.task)),
        el('span', { class: 'title-metric' }, rest),
      ),
      el('div', { class: 'badges' }, ...badges),
    ),
    picture !== null
      ? el('p', { class: 'no-curve' }, picture.heading)
      : curve === null
        ? el('p', { class: 'no-curve' }, series.noCurve ?? '')
        : el('p', { class: 'equation' }, ...equationNodes(curve.equation)),
  );
}

/** Facts below the chart. */
export function drawFacts(root: HTMLElement, view: FitView, series: SeriesView, plot: Plot): void {
  const { curve } = plot;
  const blocks: Child[] = [el('p', { class: 'summary' }, ...summaryNodes(series))];
  if (curve !== null && curve.parameters.length > 0) {
    const level = curve.parameters.find((one) => one.level !== null)?.level ?? null;
    const heading = level === null ? t('parameters') : `${t('parameters')} (${t('interval', formatPercent(level))})`;
    blocks.push(
      el(
        'section',
        { class: 'facts' },
        el('h2', {}, heading),
        el('dl', { class: 'parameters' }, ...curve.parameters.map(parameterNode)),
      ),
    );
  }
  if (curve !== null) {
    const quality: [Child, string][] = [
      ['n', String(curve.n)],
      [el('span', {}, 'R', el('sup', {}, '2')), formatNumber(curve.r2, 4)],
      ['RMSE', formatNumber(curve.rmse)],
      ['AICc', formatNumber(curve.aicc)],
    ];
    blocks.push(
      el(
        'section',
        { class: 'facts' },
        el('h2', {}, t('quality')),
        el('dl', { class: 'parameters' }, ...quality.map(([name, value]) => fact(name, value, null))),
      ),
    );
  }
  blocks.push(findingsNode(series), forecastTable(series), shapeTable(series), thresholdTable(series));
  blocks.push(notesNode(view, series, plot));
  replace(root, ...blocks);
}

/** The sentence under the chart, its equation with raised exponents; what the verdict rests on stands in its table. */
function summaryNodes(series: SeriesView): Child[] {
  const tabled = series.forecasts.length > 0 || series.outlook !== null;
  const why = series.verdict === null || tabled ? '' : ` ${series.verdict.why}`;
  return [...equationNodes(series.summary), why];
}

const GREEK: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  sigma: 'σ',
  tau: 'τ',
};

function parameterNode({ name, value, low, high }: CurveView['parameters'][number]): HTMLElement {
  const [, letter, index] = /^([A-Za-z]+?)_?(\d+)$/.exec(name) ?? [];
  const stem = letter ?? name;
  const symbol = el('span', { title: name }, Object.hasOwn(GREEK, stem) ? (GREEK[stem] as string) : stem);
  if (index !== undefined) symbol.append(el('sub', {}, index));
  const interval = low === null && high === null ? null : formatInterval(low, high);
  return fact(symbol, formatNumber(value, 4), interval);
}

function fact(name: Child, value: string, interval: string | null): HTMLElement {
  return el(
    'div',
    { class: 'fact' },
    el('dt', {}, name),
    el(
      'dd',
      {},
      el('span', { class: 'fact-value' }, value),
      interval !== null && el('span', { class: 'fact-interval' }, interval),
    ),
  );
}

function findingsNode(series: SeriesView): Child {
  if (series.findings.length === 0) return null;
  return el(
    'section',
    { class: 'findings' },
    el('h2', {}, t('findings')),
    el(
      'ul',
      {},
      ...series.findings.map(({ code, severity, message }) =>
        el(
          'li',
          { class: `finding severity-${severity}` },
          el('span', { class: 'finding-message' }, message),
          el('code', { class: 'finding-code' }, code),
        ),
      ),
    ),
  );
}

function notesNode(view: FitView, series: SeriesView, plot: Plot): Child {
  const notes = [...(plot.curve?.notes ?? []), ...view.notes];
  if (plot.unshown > 0) notes.unshift(t('unshown', plot.unshown));
  if (plot.thinned > 0)
    notes.unshift(t('thinned', series.points.length - plot.unshown - plot.thinned, series.points.length));
  if (series.threshold !== null && !series.summary.includes(series.threshold.text))
    notes.unshift(series.threshold.text);
  if (notes.length === 0) return null;
  return el(
    'section',
    { class: 'notes' },
    el('h2', {}, t('notes')),
    el('ul', {}, ...notes.map((note) => el('li', {}, note))),
  );
}
