// A language client of a few lines, joined to the real server over a pair of in-memory streams: what the server tests
// drive, and what they read back.
import { PassThrough } from 'node:stream';
import {
  type Connection,
  createConnection,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Diagnostic, Hover } from 'vscode-languageserver-types';
import { Analyst } from '../../src/language/analysis.ts';
import type { Analyser, Log } from '../../src/language/ports.ts';
import { createRoom } from '../../src/language/room.ts';
import { nodeReadPorts } from '../../src/node/read-ports.ts';
import { CHANGED_METHOD, type ChangedParams } from '../../src/protocol/language.ts';
import { serve } from '../../src/server/serve.ts';

export interface Options {
  /** Values of `scalingLens.*`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files on "disk" by URI. */
  readonly files?: Readonly<Record<string, string>>;
  readonly analyser?: (log: Log) => Analyser & { dispose(): void };
}

const room = createRoom(nodeReadPorts);

/** Analyses in the same thread, one request after the other, as a worker does. */
export function inlineAnalyser(files: Readonly<Record<string, string>> = {}): Analyser & { dispose(): void } {
  const analyst = new Analyst({
    read: room.readStudy,
    open: async (name, uri) => {
      const text = files[uri];
      if (text === undefined) throw new Error('no such file');
      return { name, bytes: new TextEncoder().encode(text) };
    },
    size: async (uri) => files[uri]?.length ?? null,
    list: async (folder) => {
      const inside = Object.keys(files).flatMap((uri) =>
        uri.startsWith(`${folder}/`) ? [uri.slice(folder.length + 1)] : [],
      );
      const names = inside.map((path) => path.replace(/\/.*$/, '/'));
      return names.length === 0 ? null : [...new Set(names)];
    },
    now: () => performance.now(),
  });
  let tail: Promise<unknown> = Promise.resolve();
  const working: string[] = [];
  return {
    analyse: (request, signal, listener) => {
      working.push(request.key);
      const work = tail
        .then(() => analyst.run(request, signal, listener))
        .finally(() => working.splice(working.indexOf(request.key), 1));
      tail = work.catch(() => {});
      return work;
    },
    working: () => [...new Set(working)],
    // Plain data only may travel.
    ask: async (key, turn, question) => structuredClone(analyst.ask(key, turn, question)),
    forget: (key) => analyst.forget(key),
    dispose: () => {},
  };
}

export class TestClient {
  readonly connection: MessageConnection;
  readonly server: Connection;
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly changes: ChangedParams[] = [];
  readonly log: string[] = [];
  settings: Readonly<Record<string, unknown>>;
  #versions = new Map<string, number>();
  #waiting: { readonly test: () => boolean; readonly resolve: () => void }[] = [];

  constructor(options: Options = {}) {
    this.settings = options.settings ?? { bootstrap: 20 };
    const files = options.files ?? {};
    const up = new PassThrough();
    const down = new PassThrough();
    this.server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    serve(this.server, {
      room: async () => room,
      analyser: options.analyser ?? (() => inlineAnalyser(files)),
      readText: async (uri) => files[uri] ?? null,
      size: async (uri) => files[uri]?.length ?? null,
      now: () => performance.now(),
    });
    this.connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: { uri: string; diagnostics: Diagnostic[] }) => {
        this.diagnostics.set(params.uri, params.diagnostics);
        this.#wake();
      },
    );
    this.connection.onNotification(CHANGED_METHOD, (params: ChangedParams) => {
      this.changes.push(params);
      this.#wake();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
    });
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onRequest('workspace/inlayHint/refresh', () => null);
    this.connection.listen();
  }

  async initialize(folder: string | null = 'file:///home'): Promise<{ capabilities: Record<string, unknown> }> {
    const result = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: folder === null ? null : [{ uri: folder, name: 'work' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true, inlayHint: { refreshSupport: true } },
      },
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async open(uri: string, text: string, languageId = 'csv'): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async edit(uri: string, line: number, from: number, to: number, text: string): Promise<void> {
    const version = (this.#versions.get(uri) ?? 1) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.request('textDocument/hover', { textDocument: { uri }, position: { line, character } });
  }

  /** Text of a hover; '' where there is none. */
  async hoverText(uri: string, line: number, character: number): Promise<string> {
    const hover = await this.hover(uri, line, character);
    return hover === null ? '' : (hover.contents as { value: string }).value;
  }

  /** Waits until a file has come to rest after the changes seen so far, and returns its last state. */
  async settled(uri: string, after = 0): Promise<ChangedParams> {
    const last = (): ChangedParams | undefined =>
      this.changes
        .slice(after)
        .findLast((one) => one.uri === uri && ['ready', 'nothing', 'failed'].includes(one.phase));
    await this.until(() => last() !== undefined);
    return last() as ChangedParams;
  }

  until(test: () => boolean, limit = 60_000): Promise<void> {
    if (test()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${limit} ms; log:\n${this.log.join('\n')}`)), limit);
      this.#waiting.push({
        test,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  async shutdown(): Promise<void> {
    await this.request('shutdown', undefined);
    this.connection.dispose();
    this.server.dispose();
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      if (!test()) return true;
      resolve();
      return false;
    });
  }
}
