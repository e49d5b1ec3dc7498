/**
 * The switchboard: connects a language client to the reading room. It knows the protocol and nothing about laws; the
 * host's files and threads come in through `ServerHost`. Whatever a document holds, the answer is an answer: a request
 * that fails says so in the log and returns nothing, and the server lives on.
 */
import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  RequestType,
  RequestType0,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { messageOf } from '../core/result.ts';
import { diagnosticsOf } from '../language/diagnostics.ts';
import { Documents } from '../language/documents.ts';
import type { Entry } from '../language/entry.ts';
import { lensesOf } from '../language/lenses.ts';
import type { Analyser, Log, Ports } from '../language/ports.ts';
import type { Room } from '../language/room.ts';
import { settingsFrom } from '../language/settings.ts';
import { symbolsOf } from '../language/symbols.ts';
import { isManifest, parent, within } from '../language/uri.ts';
import { exportFor, reportFor, viewFor } from '../language/views.ts';
import {
  type Answer,
  CHANGED_METHOD,
  type ChangedParams,
  CLOSE_METHOD,
  type DocumentParams,
  EXPORT_METHOD,
  type ExportParams,
  type ExportResult,
  FIT_METHOD,
  type FitParams,
  type FitResult,
  REPORT_METHOD,
  type ReportResult,
  SERIES_AT_METHOD,
  type SeriesAtParams,
  VIEW_METHOD,
  type ViewParams,
  type ViewResult,
  WORK_METHOD,
  type WorkResult,
} from '../protocol/language.ts';
import { SECTION } from '../protocol/settings.ts';
import { stackOf } from './stack.ts';

export interface ServerHost {
  /** Loaded when first needed, and then the same. */
  room(): Promise<Room>;
  /** Makes the analyser; it is disposed with the connection. */
  analyser(log: Log): Analyser & { dispose(): void };
  readText(uri: string): Promise<string | null>;
  size(uri: string): Promise<number | null>;
  now(): number;
}

