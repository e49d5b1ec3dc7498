// Typing in a table of 10 MB in a real VS Code: how long an edit takes with the extension switched off, and while it
// analyses that table. Run by `npm run bench typing`; it prints and judges nothing.
import * as vscode from 'vscode';
import { largeTable } from '../../host/large-table.ts';
import type { Host, Tests } from '../../host/suite.ts';

const BYTES = 10e6;
const EDITS = 20;
/** Milliseconds between two edits: somebody who types fast. */
const GAP = 60;
const ROUNDS = 2;

/** Milliseconds of each of some edits in a freshly opened table. */
async function typing({ workspace, until }: Host, name: string, text: Uint8Array): Promise<number[]> {
  const uri = vscode.Uri.joinPath(workspace, name);
  await vscode.workspace.fs.writeFile(uri, text);
  await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: vscode.ViewColumn.One, preview: false });
  const editor = await until('the editor', () => {
    const active = vscode.window.activeTextEditor;
    return active?.document.uri.toString() === uri.toString() ? active : undefined;
  });
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const begun = performance.now();
    await editor.edit((edit) => edit.insert(new vscode.Position(5, 4), 'x'), {
      undoStopBefore: false,
      undoStopAfter: false,
    });
    times.push(performance.now() - begun);
    await new Promise((done) => setTimeout(done, GAP));
  }
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await until('the document to close', () => editor.document.isClosed);
  await vscode.workspace.fs.delete(uri);
  return times;
}

const at = (share: number, times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] as number;

const describe = (times: readonly number[]): string =>
  `median ${at(0.5, times).toFixed(1)} ms, 9 of 10 within ${at(0.9, times).toFixed(1)} ms, longest ${at(1, times).toFixed(0)} ms`;

export const tests: Tests = {
  'typing in a table of 10 MB': async (host) => {
    const text = new TextEncoder().encode(largeTable(BYTES));
    const settings = vscode.workspace.getConfiguration('scalingLens');
    const off: number[] = [];
    const on: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await settings.update('enable', false, vscode.ConfigurationTarget.Global);
      off.push(...(await typing(host, `off-${round}.csv`, text)));
      await settings.update('enable', undefined, vscode.ConfigurationTarget.Global);
      on.push(...(await typing(host, `on-${round}.csv`, text)));
    }
    console.log(`# switched off: ${describe(off)}`);
    console.log(`# analysing:    ${describe(on)}`);
    const ratio = (share: number): string => (at(share, on) / at(share, off)).toFixed(2);
    console.log(`# an edit takes ${ratio(0.5)} × as long (median), ${ratio(0.9)} × (9 of 10)`);
  },
};
