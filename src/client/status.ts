/**
 * The language status item (beside the language's name in the status bar): what the file was taken for, whether work is
 * under way, and an honest word when it takes long. Shown only for files that the server looks at.
 */
import * as vscode from 'vscode';
import type { ChangedParams } from '../protocol/language.ts';
import { LANGUAGES } from './sniff.ts';

/** Milliseconds after which an analysis is called slow, and very slow. */
const SLOW = 4000;
const VERY_SLOW = 8000;

export class Status implements vscode.Disposable {
  readonly #known = new Map<string, ChangedParams>();
  readonly #subscription: vscode.Disposable;
  #item: vscode.LanguageStatusItem | null = null;

  constructor() {
    this.#subscription = vscode.window.onDidChangeActiveTextEditor(() => this.#show());
  }

  changed(params: ChangedParams): void {
    this.#known.set(params.uri, params);
    if (vscode.window.activeTextEditor?.document.uri.toString() === params.uri) this.#show();
  }

  closed(uri: string): void {
    this.#known.delete(uri);
  }

  /** The last word on a file. */
  of(uri: string): ChangedParams | undefined {
    return this.#known.get(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item?.dispose();
  }

  #show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const params = uri === undefined ? undefined : this.#known.get(uri);
    // Menus ask this: the chart's button stands only over files that have one.
    void vscode.commands.executeCommand('setContext', 'scalingLens.recognised', params?.phase === 'ready');
    if (params === undefined) {
      this.#item?.dispose();
      this.#item = null;
      return;
    }
    if (this.#item === null) {
      this.#item = vscode.languages.createLanguageStatusItem(
        'scalingLens.status',
        LANGUAGES.map((language) => ({ language })),
      );
      this.#item.name = 'Scaling Lens';
    }
    const { phase, text, detail, milliseconds } = params;
    const slow = phase === 'ready' && milliseconds !== null && milliseconds > SLOW;
    this.#item.busy = phase === 'reading' || phase === 'fitting';
    this.#item.text = `Scaling Lens: ${text}`;
    this.#item.detail = slow
      ? `${(milliseconds / 1000).toFixed(1)} s for the last analysis`
      : (detail.split('\n')[0]?.trim() ?? '');
    this.#item.severity =
      phase === 'failed' || (slow && milliseconds > VERY_SLOW)
        ? vscode.LanguageStatusSeverity.Error
        : slow
          ? vscode.LanguageStatusSeverity.Warning
          : vscode.LanguageStatusSeverity.Information;
    this.#item.command =
      phase === 'failed'
        ? { title: vscode.l10n.t('Show Log'), command: 'scalingLens.showLog' }
        : phase === 'ready'
          ? { title: vscode.l10n.t('Show Chart'), command: 'scalingLens.showChart' }
          : undefined;
  }
}
