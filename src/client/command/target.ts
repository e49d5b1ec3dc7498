/** Which file a command means: the one it was called on, else the active editor's, else the one in the chart. */
import * as vscode from 'vscode';
import type { Desk } from '../start.ts';

export function targetOf({ panel }: Pick<Desk, 'panel'>, args: readonly unknown[]): vscode.Uri | null {
  const [first] = args;
  if (first instanceof vscode.Uri) return first;
  if (typeof first === 'string') return vscode.Uri.parse(first);
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active !== undefined && active.scheme !== 'output') return active;
  // A file beyond the editor's limit has a tab, but no editor.
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText) return input.uri;
  return panel.uri === null ? null : vscode.Uri.parse(panel.uri);
}

/** The same for commands that cannot do without a file: where there is none, the user is told. */
export function neededTarget(desk: Pick<Desk, 'panel'>, args: readonly unknown[]): vscode.Uri | null {
  const target = targetOf(desk, args);
  if (target === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a table or a run file with evaluation results first, or choose one in the Explorer.'),
    );
  }
  return target;
}
