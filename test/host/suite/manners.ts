// Manners in a real VS Code: fixes write to scaling.yaml and nowhere else, chat tools exist only where they were
// asked for.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../../src/client/extension.ts';
import type { Started } from '../../../src/client/start.ts';
import type { Host, Tests } from '../suite.ts';

async function started(): Promise<Started> {
  const extension = vscode.extensions.getExtension<Api>('scaling-lens.scaling-lens');
  assert.ok(extension);
  return (await extension.activate()).started();
}

async function openWide({ workspace, until }: Host, name: string): Promise<vscode.TextDocument> {
  const extension = vscode.extensions.getExtension('scaling-lens.scaling-lens');
  assert.ok(extension);
  const target = vscode.Uri.joinPath(workspace, name);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extension.extensionUri, 'examples/study-wide.csv'), target, {
    overwrite: true,
  });
  const document = await vscode.workspace.openTextDocument(target);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  const client = await started();
  await until('the analysis', () => client.status(target.toString())?.phase === 'ready');
  return document;
}

const codes = (uri: vscode.Uri): string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'Scaling Lens')
    .map(({ code }) => String(typeof code === 'object' ? code.value : code));

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
};
