/**
 * *Fit Scaling Law*: on the active editor or on a file of the Explorer, of any size. A file that is not open is read by
 * the server from disk, with progress and a cancel button.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../protocol/channel.ts';
import type { Answer, FitSummary } from '../../protocol/language.ts';
import { type OpenChart, SECTION } from '../../protocol/settings.ts';
import type { Desk } from '../start.ts';
import { neededTarget } from './target.ts';

/** Milliseconds that a message stays in the status bar. */
const SAID = 10_000;

/** Fits, and shows the chart unless charts are never to open. @returns what was fitted; null when nothing was */
export async function fit(desk: Desk, args: readonly unknown[]): Promise<FitSummary | null> {
  const target = neededTarget(desk, args);
  const summary = target === null ? null : await analysed(desk, target);
  if (target === null || summary === null) return null;
  const when = vscode.workspace.getConfiguration(SECTION, target).get<OpenChart>('openChart', 'onOpen');
  // A chart that is open shows what was asked for last.
  if (when !== 'never' || desk.panel.uri !== null) desk.panel.show(target.toString());
  else desk.files.leave(target.toString());
  return summary;
}

/** @returns what was fitted; null when there was nothing to fit, or the user cancelled */
export async function analysed(desk: Desk, target: vscode.Uri): Promise<FitSummary | null> {
  const uri = target.toString();
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
  const held = document !== undefined && (await desk.sync.force(document));
  if (document !== undefined && !held && document.isDirty) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Save {0} first: files of this language are read from disk.',
        vscode.workspace.asRelativePath(target),
      ),
    );
    return null;
  }
  if (!held) desk.files.enter(target);
  const answer = await withProgress(desk, target, held);
  // Of what is not shown nobody wants to hear again.
  if (answer?.ok !== true && desk.panel.uri !== uri) desk.files.leave(uri);
  if (answer === null) return null;
  if (!answer.ok) {
    const log = vscode.l10n.t('Show Log');
    vscode.window.showWarningMessage(`${vscode.workspace.asRelativePath(target)}: ${answer.why}`, log).then(
      (choice) => (choice === log ? desk.log.show(true) : undefined),
      () => {},
    );
    return null;
  }
  // No editor, no status item: what became of the file is said once.
  if (!held)
    vscode.window.setStatusBarMessage(
      `Scaling Lens: ${vscode.workspace.asRelativePath(target)}: ${answer.value.summary}`,
      SAID,
    );
  return answer.value;
}

async function withProgress(desk: Desk, target: vscode.Uri, held: boolean): Promise<Answer<FitSummary> | null> {
  return vscode.window.withProgress(
    {
      location: held ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Fitting {0}', vscode.workspace.asRelativePath(target)),
      cancellable: true,
    },
    async (progress, token) => {
      let reported = 0;
      try {
        return await desk.requests.fit(target.toString(), token, (message, percentage) => {
          const increment = percentage === undefined ? 0 : Math.max(0, percentage - reported);
          reported += increment;
          progress.report({ increment, ...(message === undefined ? {} : { message }) });
        });
      } catch (error) {
        if (token.isCancellationRequested) return null;
        return { ok: false, why: messageOf(error) };
      }
    },
  );
}
