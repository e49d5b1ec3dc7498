/** The one output channel: what the client and the server have to say. It never opens by itself. */
import * as vscode from 'vscode';

export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Scaling Lens', { log: true });
}
