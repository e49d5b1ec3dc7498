/**
 * Quick fixes. They write to scaling.yaml and never to a data file: settle a question, pin what was guessed, leave a run
 * out with its reason, choose a law, silence a finding. A manifest that does not exist yet is created beside the file.
 */
import type {
  CodeAction,
  CodeActionContext,
  Diagnostic,
  Range,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import { editManifest, type ManifestChange } from '../core/manifest/edit.ts';
import { globMatcher } from '../core/manifest/glob.ts';
import { clip } from '../core/render/markdown.ts';
import { lineStarts, type Position, positionAt } from '../core/table/span.ts';
import { type DiagnosticData, pageOf } from './diagnostics.ts';
import type { Documents } from './documents.ts';
import type { Fix } from './fixes.ts';
import type { ManifestPlace } from './manifest-place.ts';

export interface ActionInput {
  readonly params: {
    readonly textDocument: { readonly uri: string };
    readonly range: Range;
    readonly context: CodeActionContext;
  };
  readonly documents: Documents;
}

interface Proposal extends Fix {
  readonly diagnostics?: readonly Diagnostic[];
  readonly preferred?: boolean;
}

/** The fixes at a range of a results file. */
export async function actionsOf({ params, documents }: ActionInput): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const entry = documents.get(uri);
  if (entry?.document == null || entry.phase === 'nothing') return [];
  const file = documents.fileName(uri);
  const ours = params.context.diagnostics.filter(({ source }) => source === 'Scaling Lens');
  const proposals: Proposal[] = ours.flatMap((diagnostic) => forDiagnostic(diagnostic, file));
  const offset = entry.document.offsetAt(params.range.start);
  proposals.push(...((await documents.askAtRest(uri, { kind: 'fixes', offset })) ?? []));
  const manifest = await documents.manifestFor(uri);
  const actions: CodeAction[] = [];
  for (const proposal of proposals) {
    const edit = editFor(manifest, proposal.change);
    if (edit === null) continue;
    actions.push({
      title: proposal.title,
      kind: 'quickfix',
      edit,
      ...(proposal.diagnostics === undefined ? {} : { diagnostics: [...proposal.diagnostics] }),
      ...(proposal.preferred === true ? { isPreferred: true } : {}),
    });
  }
  for (const diagnostic of ours) {
    if (typeof diagnostic.code !== 'string' || diagnostic.code === 'question') continue;
    actions.push({
      title: `What does ${diagnostic.code} mean?`,
      kind: 'quickfix',
      diagnostics: [diagnostic],
      command: { title: 'Open page', command: 'vscode.open', arguments: [pageOf(diagnostic.code)] },
    });
  }
  return actions;
}

function forDiagnostic(diagnostic: Diagnostic, file: string): Proposal[] {
  const data = diagnostic.data as DiagnosticData | undefined;
  if (data === undefined) return [];
  const proposals = forQuestion(diagnostic, data, file);
  if (data.code === 'question') return proposals;
  const diagnostics = [diagnostic];
  const { code, series } = data;
  const model = data.data['model'];
  if (typeof model === 'string' && /^(?:data\.|fit\.)/.test(code)) {
    const why = `${code}: ${messageOf(diagnostic).slice(0, 120)}`;
    proposals.push({
      title: `Leave ${model} out of the fits (scaling.yaml)`,
      change: { kind: 'exclude', file, model, why },
      diagnostics,
    });
  }
  if (series !== null) {
    proposals.push({
      title: `Silence ${code} for ${series} (scaling.yaml)`,
      change: { kind: 'silence', file, code, series },
      diagnostics,
    });
  }
  proposals.push({
    title: `Silence ${code} in this study (scaling.yaml)`,
    change: { kind: 'level', file, code, level: 'ignore' },
    diagnostics,
  });
  return proposals;
}

function messageOf({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}

/** A question's answers are lines of a manifest, the best guess first; the last line says what the answer is. */
function forQuestion(diagnostic: Diagnostic, data: DiagnosticData, file: string): Proposal[] {
  const answers = data.data['yaml'];
  if (!Array.isArray(answers)) return [];
  return answers
    .filter((one): one is string => typeof one === 'string')
    .map((yaml, at) => {
      const lines = yaml.trimEnd().split('\n');
      const [top = ''] = lines;
      const says = /^sources:/.test(top)
        ? (lines.at(-1) ?? '').trim()
        : lines.length > 3
          ? `${top} …`
          : lines.map((line) => line.trim()).join(' ');
      return {
        title: `Settle it with “${clip(says, 80)}” (scaling.yaml)`,
        change: { kind: 'merge' as const, file, yaml },
        diagnostics: [diagnostic],
        preferred: at === 0,
      };
    });
}

function editFor(manifest: ManifestPlace, change: ManifestChange): WorkspaceEdit | null {
  const { uri, text, version, name } = manifest;
  const changed = editManifest(text, change, (glob, file) => globMatcher(glob, name)(file));
  if (!changed.ok || changed.value === text) return null;
  const edit: TextDocumentEdit = {
    textDocument: { uri, version },
    edits: [smallest(text ?? '', changed.value)],
  };
  return {
    documentChanges: text === null ? [{ kind: 'create', uri, options: { ignoreIfExists: true } }, edit] : [edit],
  };
}

/** The one replacement that turns a text into another: what is equal at both ends stays untouched. */
function smallest(before: string, after: string): TextEdit {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const starts = lineStarts(before);
  const place = (offset: number): Position => positionAt(starts, offset);
  return {
    range: { start: place(start), end: place(before.length - end) },
    newText: after.slice(start, after.length - end),
  };
}
