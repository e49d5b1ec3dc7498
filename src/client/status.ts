/**
 * The language status item (beside the language's name in the status bar): what the file was taken for, whether work is
 * under way, and an honest word when it takes long. Shown only for files that the server looks at. A file beyond the
 * editor's limit has a tab but no language: what became of it stands in a plain item of the status bar.
 */
import * as vscode from 'vscode';
import { type ChangedParams, isBusy } from '../protocol/language.ts';
import { LANGUAGES } from './sniff.ts';

/** Milliseconds after which an analysis is called slow, and very slow. */
const SLOW = 4000;
const VERY_SLOW = 8000;

export class Status implements vscode.Disposable {
  readonly #known = new Map<string, ChangedParams>();
  readonly #subscriptions: readonly vscode.Disposable[];
  #item: vscode.LanguageStatusItem | null = null;
  #plain: vscode.StatusBarItem | null = null;

  constructor() {
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#showPlain()),
    ];
  }

  changed(params: ChangedParams): void {
    this.#known.set(params.uri, params);
    if (vscode.window.activeTextEditor?.document.uri.toString() === params.uri) this.#show();
    else this.#showPlain();
  }

  closed(uri: string): void {
    this.#known.delete(uri);
  }

  /** The server has ended: nothing is under way any more. @returns what is to be said of each file */
  lost(): readonly ChangedParams[] {
    const text = vscode.l10n.t('analysis stopped');
    const detail = vscode.l10n.t('The analysis process has ended. The log says why.');
    for (const [uri, params] of this.#known) {
      this.#known.set(uri, { ...params, phase: 'failed', text, detail, view: false });
    }
    this.#show();
    return [...this.#known.values()];
  }

  /** The last word on a file. */
  of(uri: string): ChangedParams | undefined {
    return this.#known.get(uri);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item?.dispose();
    this.#plain?.dispose();
  }

  /** Of the tab in front, where it shows a file that no editor holds. */
  #showPlain(): void {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const uri = input instanceof vscode.TabInputText ? input.uri.toString() : undefined;
    const held = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri);
    const params = uri === undefined || held ? undefined : this.#known.get(uri);
    if (params === undefined) {
      this.#plain?.dispose();
      this.#plain = null;
      return;
    }
    this.#plain ??= vscode.window.createStatusBarItem('scalingLens.file', vscode.StatusBarAlignment.Right);
    const busy = isBusy(params.phase);
    this.#plain.name = 'Scaling Lens';
    this.#plain.text = `${busy ? '$(loading~spin) ' : ''}Scaling Lens: ${params.text}`;
    this.#plain.tooltip = new vscode.MarkdownString(params.detail);
    this.#plain.command = params.phase === 'ready' ? 'scalingLens.showChart' : 'scalingLens.fit';
    this.#plain.show();
  }

  #show(): void {
    this.#showPlain();
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
    this.#item.busy = isBusy(phase);
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
