// What runs inside VS Code when the pictures of the README are taken: the sample study with its findings in Problems, a
// hover and the chart beside it, in a light, a dark and a high-contrast theme. scripts/screenshots.ts starts it.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/client/extension.ts';
import { type Host, runSuites } from '../../test/host/suite.ts';

const THEMES = [
  ['light', 'Light Modern'],
  ['dark', 'Dark Modern'],
  ['high-contrast', 'Default High Contrast'],
] as const;

/** Called by VS Code as the suite of `extensionTestsPath`. */
export const run = (): Promise<void> => runSuites({ screenshots: { 'the sample study in every kind of theme': take } });

async function take({ page, theme, workspace, until }: Host): Promise<void> {
  assert.ok(page.available, 'pictures are taken from VS Code in a browser');
  const settings = vscode.workspace.getConfiguration();
  for (const [name, value] of [
    ['editor.fontSize', 13],
    ['editor.minimap.enabled', false],
    ['editor.hover.above', false],
    ['editor.lightbulb.enabled', 'off'],
    ['editor.scrollBeyondLastLine', false],
    ['editor.stickyScroll.enabled', false],
    ['breadcrumbs.enabled', false],
    ['window.commandCenter', false],
    ['problems.defaultViewMode', 'table'],
  ] as const) {
    await settings.update(name, value, vscode.ConfigurationTarget.Global);
  }
  await page.ask({ kind: 'viewport', width: 1600, height: 1000 });
  const extension = vscode.extensions.getExtension<Api>('scaling-lens.scaling-lens');
  assert.ok(extension);
  const client = await (await extension.activate()).started();
  const target = vscode.Uri.joinPath(workspace, 'study-long.csv');
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const document = await vscode.workspace.openTextDocument(target);
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  await until('the chart', () => client.chart.lastDrawn()?.uri === target.toString(), 30_000);
  const groups = [{ size: 0.54 }, { size: 0.46 }];
  await vscode.commands.executeCommand('vscode.setEditorLayout', { orientation: 0, groups });
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preserveFocus: false });
  for (let i = 0; i < 2; i++) await vscode.commands.executeCommand('workbench.action.increaseViewHeight');
  const finding = await until('the finding on negation', () =>
    vscode.languages
      .getDiagnostics(target)
      .find((one) => typeof one.code === 'object' && one.code.value === 'trend.inverse'),
  );
  const at = finding.range.start.translate(0, 2);
  editor.selection = new vscode.Selection(at, at);
  await until('the panel to follow the cursor', () => client.chart.lastDrawn()?.series === 'negation/accuracy');
  // The hover opens below the line: low enough to leave the task list and the chart in view.
  const first = Math.max(0, at.line - 24);
  editor.revealRange(new vscode.Range(first, 0, first, 0), vscode.TextEditorRevealType.AtTop);
  for (const [kind, name] of THEMES) {
    await theme(name);
    await vscode.commands.executeCommand('editor.action.showHover');
    await new Promise((done) => setTimeout(done, 1500));
    await page.ask({ kind: 'screenshot', path: `${page.screenshots}/workbench-${kind}.png` });
  }
  await vscode.commands.executeCommand('workbench.action.closePanel');
  for (const [kind, name] of THEMES) {
    await theme(name);
    await new Promise((done) => setTimeout(done, 700));
    await page.ask({ kind: 'screenshot', path: `${page.screenshots}/editor-${kind}.png` });
  }
  for (const [file] of await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(workspace, 'more'))) {
    const other = vscode.Uri.joinPath(workspace, 'more', file);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.One, preview: false });
    await until(`the chart of ${file}`, () => client.chart.lastDrawn()?.uri === other.toString(), 60_000);
    await vscode.commands.executeCommand('vscode.setEditorLayout', { orientation: 0, groups });
    for (const [kind, name] of THEMES) {
      await theme(name);
      await new Promise((done) => setTimeout(done, 1200));
      await page.ask({ kind: 'screenshot', path: `${page.screenshots}/chart-${file.replace('.csv', '')}-${kind}.png` });
    }
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'scaling-lens.scaling-lens#start', false);
  for (const [kind, name] of THEMES) {
    await theme(name);
    await new Promise((done) => setTimeout(done, 1500));
    await page.ask({ kind: 'screenshot', path: `${page.screenshots}/walkthrough-${kind}.png` });
  }
}
