/** Writing a result where the user says: a save dialog beside the analysed file, then the file system of the workspace. */
import * as vscode from 'vscode';
import type { ExportKind, PanelRequests } from '../protocol/panel.ts';

const FILTERS: Readonly<Record<ExportKind | 'markdown', readonly [label: string, extension: string]>> = {
  png: ['PNG image', 'png'],
  svg: ['SVG image', 'svg'],
  csv: ['CSV table', 'csv'],
  json: ['JSON', 'json'],
  latex: ['LaTeX', 'tex'],
  python: ['Python', 'py'],
  markdown: ['Markdown', 'md'],
};

/** Where it was saved; null when the user has cancelled. */
export async function saveExport(file: PanelRequests['save'][0], beside: string | null): Promise<string | null> {
  const bytes =
    file.kind === 'png'
      ? Uint8Array.from(atob(file.data), (c) => c.charCodeAt(0))
      : new TextEncoder().encode(file.data);
  return saveBytes(bytes, file.kind, file.name, beside);
}

export async function saveBytes(
  bytes: Uint8Array,
  kind: keyof typeof FILTERS,
  name: string,
  beside: string | null,
): Promise<string | null> {
  const source = beside === null ? null : vscode.Uri.parse(beside);
  // What was never saved lies in no folder.
  const folder =
    source === null || source.scheme === 'untitled'
      ? vscode.workspace.workspaceFolders?.[0]?.uri
      : vscode.Uri.joinPath(source, '..');
  const [label, extension] = FILTERS[kind];
  const safe = name.replace(/[^\p{L}\p{N}._ -]+/gu, '-');
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, safe) }),
    filters: { [label]: [extension] },
  });
  if (target === undefined) return null;
  await vscode.workspace.fs.writeFile(target, bytes);
  return vscode.workspace.asRelativePath(target);
}
