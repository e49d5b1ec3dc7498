// A study of several files in a real VS Code: its manifest, opened by itself, has the findings and the chart of what it
// names.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { started } from '../extension.ts';
import type { Tests } from '../suite.ts';

const names = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen'];

export const tests: Tests = {
  'scaling.yaml opened by itself shows the study that its sources name': async ({ workspace, until }) => {
    const client = await started();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const folder = vscode.Uri.joinPath(workspace, 'joined');
    const write = async (name: string, lines: readonly string[]): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(folder, name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${lines.join('\n')}\n`));
      return uri;
    };
    await write('runs/maths.csv', [
      'model,task,metric,score',
      ...names.map((n, i) => `${n},maths,accuracy,0.${30 + 5 * i}`),
    ]);
    await write('runs/logic.csv', [
      'model,task,metric,score',
      ...names.map((n, i) => `${n},logic,accuracy,0.${80 - 5 * i}`),
    ]);
    await write('models.csv', ['model,params,tokens', ...names.map((n, i) => `${n},${3 ** i * 1e7},${3 ** i * 2e8}`)]);
    const manifest = await write('scaling.yaml', [
      'version: 1',
      'sources:',
      '  - files: runs/*.csv',
      'models: models.csv',
    ]);
    await vscode.commands.executeCommand('vscode.open', manifest, {
      viewColumn: vscode.ViewColumn.One,
      preview: false,
    });
    const status = await until('the study', () => {
      const known = client.status(manifest.toString());
      return known?.phase === 'ready' ? known : undefined;
    });
    assert.match(status.text, /^study of 3 files: 2 tasks × 8 models/);
    const drawn = await until('its chart', () => {
      const last = client.chart.lastDrawn();
      return last?.uri === manifest.toString() ? last : undefined;
    });
    assert.equal(drawn.plotted.points.length, 8);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  },
};
