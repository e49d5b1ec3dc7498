/** The language features of the protocol: hovers, outline, lenses, hints, fixes, completion. */
import type { Connection } from 'vscode-languageserver';
import type { Documents } from '../language/documents.ts';
import { lensesOf } from '../language/lenses.ts';
import type { Ports } from '../language/ports.ts';
import type { Room } from '../language/room.ts';
import { symbolsOf } from '../language/symbols.ts';
import { isManifest } from '../language/uri.ts';
import type { Handlers } from './handlers.ts';

export interface FeatureDesk {
  readonly documents: Documents;
  readonly settings: Ports['settings'];
  readonly room: () => Promise<Room>;
  readonly handlers: Handlers;
}

/** Registers the handlers. */
export function serveFeatures(
  connection: Connection,
  { documents, settings, room, handlers: { guarded } }: FeatureDesk,
): void {
  connection.onHover(
    guarded('hover', null, async ({ textDocument: { uri }, position }) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null) return null;
      const { version } = document;
      const offset = document.offsetAt(position);
      if (!(await settings(uri)).hover) return null;
      if (isManifest(uri)) return (await room()).manifestHover(document, offset);
      // The text may have changed meanwhile: what was asked about may stand elsewhere now.
      if (document.version !== version) return null;
      const found = await documents.ask(uri, { kind: 'hover', offset });
      if (found === null) return null;
      const range = { start: document.positionAt(found.span.start), end: document.positionAt(found.span.end) };
      return { contents: { kind: 'markdown', value: found.value }, range };
    }),
  );

  connection.onDocumentSymbol(
    guarded('symbols', [], async ({ textDocument: { uri } }) => {
      const entry = await documents.settled(uri);
      return entry?.outcome == null ? [] : symbolsOf(entry.outcome);
    }),
  );

  connection.onCodeLens(
    guarded('lenses', [], async ({ textDocument: { uri } }) => {
      const entry = await documents.settled(uri);
      if (entry?.outcome == null || entry.settings?.codeLens !== true) return [];
      return lensesOf(uri, entry.outcome);
    }),
  );

  connection.languages.inlayHint.on(
    guarded('hints', [], async ({ textDocument: { uri }, range }) => {
      const entry = await documents.settled(uri);
      if (entry?.document == null || entry.settings?.inlayHints !== true) return [];
      const hints = (await documents.ask(uri, { kind: 'hints' })) ?? [];
      // Places of an earlier text would put them behind other cells.
      if (entry.analysed !== entry.document.version) return [];
      return hints
        .filter(({ position: { line } }) => line >= range.start.line && line <= range.end.line)
        .map((hint) => ({ ...hint, paddingLeft: true }));
    }),
  );

  connection.onCodeAction(guarded('actions', [], async (params) => (await room()).actionsOf({ params, documents })));

  connection.onCompletion(
    guarded('completion', [], async ({ textDocument: { uri }, position }) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null || !isManifest(uri)) return [];
      const { completionsOf, namesBeneath } = await room();
      return completionsOf(document, position, namesBeneath(uri, documents));
    }),
  );
}
