/**
 * The chart panel: one, beside the editor, never taking focus, following the active results file. Its page holds no
 * data: views come from the server and are pushed when the page is visible. Closing the panel keeps it closed for that
 * file until the chart is asked for again.
 */
import * as vscode from 'vscode';
import type { FitView } from '../core/render/view-model.ts';
import { Channel, messageOf } from '../protocol/channel.ts';
import { type ChangedParams, isBusy } from '../protocol/language.ts';
import type { Drawn, PageRequests, PanelRequests, ToPanel } from '../protocol/panel.ts';
import { type OpenChart, SECTION } from '../protocol/settings.ts';
import { Disposables } from './dispose.ts';
import { type Said, saidBy, uriOf } from './from-panel.ts';
import { Newest } from './newest.ts';
import { pageOf } from './page.ts';
import { saveExport } from './save.ts';

export const VIEW_TYPE = 'scalingLens.chart';

/** Files for which the panel was closed, kept over restarts; the oldest are forgotten beyond this. */
const CLOSED_KEY = 'scalingLens.closedFor';
const MOST_CLOSED = 200;

/** What the panel needs from the rest of the client. */
export interface PanelSource {
  /** The view of a file; rejects with a sentence for the user. */
  view(uri: string, fit?: { readonly series: string; readonly law: string }): Promise<FitView>;
  /** Newest state of a file, if the server has spoken of it. */
  status(uri: string): ChangedParams | undefined;
  /** The series at the cursor. */
  seriesAt(uri: string, position: vscode.Position): Promise<string | null>;
  /** A file that is not open as a document is no longer shown. */
  left(uri: string): void;
}

interface Page {
  readonly panel: vscode.WebviewPanel;
  readonly channel: Channel<PageRequests, PanelRequests>;
  readonly disposables: Disposables;
  ready: boolean;
}

