/**
 * Two read-only tools for chat, offered only where `scalingLens.chatTools` is on: the fitted laws of a file, and its
 * findings. They read the file that is named and change nothing.
 */
import * as vscode from 'vscode';
import { placeText } from '../core/render/place.ts';
import type { Report } from '../core/report-model.ts';
import { SECTION } from '../protocol/settings.ts';
import { Disposables } from './dispose.ts';
import type { Requests } from './requests.ts';
import type { Sync } from './sync.ts';
import type { WatchedFiles } from './watched-files.ts';

interface Input {
  /** Path in the workspace, absolute path or URI. */
  readonly file: string;
  /** Only series whose id contains this. */
  readonly series?: string;
}

/** What the tools ask. */
export interface ToolDesk {
  readonly requests: Requests;
  readonly sync: Sync;
  readonly files: WatchedFiles;
}

/** Series, or findings, of one answer: a model reads no more, and pays for every word. */
const MOST = 200;

export function registerTools(desk: ToolDesk): vscode.Disposable {
  const owned = new Disposables();
  let registered: Disposables | null = null;
  const update = (): void => {
    const wanted = vscode.workspace.getConfiguration(SECTION).get<boolean>('chatTools', false);
    if (wanted === (registered !== null)) return;
    registered?.dispose();
    registered = null;
    if (!wanted) return;
    registered = new Disposables();
    registered.add(vscode.lm.registerTool('fit_scaling_law', tool(desk, 'Fits scaling laws to', laws)));
    registered.add(vscode.lm.registerTool('list_scaling_findings', tool(desk, 'Lists scaling findings of', findings)));
  };
  update();
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.chatTools`)) update();
    }),
  );
  owned.add({ dispose: () => registered?.dispose() });
  return owned;
}

function tool(
  { requests, sync, files }: ToolDesk,
  verb: string,
  answer: (report: Report, series: string) => readonly object[],
): vscode.LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }) => ({ invocationMessage: `${verb} ${input.file}` }),
    invoke: async ({ input }, token) => {
      if (typeof input.file !== 'string') throw new Error('file: expected a path');
      const uri = (await resolve(input.file)).toString();
      const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
      if (document !== undefined) await sync.force(document);
      try {
        const fitted = await requests.fit(uri, token, () => {});
        if (!fitted.ok) return text({ error: fitted.why });
        const all = answer(await requests.report(uri), input.series ?? '');
        const left = all.length - MOST;
        return text(left > 0 ? [...all.slice(0, MOST), { leftOut: left, hint: 'name a series to see it' }] : all);
      } finally {
        if (!files.has(uri)) files.forget(uri);
      }
    },
  };
}

async function resolve(file: string): Promise<vscode.Uri> {
  if (/^[a-z][\w+.-]+:\/\//i.test(file)) return vscode.Uri.parse(file);
  if (file.startsWith('/') || /^[a-z]:[\\/]/i.test(file)) return vscode.Uri.file(file);
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const candidate = vscode.Uri.joinPath(uri, file);
    const found = await vscode.workspace.fs.stat(candidate).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new Error(`${file} is not in the workspace`);
}

function laws(report: Report, series: string): readonly object[] {
  return report.series
    .filter(({ id }) => id.includes(series))
    .map(({ id, scale, better, shape, threshold, chosen, fits, x }) => {
      const fit = fits.find(({ law }) => law === chosen);
      return {
        id,
        scale,
        better,
        points: x.length,
        shape: shape?.label ?? null,
        emergent: shape?.emergent ?? null,
        threshold,
        law: chosen,
        parameters: fit?.parameters ?? null,
        intervals: fit?.intervals ?? null,
        r2: fit?.r2 ?? null,
      };
    });
}

function findings(report: Report, series: string): readonly object[] {
  return report.findings
    .filter((one) => series === '' || one.series?.includes(series) === true)
    .map(({ code, severity, message, file, range, series: id }) => ({
      code,
      severity,
      message,
      place: placeText(file, range),
      series: id,
    }));
}

function text(value: unknown): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
}
