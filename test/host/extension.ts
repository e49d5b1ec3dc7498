// The extension under test, inside VS Code: itself, and its client once that runs.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/client/extension.ts';
import type { Started } from '../../src/client/start.ts';

export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('scaling-lens.scaling-lens');
  assert.ok(found, 'scaling-lens.scaling-lens is not installed');
  return found;
}

/** The running client: the first call starts it. */
export async function started(): Promise<Started> {
  return (await extension().activate()).started();
}