export class ChartPanel implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #source: PanelSource;
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables = new Disposables();
  readonly #drawn = new vscode.EventEmitter<Drawn>();
  readonly #closed: Set<string>;
  #page: Page | null = null;
  #uri: string | null = null;
  #select: string | null = null;
  #last: Drawn | null = null;
  #cursor: ReturnType<typeof setTimeout> | undefined;
  readonly #newest = new Newest<FitView>({
    fetch: (uri) => this.#source.view(uri),
    show: (_, view) => this.#draw(view),
    fail: (_, error) => this.#post({ type: 'clear', message: messageOf(error) }),
  });

  constructor(context: vscode.ExtensionContext, source: PanelSource, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#source = source;
    this.#log = log;
    this.#closed = new Set(context.workspaceState.get<string[]>(CLOSED_KEY, []));
    this.#disposables.add(this.#drawn);
    this.#disposables.add(vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)));
    this.#disposables.add(vscode.window.onDidChangeTextEditorSelection((event) => this.#followCursor(event)));
  }

  /** After each drawing. */
  get onDrawn(): vscode.Event<Drawn> {
    return this.#drawn.event;
  }

  get lastDrawn(): Drawn | null {
    return this.#last;
  }

  get visible(): boolean {
    return this.#page?.panel.visible === true;
  }

  /** File that the panel shows; null while it is closed. */
  get uri(): string | null {
    return this.#page === null ? null : this.#uri;
  }

  /** Shows a file's chart because the user asked for it. */
  show(uri: string, series: string | null = null): void {
    this.#forgetClosed(uri);
    this.#select = series;
    this.#aim(uri);
    if (this.#page === null) this.#open();
    else this.#page.panel.reveal(undefined, true);
    this.#push();
  }

  /** A file's state or results have changed. */
  changed(params: ChangedParams): void {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    if (this.#page === null) {
      if (params.uri === active && params.phase === 'ready') this.#openByItself(params.uri);
      return;
    }
    if (params.uri !== this.#uri) {
      if (params.uri === active && params.phase === 'ready') {
        this.#aim(params.uri);
        this.#push();
      }
      return;
    }
    this.#post({ type: 'busy', busy: isBusy(params.phase), done: params.done, total: params.total });
    if (params.view) this.#push();
  }

  /** A panel that VS Code kept over a restart. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    if (this.#page !== null) {
      panel.dispose();
      return;
    }
    this.#uri = uriOf(state) ?? this.#uri;
    this.#adopt(panel);
    this.#follow(vscode.window.activeTextEditor);
  }

  /** Asks the page itself: exports, and what tests check. */
  ask<M extends keyof PageRequests & string>(method: M, params: PageRequests[M][0]): Promise<PageRequests[M][1]> {
    return this.#page === null
      ? Promise.reject(new Error('The chart is not open.'))
      : this.#page.channel.request(method, params);
  }

  dispose(): void {
    clearTimeout(this.#cursor);
    const page = this.#page;
    this.#page = null;
    page?.disposables.dispose();
    page?.panel.dispose();
    this.#disposables.dispose();
  }

  #openByItself(uri: string): void {
    const when = vscode.workspace.getConfiguration(SECTION).get<OpenChart>('openChart', 'onOpen');
    if (when !== 'onOpen' || this.#closed.has(uri)) return;
    this.#aim(uri);
    this.#open();
  }

  #open(): void {
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      'Scaling Lens',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.#webviewOptions(),
    );
    this.#adopt(panel);
  }

  #webviewOptions(): vscode.WebviewPanelOptions & vscode.WebviewOptions {
    return {
      enableScripts: true,
      retainContextWhenHidden: false,
      localResourceRoots: [vscode.Uri.joinPath(this.#context.extensionUri, 'dist')],
    };
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const disposables = new Disposables();
    const channel = new Channel<PageRequests, PanelRequests>((message) => void webview.postMessage(message), {
      save: async (file) => ({ saved: await saveExport(file, this.#uri) }),
      copy: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      fit: ({ uri, series, law }) => this.#source.view(uri, { series, law }),
    });
    disposables.add(channel);
    const page: Page = { panel, channel, disposables, ready: false };
    this.#page = page;
    panel.iconPath = vscode.Uri.joinPath(this.#context.extensionUri, 'media', 'icon.png');
    webview.options = this.#webviewOptions();
    disposables.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(page, message)));
    disposables.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away and loaded anew: it says `ready` again, and gets everything again.
        if (!panel.visible) page.ready = false;
      }),
    );
    disposables.add(panel.onDidDispose(() => this.#gone(page)));
    webview.html = pageOf(webview, this.#context.extensionUri);
  }

  #gone(page: Page): void {
    page.disposables.dispose();
    if (this.#page !== page) return;
    this.#page = null;
    this.#newest.drop();
    if (this.#uri !== null) {
      this.#closed.delete(this.#uri);
      this.#closed.add(this.#uri);
      this.#saveClosed();
      this.#source.left(this.#uri);
    }
  }

  #forgetClosed(uri: string): void {
    if (this.#closed.delete(uri)) this.#saveClosed();
  }

  #saveClosed(): void {
    const all = [...this.#closed];
    void this.#context.workspaceState.update(CLOSED_KEY, all.slice(-MOST_CLOSED));
  }

  #aim(uri: string): void {
    if (this.#uri === uri) return;
    const before = this.#uri;
    this.#uri = uri;
    this.#last = null;
    if (before !== null) this.#source.left(before);
  }

  /** The panel shows what the active editor holds, when that is a results file. */
  #follow(editor: vscode.TextEditor | undefined): void {
    const uri = editor?.document.uri.toString();
    if (uri === undefined) return;
    const ready = this.#source.status(uri)?.phase === 'ready';
    if (!ready) return;
    if (this.#page === null) {
      this.#openByItself(uri);
      return;
    }
    if (uri === this.#uri) return;
    this.#aim(uri);
    this.#push();
  }

  #followCursor({ textEditor, selections: [selection] }: vscode.TextEditorSelectionChangeEvent): void {
    const uri = textEditor.document.uri.toString();
    if (selection === undefined || uri !== this.#uri || this.#page?.panel.visible !== true) return;
    clearTimeout(this.#cursor);
    this.#cursor = setTimeout(() => {
      this.#source.seriesAt(uri, selection.active).then(
        (series) => {
          if (series !== null && uri === this.#uri) this.#post({ type: 'select', series });
        },
        (error: unknown) => this.#log.debug(`series at the cursor: ${String(error)}`),
      );
    }, 150);
  }

  #receive(page: Page, message: unknown): void {
    if (page.channel.receive(message)) return;
    const said = saidBy(message);
    switch (said?.type) {
      case 'ready':
        page.ready = true;
        this.#uri ??= said.uri;
        this.#post({ type: 'init', strings: {}, test: this.#context.extensionMode === vscode.ExtensionMode.Test });
        this.#push();
        return;
      case 'drawn': {
        const { drawn } = said;
        this.#last = drawn;
        this.#log.debug(`chart of ${drawn.series} drawn in ${drawn.milliseconds.toFixed(0)} ms`);
        this.#drawn.fire(drawn);
        return;
      }
      case 'reveal':
        this.#reveal(said).catch((error: unknown) => {
          void vscode.window.showWarningMessage(messageOf(error));
        });
        return;
      case 'log':
        this.#log[said.level](`chart: ${said.message}`);
        return;
      default:
        return;
    }
  }

  async #reveal({ uri, range: { start, end } }: Extract<Said, { type: 'reveal' }>): Promise<void> {
    const target = vscode.Uri.parse(uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(target, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      selection: range,
    });
  }

  /** Has the newest view fetched and drawn. A page that is hidden gets it when it is back and says `ready`. */
  #push(): void {
    if (this.#page?.ready !== true || !this.#page.panel.visible) return;
    if (this.#uri !== null) this.#newest.want(this.#uri);
    else this.#post({ type: 'clear', message: vscode.l10n.t('Open a file with evaluation results to see its chart.') });
  }

  #draw(view: FitView): void {
    const page = this.#page;
    if (page === null) return;
    page.panel.title = vscode.l10n.t('Scaling: {0}', view.title);
    this.#post({ type: 'view', view });
    if (this.#select !== null && view.series.some(({ id }) => id === this.#select)) {
      this.#post({ type: 'select', series: this.#select });
      this.#select = null;
    }
  }

  #post(message: ToPanel): void {
    const page = this.#page;
    if (page?.ready === true) void page.panel.webview.postMessage(message);
  }
}
