// What a user sees, as pictures to look at: a results file with findings and its chart, a hover, in light, dark and high
// contrast. The pictures land in SCALING_LENS_SCREENSHOTS; the test itself only insists that the chart is on the screen.
import * as vscode from 'vscode';
import { started } from '../extension.ts';
import { copyExample } from '../files.ts';
import type { Tests } from '../suite.ts';

export const tests: Tests = {
  'the workbench with a results file, its chart and a hover, in every kind of theme': async (host) => {
    const { page, theme, skip, until } = host;
    if (!page.available) return skip('desktop VS Code has no page to look at');
    const client = await started();
    const target = await copyExample(host, 'study-wide.csv', 'looked-at.csv');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const document = await vscode.workspace.openTextDocument(target);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.One,
      preview: false,
    });
    await until('the chart', () => client.chart.lastDrawn()?.uri === target.toString());
    const at = document.positionAt(document.getText().indexOf('negation/accuracy') + 3);
    editor.selection = new vscode.Selection(at, at);
    await until('the panel to follow the cursor', () => client.chart.lastDrawn()?.series === 'negation/accuracy');
    for (const name of ['Light Modern', 'Dark Modern', 'Default High Contrast']) {
      await theme(name);
      await vscode.commands.executeCommand('editor.action.showHover');
      await new Promise((done) => setTimeout(done, 700));
      await page.ask({
        kind: 'screenshot',
        path: `${page.screenshots}/look-${name.toLowerCase().replaceAll(' ', '-')}.png`,
      });
    }
    await theme('Light Modern');
  },
};
