/**
 * Files that are looked at without being open as documents (from the Explorer, or beyond the 50 MB that VS Code hands to
 * extensions): each is watched on disk and analysed again when it changes, until the panel leaves it.
 */
import * as vscode from 'vscode';
import type { Requests } from './requests.ts';

/** Pause after a change on disk: writers write in pieces. */
const PAUSE = 500;

export class WatchedFiles implements vscode.Disposable {
  readonly #requests: Requests;
  readonly #log: vscode.LogOutputChannel;
  readonly #watchers = new Map<string, vscode.Disposable>();

  constructor(requests: Requests, log: vscode.LogOutputChannel) {
    this.#requests = requests;
    this.#log = log;
  }

  enter(uri: vscode.Uri): void {
    const key = uri.toString();
    if (this.#watchers.has(key)) return;
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]{}*?]/g, '[$&]');
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name),
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.#refit(key), PAUSE);
    };
    watcher.onDidChange(again);
    watcher.onDidCreate(again);
    this.#watchers.set(key, {
      dispose: () => {
        clearTimeout(timer);
        watcher.dispose();
      },
    });
  }

  has(uri: string): boolean {
    return this.#watchers.has(uri);
  }

  leave(uri: string): void {
    const watcher = this.#watchers.get(uri);
    if (watcher === undefined) return;
    this.#watchers.delete(uri);
    watcher.dispose();
    this.forget(uri);
  }

  /** The server need not know a file any longer; one that an editor holds it keeps. */
  forget(uri: string): void {
    this.#requests.close(uri).catch((error: unknown) => this.#log.warn(`close ${uri}: ${String(error)}`));
  }

  dispose(): void {
    for (const watcher of this.#watchers.values()) watcher.dispose();
    this.#watchers.clear();
  }

  async #refit(uri: string): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    try {
      await this.#requests.fit(uri, source.token, () => {});
    } catch (error) {
      this.#log.warn(`refit ${uri}: ${String(error)}`);
    } finally {
      source.dispose();
    }
  }
}
