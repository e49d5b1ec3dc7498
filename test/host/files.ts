// Files in the workspace of the host tests: copied from the examples or written, and opened as a user opens them.
import * as vscode from 'vscode';
import { extension } from './extension.ts';
import type { Host } from './suite.ts';

/** A copy of a sample file in the workspace, not opened. */
export async function copyExample({ workspace }: Host, name: string, as = name): Promise<vscode.Uri> {
  const target = vscode.Uri.joinPath(workspace, as);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extension().extensionUri, 'examples', name), target, {
    overwrite: true,
  });
  return target;
}

/** A copy of a sample file in the workspace, opened in the first column. */
export async function openExample(host: Host, name: string, as = name): Promise<vscode.TextDocument> {
  return open(await copyExample(host, name, as));
}

export async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  return document;
}

export async function write({ workspace }: Host, name: string, text: string | Uint8Array): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(workspace, name);
  await vscode.workspace.fs.writeFile(uri, typeof text === 'string' ? new TextEncoder().encode(text) : text);
  return uri;
}
