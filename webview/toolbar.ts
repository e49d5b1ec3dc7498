/** The controls above the chart: which law, which scales, the way back from a zoom; the bar of work in progress; a word. */
import type { Plot } from '../src/core/render/plot.ts';
import type { SeriesView } from '../src/core/render/view-model.ts';
import { drawLaws } from './laws.ts';
import type { Shell } from './shell.ts';
import { t } from './strings.ts';

/** How long a word stays, in milliseconds. */
const WORD_STAYS = 6000;

export interface ToolbarInput {
  /** The series shown. */
  readonly series: SeriesView;
  /** The same series as the view has it, without laws fitted on request. */
  readonly chosen: SeriesView;
  readonly plot: Plot;
  /** The law that the reader asked for. */
  readonly law: string | null;
  readonly zoomed: boolean;
  /** What is below: the plain chart, a further one (which has its own axes and lines), or the table. */
  readonly below: 'chart' | 'picture' | 'table';
}

export function drawToolbar(shell: Shell, { series, chosen, plot, law, zoomed, below }: ToolbarInput): void {
  shell.toggles.hidden = below === 'picture';
  shell.reset.hidden = !zoomed || below === 'table';
  for (const [button, on, axis] of [
    [shell.xLog, plot.x.type === 'log', series.x],
    [shell.yLog, plot.y.type === 'log', series.y],
  ] as const) {
    button.setAttribute('aria-pressed', String(on));
    // Not disabled, which would take it, and the reason, from who uses the keyboard.
    button.setAttribute('aria-disabled', String(!axis.logPossible));
    button.title = axis.logPossible ? '' : t('noLog');
  }
  drawLaws(shell.lawLabel, shell.law, chosen, law);
  if (shell.toggles.hidden) shell.lawLabel.hidden = true;
}

/** Shows or hides the bar; done and total count series, null where that is not known. */
export function drawProgress(
  { progress }: Shell,
  { busy, done, total }: { readonly busy: boolean; readonly done: number | null; readonly total: number | null },
): void {
  progress.hidden = !busy;
  const known = done !== null && total !== null && total > 0;
  const text = known ? t('fittingCount', done, total) : t('fitting');
  progress.setAttribute('aria-label', text);
  progress.classList.toggle('indeterminate', !known);
  progress.style.setProperty('--done', known ? String(done / total) : '0');
  if (known) progress.setAttribute('aria-valuenow', String(Math.round((100 * done) / total)));
  else progress.removeAttribute('aria-valuenow');
}

/** Says a word in the toolbar that fades after a while; screen readers hear it. */
export function speaker({ status }: Shell): (text: string) => void {
  let timer = 0;
  return (text) => {
    status.textContent = text;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      status.textContent = '';
    }, WORD_STAYS);
  };
}
