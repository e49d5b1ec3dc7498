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
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnosticsOf } from '../language/diagnostics.ts';
import { Documents } from '../language/documents.ts';
import type { Entry } from '../language/entry.ts';
import type { Analyser, Log, Ports } from '../language/ports.ts';
import type { Room } from '../language/room.ts';
import { settingsFrom } from '../language/settings.ts';
import { isManifest, parent, within } from '../language/uri.ts';
import { CHANGED_METHOD, type ChangedParams } from '../protocol/language.ts';
import { SECTION } from '../protocol/settings.ts';
import { serveFeatures } from './features.ts';
import { handlersWith } from './handlers.ts';
import { serveRequests } from './requests.ts';
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

  const handlers = handlersWith(log);
  serveFeatures(connection, { documents, settings: ports.settings, room: () => host.room(), handlers });
  serveRequests(connection, { documents, working: () => analyser.working(), handlers });

  connection.onShutdown(() => {
    ended = true;
    documents.dispose();
    analyser.dispose();
  });

  texts.listen(connection);
  connection.listen();
}
