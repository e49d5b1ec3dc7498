/**
 * Which documents the server sees: only those that look like results, or that a command has asked about. A document may
 * come to look like results while it is typed; from then on it is synchronised like any other.
 */
import type { TextDocument } from 'vscode';
import type { BaseLanguageClient, Middleware } from 'vscode-languageclient/node';
import { PROBE } from './sniff.ts';

export class Sync {
  readonly #worthwhile: (document: TextDocument) => boolean;
  readonly #seen = new Set<string>();
  #client: BaseLanguageClient | null = null;

  constructor(worthwhile: (document: TextDocument) => boolean) {
    this.#worthwhile = worthwhile;
  }

  attach(client: BaseLanguageClient): void {
    this.#client = client;
  }

  has(document: TextDocument): boolean {
    return this.#seen.has(document.uri.toString());
  }

  /** Shows a document to the server whatever it looks like; false when its language is none of ours. */
  async force(document: TextDocument): Promise<boolean> {
    if (this.has(document)) return true;
    const feature = this.#client?.getFeature('textDocument/didOpen');
    const provider = feature?.getProvider(document);
    if (provider === undefined) return false;
    this.#seen.add(document.uri.toString());
    await provider.send(document);
    return this.has(document);
  }

  readonly middleware: Pick<Middleware, 'didOpen' | 'didChange' | 'didClose'> = {
    didOpen: async (document, next) => {
      if (!this.has(document) && !this.#worthwhile(document)) return;
      this.#seen.add(document.uri.toString());
      await next(document);
    },
    didChange: async (event, next) => {
      if (this.has(event.document)) {
        await next(event);
        return;
      }
      const [first] = event.contentChanges;
      if (first !== undefined && first.rangeOffset < PROBE && this.#worthwhile(event.document))
        await this.force(event.document);
    },
    didClose: async (document, next) => {
      if (this.#seen.delete(document.uri.toString())) await next(document);
    },
  };
}
