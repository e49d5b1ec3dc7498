// The first question a real VS Code answers: is the extension there, and does it offer what its manifest says?
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from '../extension.ts';
import type { Tests } from '../suite.ts';

export const tests: Tests = {
  'the extension is installed and activates': async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  },

  'every contributed command is registered': async () => {
    const manifest = extension().packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
    assert.ok(registered.has('scalingLens.fit'));
  },

  'a .csv file has the language csv, a .TSV file tsv': async ({ workspace }) => {
    const csv = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspace, 'evals.csv'));
    assert.equal(csv.languageId, 'csv');
    const tsv = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspace, 'UPPER.TSV'));
    assert.equal(tsv.languageId, 'tsv');
  },

  'the workbench can be seen, in a light and in a dark theme': async ({ page, theme, workspace, skip }) => {
    if (!page.available) return skip('desktop VS Code has no page to look at');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspace, 'evals.csv'));
    await vscode.window.showTextDocument(document);
    for (const [name, kind] of [
      ['Light Modern', vscode.ColorThemeKind.Light],
      ['Dark Modern', vscode.ColorThemeKind.Dark],
    ] as const) {
      await theme(name);
      assert.equal(vscode.window.activeColorTheme.kind, kind);
      await page.ask({
        kind: 'screenshot',
        path: `${page.screenshots}/smoke-${name.replace(' ', '-').toLowerCase()}.png`,
      });
    }
  },
};
