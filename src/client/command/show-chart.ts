/** *Show Chart*: the chart of the active file (or of the file and series given by a code lens), fitting it if need be. */
import * as vscode from 'vscode';
import { isBusy } from '../../protocol/language.ts';
import type { Desk } from '../start.ts';
import { analysed } from './fit.ts';
import { neededTarget } from './target.ts';

export async function showChart(desk: Desk, args: readonly unknown[]): Promise<void> {
  const target = neededTarget(desk, args);
  if (target === null) return;
  const series = typeof args[1] === 'string' ? args[1] : null;
  const uri = target.toString();
  const phase = desk.status.of(uri)?.phase;
  const done = phase === 'ready' || (phase !== undefined && isBusy(phase));
  // A file that no editor holds is forgotten when the chart leaves it, whatever was last said of it.
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
  const kept = desk.files.has(uri) || (document !== undefined && desk.sync.has(document));
  if ((done && kept) || (await analysed(desk, target)) !== null) desk.panel.show(uri, series);
}