/** Serves one client until it disconnects. */
export function serve(connection: Connection, host: ServerHost): void {
  const texts = new TextDocuments(TextDocument);
  let ended = false;
  /** Nobody listens any more after `shutdown`; what is still under way has nothing to say. */
  const say = (send: () => Promise<unknown> | void): void => {
    if (ended) return;
    Promise.resolve(send()).catch((error: unknown) => {
      if (!ended) connection.console.error(stackOf(error));
    });
  };
  /** Announcements leave in the order in which they were made. */
  let outbox: Promise<void> = Promise.resolve();
  const log: Log = {
    debug: (message) => say(() => connection.console.debug(message)),
    info: (message) => say(() => connection.console.info(message)),
    warn: (message) => say(() => connection.console.warn(message)),
    error: (message) => say(() => connection.console.error(message)),
  };
  const analyser = host.analyser(log);
  let folders: readonly string[] = [];
  let can = { configuration: false, watching: false, folders: false, lensRefresh: false, hintRefresh: false };

  const ports: Ports = {
    log,
    analyser,
    read: async (files, options, signal) => (await host.room()).readStudy(files, options, signal),
    answer: async (question, known) => (await host.room()).answer(question, known),
    readText: (uri) => host.readText(uri),
    size: (uri) => host.size(uri),
    settings: async (uri) =>
      settingsFrom(
        can.configuration ? await connection.workspace.getConfiguration({ scopeUri: uri, section: SECTION }) : {},
      ),
    folders: () => folders,
    now: () => host.now(),
  };
  const documents = new Documents(ports, announce);

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { workspace } = params.capabilities;
    can = {
      configuration: workspace?.configuration === true,
      watching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      folders: workspace?.workspaceFolders === true,
      lensRefresh: workspace?.codeLens?.refreshSupport === true,
      hintRefresh: workspace?.inlayHint?.refreshSupport === true,
    };
    folders = (params.workspaceFolders ?? []).map(({ uri }) => uri.replace(/\/$/, ''));
    return {
      serverInfo: { name: 'scaling-lens' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        completionProvider: { triggerCharacters: [':', ' ', '-', '"'] },
        documentSymbolProvider: true,
        codeLensProvider: { resolveProvider: false },
        inlayHintProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(() => {
    const register = async (): Promise<void> => {
      if (can.configuration)
        await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
      if (can.watching) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          // What manifests are and name. Watched-for changes of files that no open study reads cost a look.
          watchers: [{ globPattern: '**/*.{yaml,yml,csv,tsv,json,jsonl,parquet,eval,md,gz}' }],
        });
      }
    };
    register().catch((error: unknown) => log.warn(`registration: ${stackOf(error)}`));
    if (!can.folders) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => uri.replace(/\/$/, '')));
      folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri.replace(/\/$/, ''))];
    });
  });

  connection.onDidChangeConfiguration(() => {
    documents.refresh();
    askAnew(true, true);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (isManifest(uri)) refreshBeneath(uri);
      else documents.changedOnDisk(uri, type !== FileChangeType.Changed);
    }
  });

  texts.onDidChangeContent(({ document }) => {
    documents.set(document);
    if (isManifest(document.uri)) refreshBeneath(document.uri, true);
  });
  texts.onDidClose(({ document }) => {
    documents.remove(document.uri);
    say(() => connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }));
    if (isManifest(document.uri)) refreshBeneath(document.uri);
  });

  /** A manifest speaks for its folder and all below. */
  function refreshBeneath(manifest: string, typing = false): void {
    const folder = parent(manifest);
    documents.refresh(({ uri }) => uri !== manifest && folder !== null && within(folder, uri) !== null, typing);
  }

  function announce(entry: Entry, drawn: boolean): void {
    const { uri, phase, text, detail, done, total, milliseconds, outcome } = entry;
    const fitted = outcome?.fitted ?? null;
    const params: ChangedParams = { uri, phase, text, detail, done, total, milliseconds, fitted, view: drawn };
    // Findings first: who hears that a file is ready finds them there.
    outbox = outbox
      .then(async () => {
        if (ended) return;
        if (phase === 'ready' || phase === 'nothing' || phase === 'failed') await publish(entry);
        await connection.sendNotification(CHANGED_METHOD, params);
      })
      .catch((error: unknown) => log.error(`announce: ${stackOf(error)}`));
  }

  async function publish({ uri, document, outcome, analysed, settings }: Entry): Promise<void> {
    if (document === null || documents.get(uri)?.document !== document) return;
    let diagnostics: ReturnType<typeof diagnosticsOf> = [];
    if (settings?.diagnostics === true) {
      if (isManifest(uri)) {
        const findings = outcome?.report.findings ?? [];
        diagnostics = (await host.room()).manifestDiagnostics(document.getText(), documents.fileName(uri), findings);
      } else if (outcome !== null) diagnostics = diagnosticsOf(outcome, documents.fileName(uri));
    }
    await connection.sendDiagnostics({ uri, version: analysed ?? document.version, diagnostics });
    askAnew(settings?.codeLens === true, settings?.inlayHints === true);
  }

  /** The client asks again for lenses and hints: what they tell, or whether they are wanted, has changed. */
  function askAnew(lenses: boolean, hints: boolean): void {
    if (lenses && can.lensRefresh) say(() => connection.sendRequest(CodeLensRefreshRequest.type));
    if (hints && can.hintRefresh) say(() => connection.sendRequest(InlayHintRefreshRequest.type));
  }

  connection.onHover(
    guarded('hover', null, async ({ textDocument: { uri }, position }) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null) return null;
      const { version } = document;
      const offset = document.offsetAt(position);
      if (!(await ports.settings(uri)).hover) return null;
      if (isManifest(uri)) return (await host.room()).manifestHover(document, offset);
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

  connection.onCodeAction(
    guarded('actions', [], async (params) => (await host.room()).actionsOf({ params, documents })),
  );

  connection.onCompletion(
    guarded('completion', [], async ({ textDocument: { uri }, position }) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null || !isManifest(uri)) return [];
      const room = await host.room();
      return room.completionsOf(document, position, room.namesBeneath(uri, documents));
    }),
  );

  connection.onRequest(
    new RequestType<ViewParams, ViewResult, void>(VIEW_METHOD),
    answering('view', async ({ uri, fit }) => {
      const known = documents.get(uri);
      // Nobody waits for the last series of a first analysis to see the first.
      const entry = known?.outcome === null && fit === undefined ? known : await atRest(uri);
      return viewFor(entry, documents, fit ?? null);
    }),
  );

  connection.onRequest(
    new RequestType<DocumentParams, ReportResult, void>(REPORT_METHOD),
    answering('report', async ({ uri }) => {
      const entry = await atRest(uri);
      return (await reportFor(entry, documents)) ?? nothingIn(entry);
    }),
  );

  connection.onRequest(
    new RequestType<ExportParams, ExportResult, void>(EXPORT_METHOD),
    answering('export', async ({ uri, format }) => {
      const entry = await atRest(uri);
      return (await exportFor(entry, documents, format)) ?? nothingIn(entry);
    }),
  );

  connection.onRequest(
    new RequestType<SeriesAtParams, string | null, void>(SERIES_AT_METHOD),
    guarded('seriesAt', null, async ({ uri, position }: SeriesAtParams) => {
      const document = documents.get(uri)?.document ?? null;
      if (document === null) return null;
      return documents.askAtRest(uri, { kind: 'series', offset: document.offsetAt(position) });
    }),
  );

  connection.onRequest(new RequestType<FitParams, FitResult, void>(FIT_METHOD), async (params, token) => {
    const abort = new AbortController();
    const progress = connection.window.attachWorkDoneProgress(params.workDoneToken);
    const listening = token.onCancellationRequested(() => abort.abort(new Error('cancelled')));
    progress.begin('Scaling Lens', 0, 'reading…', true);
    try {
      const entry = await documents.analyseFile(params.uri, abort.signal, ({ done, total, text }) => {
        if (done === null || total === null) progress.report(text);
        else progress.report(Math.round((100 * done) / Math.max(1, total)), text);
      });
      if (entry.outcome === null || entry.phase === 'failed') return { ok: false, why: entry.detail || entry.text };
      const { series, findings } = entry.outcome.report;
      const summary = {
        series: series.length,
        findings: findings.length,
        milliseconds: entry.milliseconds ?? 0,
        summary: entry.text,
      };
      return series.length === 0 ? { ok: false, why: entry.detail || entry.text } : { ok: true, value: summary };
    } catch (error) {
      if (abort.signal.aborted) return new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
      return failed('fit', error);
    } finally {
      progress.done();
      listening.dispose();
    }
  });

  connection.onRequest(new RequestType0<WorkResult, void>(WORK_METHOD), () => analyser.working());

  connection.onNotification(CLOSE_METHOD, ({ uri }: DocumentParams) => {
    if (documents.get(uri)?.document === null) documents.remove(uri);
  });

  connection.onShutdown(() => {
    ended = true;
    documents.dispose();
    analyser.dispose();
  });

  /** A handler that never fails: what goes wrong is logged, and the client gets `nothing`. */
  function guarded<P, R>(name: string, nothing: R, handle: (params: P) => Promise<R>): (params: P) => Promise<R> {
    return async (params) => {
      try {
        return await handle(params);
      } catch (error) {
        log.error(`${name}: ${stackOf(error)}`);
        return nothing;
      }
    };
  }

  /** A handler whose failures are answers: what was refused is said, a fault of ours is logged as well. */
  function answering<P, T>(name: string, handle: (params: P) => Promise<T>): (params: P) => Promise<Answer<T>> {
    return async (params) => {
      try {
        return { ok: true, value: await handle(params) };
      } catch (error) {
        return failed(name, error);
      }
    };
  }

  function failed(name: string, error: unknown): { readonly ok: false; readonly why: string } {
    if (!(error instanceof Refused)) log.error(`${name}: ${stackOf(error)}`);
    return { ok: false, why: messageOf(error) };
  }

  /** A file with nothing under way. */
  async function atRest(uri: string): Promise<Entry> {
    const entry = await documents.settled(uri);
    if (entry === null) throw new Refused('This file has not been analysed yet: run “Fit Scaling Law” on it.');
    return entry;
  }

  texts.listen(connection);
  connection.listen();
}

/** Why a request has no answer, in words for the user: nothing went wrong. */
class Refused extends Error {}

function nothingIn({ detail, text }: Entry): never {
  throw new Refused(detail || text);
}
