/**
 * The door: as little as an extension can be until it is needed. It registers the commands, looks at the beginning of
 * each table and YAML file that opens, and loads the client, which starts the language server, when one of them looks
 * like results, or when a command asks for it.
 */
import * as vscode from 'vscode';
import { messageOf } from '../protocol/channel.ts';
import type { Started } from './client.cjs';
import { LANGUAGES, looksLikeResults, OTHER_SCHEMES, PROBE } from './sniff.ts';

const COMMANDS = ['fit', 'showChart', 'showLog', 'exportResults', 'copyResults', 'runPassUntil'] as const;

/** What other extensions, and the tests, may ask of this one. */
export type Api = { readonly running: () => boolean; readonly started: () => Promise<Started> };

export function activate(context: vscode.ExtensionContext): Api {
  let started: Promise<Started> | undefined;
  const start = (): Promise<Started> => {
    started ??= import('./client.cjs').then((client) => client.start(context, worthwhile));
    started.catch(() => (started = undefined)); // The next one tries again.
    return started;
  };
  const consider = (document: vscode.TextDocument): void => {
    const { uri } = document;
    if (started !== undefined || !vscode.workspace.getConfiguration('scalingLens', uri).get('enable', true)) return;
    if (worthwhile(document)) start().catch(console.error);
  };
  for (const command of COMMANDS) {
    const run = (...args: unknown[]): Promise<unknown> => start().then((client) => client.run(command, args), complain);
    context.subscriptions.push(vscode.commands.registerCommand(`scalingLens.${command}`, run));
  }
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidChangeConfiguration(() => vscode.workspace.textDocuments.forEach(consider)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges: [first] }) => {
      if (first !== undefined && first.rangeOffset < PROBE) consider(document);
    }),
    vscode.window.registerWebviewPanelSerializer('scalingLens.chart', {
      deserializeWebviewPanel: async (panel, state: unknown) => (await start()).restore(panel, state),
    }),
  );
  vscode.workspace.textDocuments.forEach(consider);
  return { running: () => started !== undefined, started: start };
}

/** Is this document one for the language server? */
function worthwhile(document: vscode.TextDocument): boolean {
  if (!LANGUAGES.includes(document.languageId) || OTHER_SCHEMES.has(document.uri.scheme)) return false;
  const end = document.positionAt(PROBE);
  return looksLikeResults(
    document.languageId,
    document.fileName,
    document.getText(new vscode.Range(0, 0, end.line, end.character)),
  );
}

function complain(error: unknown): void {
  void vscode.window.showErrorMessage(`Scaling Lens could not start: ${messageOf(error)}`);
}
