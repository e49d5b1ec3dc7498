// Before any results file has been opened: the extension is awake, and that is all. Suites run in the order of their file
// names, so this one comes first.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from '../extension.ts';
import type { Tests } from '../suite.ts';

export const tests: Tests = {
  'a table that holds no results, and any YAML, start nothing': async ({ workspace }) => {
    for (const [name, text] of [
      ['people.csv', 'name,street,city\nA,B,C\nD,E,F\n'],
      ['compose.yaml', 'services:\n  web:\n    image: nginx\n'],
    ] as const) {
      const uri = vscode.Uri.joinPath(workspace, name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    }
    const { running } = await extension().activate();
    await new Promise((done) => setTimeout(done, 500));
    assert.equal(running(), false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
};
