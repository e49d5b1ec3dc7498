/** *Show Chart*: the chart of the active file (or of the file and series given by a code lens), fitting it if need be. */
import { isBusy } from '../../protocol/language.ts';
import type { Desk } from '../start.ts';
import { analysed } from './fit.ts';
import { neededTarget } from './target.ts';

export async function showChart(desk: Desk, args: readonly unknown[]): Promise<void> {
  const target = neededTarget(desk, args);
  if (target === null) return;
  const series = typeof args[1] === 'string' ? args[1] : null;
  const phase = desk.status.of(target.toString())?.phase;
  if (phase === 'ready' || (phase !== undefined && isBusy(phase))) desk.panel.show(target.toString(), series);
  else if ((await analysed(desk, target)) !== null) desk.panel.show(target.toString(), series);
}
