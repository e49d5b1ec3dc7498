// Manners in a real VS Code: fixes write to scaling.yaml and nowhere else, chat tools exist only where they were
// asked for.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { chartTab, closeEverything, drawnFor } from '../chart.ts';
import { copyExample, open, openExample, write } from '../files.ts';
import { codeOf, ours, ready } from '../findings.ts';
import type { Host, Tests } from '../suite.ts';

async function openWide(host: Host, name: string): Promise<vscode.TextDocument> {
  const document = await openExample(host, 'study-wide.csv', name);
  await ready(host, document.uri);
  return document;
}

const codes = (uri: vscode.Uri): string[] => ours(uri).map(codeOf);

export const tests: Tests = {
  'a quick fix creates scaling.yaml, silences the finding there, and leaves the data alone': async (host) => {
    const folder = vscode.Uri.joinPath(host.workspace, 'fixed');
    await vscode.workspace.fs.createDirectory(folder);
    const document = await openWide(host, 'fixed/study.csv');
    await host.until('the finding', () => codes(document.uri).includes('trend.inverse'));
    const before = document.getText();
    const at = document.positionAt(before.indexOf('negation/accuracy') + 2);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at),
    );
    const silence = actions.find(({ title }) => title.startsWith('Silence trend.inverse for'));
    assert.ok(silence?.edit, actions.map(({ title }) => title).join('\n'));
    assert.ok(await vscode.workspace.applyEdit(silence.edit));
    const manifest = vscode.Uri.joinPath(folder, 'scaling.yaml');
    const text = (await vscode.workspace.openTextDocument(manifest)).getText();
    assert.match(text, /trend\.inverse: \{silence: \[negation\/accuracy\]\}/);
    await host.until('the finding to go', () => !codes(document.uri).includes('trend.inverse'));
    assert.ok(codes(document.uri).includes('trend.u-shaped'), 'the others stay');
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  },

  'chat tools exist only where they are switched on, and answer': async (host) => {
    const names = (): string[] => vscode.lm.tools.map(({ name }) => name);
    const document = await openWide(host, 'chat.csv');
    const settings = vscode.workspace.getConfiguration('scalingLens');
    const ask = (): Thenable<vscode.LanguageModelToolResult> =>
      vscode.lm.invokeTool('list_scaling_findings', {
        input: { file: document.uri.toString() },
        toolInvocationToken: undefined,
      });
    await assert.rejects(async () => await ask());
    await settings.update('chatTools', true, vscode.ConfigurationTarget.Global);
    try {
      await host.until(
        'the tools',
        () => names().includes('list_scaling_findings') && names().includes('fit_scaling_law'),
      );
      const result = await host.until('an answer', () =>
        ask().then(
          (answer) => answer,
          () => undefined,
        ),
      );
      const [part] = result.content;
      assert.ok(part instanceof vscode.LanguageModelTextPart);
      assert.match(part.value, /trend\.inverse/);
    } finally {
      await settings.update('chatTools', undefined, vscode.ConfigurationTarget.Global);
    }
  },

  'residuals of outliers stand behind their cells where hints are wanted': async (host) => {
    const sample = await openExample(host, 'study-wide.csv');
    const lines = sample.getText().split('\n');
    const column = (lines[0] ?? '').split(',').indexOf('reading/accuracy');
    const cells = (lines[6] ?? '').split(',');
    cells[column] = '0.9';
    lines[6] = cells.join(',');
    const document = await open(await write(host, 'outlier.csv', lines.join('\n')));
    await ready(host, document.uri);
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
    assert.equal((await hints()).length, 0, 'off by default');
    const settings = vscode.workspace.getConfiguration('scalingLens');
    await settings.update('inlayHints', true, vscode.ConfigurationTarget.Global);
    try {
      const end = cells.slice(0, column + 1).join(',').length;
      const hint = await host.until('the hint', async () =>
        (await hints()).find(({ position }) => position.isEqual(new vscode.Position(6, end))),
      );
      assert.match(hint.label as string, /^\+0\.\d+ \([\d.]+ σ\)$/);
    } finally {
      await settings.update('inlayHints', undefined, vscode.ConfigurationTarget.Global);
    }
  },

  'a chart that is never to open opens for Show Chart alone': async (host) => {
    await closeEverything(host);
    const settings = vscode.workspace.getConfiguration('scalingLens');
    await settings.update('openChart', 'never', vscode.ConfigurationTarget.Global);
    try {
      const document = await openWide(host, 'never.csv');
      const summary = await vscode.commands.executeCommand<{ series: number }>('scalingLens.fit', document.uri);
      assert.equal(summary.series, 8);
      assert.equal(chartTab(), undefined);
      await vscode.commands.executeCommand('scalingLens.showChart', document.uri);
      await drawnFor(host, document.uri);
    } finally {
      await settings.update('openChart', undefined, vscode.ConfigurationTarget.Global);
    }
  },

  'a file that no editor holds is fitted again when the chart comes back to it': async (host) => {
    await closeEverything(host);
    // The chart opens beside an editor, where other files do not cover it.
    await drawnFor(host, (await openWide(host, 'first.csv')).uri);
    const beside = await copyExample(host, 'study-long.csv', 'beside.csv');
    await vscode.commands.executeCommand('scalingLens.fit', beside);
    await drawnFor(host, beside);
    const document = await openWide(host, 'front.csv');
    await drawnFor(host, document.uri);
    await vscode.commands.executeCommand('scalingLens.showChart', beside);
    assert.equal((await drawnFor(host, beside)).plotted.points.length, 12);
  },
};
