/** *Export Results*: report, summary or points and curves of a file, written where the user says. */
import * as vscode from 'vscode';
import { messageOf } from '../../protocol/channel.ts';
import { saveBytes } from '../save.ts';
import type { Desk } from '../start.ts';
import { neededTarget } from './target.ts';

/** @returns where it was written; null when there was nothing to write, or the user cancelled */
export async function exportResults(desk: Desk, args: readonly unknown[]): Promise<string | null> {
  const target = neededTarget(desk, args);
  if (target === null) return null;
  const choice = await vscode.window.showQuickPick(
    [
      { label: 'CSV', description: vscode.l10n.t('points, predictions and curves'), format: 'csv' as const },
      { label: 'JSON', description: vscode.l10n.t('the whole report'), format: 'json' as const },
      { label: 'Markdown', description: vscode.l10n.t('a summary to paste'), format: 'markdown' as const },
    ],
    { title: vscode.l10n.t('Export Results') },
  );
  if (choice === undefined) return null;
  const uri = target.toString();
  try {
    const text = await desk.requests.export({ uri, format: choice.format });
    const extension = choice.format === 'markdown' ? 'md' : choice.format;
    const stem = target.path.slice(target.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
    return await saveBytes(new TextEncoder().encode(text), choice.format, `${stem}.scaling.${extension}`, uri);
  } catch (error) {
    void vscode.window.showWarningMessage(messageOf(error));
    return null;
  }
}
