/** *Copy Results*: the summary of a file as Markdown, on the clipboard. */
import * as vscode from 'vscode';
import { messageOf } from '../../protocol/channel.ts';
import type { Desk } from '../start.ts';
import { neededTarget } from './target.ts';

/** @returns whether anything was copied */
export async function copyResults(desk: Desk, args: readonly unknown[]): Promise<boolean> {
  const target = neededTarget(desk, args);
  if (target === null) return false;
  try {
    const text = await desk.requests.export({ uri: target.toString(), format: 'markdown' });
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Scaling Lens: results copied'), 3000);
    return true;
  } catch (error) {
    void vscode.window.showWarningMessage(messageOf(error));
    return false;
  }
}
