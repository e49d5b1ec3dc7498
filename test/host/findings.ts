// What the editor shows of a file: our findings and hovers.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { started } from './extension.ts';
import type { Host } from './suite.ts';

/** Findings of ours on a file. */
export const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Scaling Lens');

export const codeOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

/** The texts that findings of a code mark. */
export const marked = (document: vscode.TextDocument, code: string): string[] =>
  ours(document.uri)
    .filter((one) => codeOf(one) === code)
    .map(({ range }) => document.getText(range));

/** Waits until a file is analysed and has findings. */
export async function ready(host: Host, uri: vscode.Uri): Promise<void> {
  const client = await started();
  await host.until(`${uri.path} analysed`, () => client.status(uri.toString())?.phase === 'ready');
  await host.until('findings', () => ours(uri).length > 0);
}

/** What all hovers at a place say. */
export async function hoverAt(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((one) => (typeof one === 'string' ? one : one.value))
    .join('\n');
}

/** Where a text begins. */
export function placeOf(document: vscode.TextDocument, text: string, after = 0): vscode.Position {
  const offset = document.getText().indexOf(text, after);
  assert.ok(offset >= 0, `no ${text}`);
  return document.positionAt(offset + 1);
}
