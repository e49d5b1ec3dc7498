/**
 * The client proper, loaded when the first results file shows up: it starts the language server once and puts the
 * features around it. Everything that is registered here is disposed with the extension.
 */
import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import { CHANGED_METHOD, type ChangedParams } from '../protocol/language.ts';
import type { Drawn } from '../protocol/panel.ts';
import { copyResults } from './command/copy.ts';
import { exportResults } from './command/export.ts';
import { fit } from './command/fit.ts';
import { runPassUntil } from './command/passuntil.ts';
import { showChart } from './command/show-chart.ts';
import { showLog } from './command/show-log.ts';
import { connect, WORK_DONE } from './connect.node.ts';
import { Disposables } from './dispose.ts';
import { createLog } from './log.ts';
import { ChartPanel } from './panel.ts';
import { Requests } from './requests.ts';
import { LANGUAGES } from './sniff.ts';
import { Status } from './status.ts';
import { Sync } from './sync.ts';
import { registerTools } from './tools.ts';
import { WatchedFiles } from './watched-files.ts';

/** What every command works with. */
export interface Desk {
  readonly context: vscode.ExtensionContext;
  readonly requests: Requests;
  readonly sync: Sync;
  readonly panel: ChartPanel;
  readonly status: Status;
  readonly files: WatchedFiles;
  readonly log: vscode.LogOutputChannel;
}

type Command = (desk: Desk, args: readonly unknown[]) => Promise<unknown>;

const COMMANDS: Readonly<Record<string, Command>> = {
  fit,
  showChart,
  showLog,
  exportResults,
  copyResults,
  runPassUntil,
};

/** A running client, as the door and the tests see it. */
export interface Started {
  readonly run: (command: string, args: readonly unknown[]) => Promise<unknown>;
  readonly restore: (panel: vscode.WebviewPanel, state: unknown) => void;
  readonly requests: Requests;
  readonly status: (uri: string) => ChangedParams | undefined;
  readonly onChanged: vscode.Event<ChangedParams>;
  readonly chart: {
    readonly uri: () => string | null;
    readonly lastDrawn: () => Drawn | null;
    readonly onDrawn: vscode.Event<Drawn>;
    readonly ask: ChartPanel['ask'];
  };
}

/** Starts the server and everything around it. Rejects when the server does not start. */
export async function start(
  context: vscode.ExtensionContext,
  worthwhile: (document: vscode.TextDocument) => boolean,
): Promise<Started> {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const log = owned.add(createLog());
  const sync = new Sync(worthwhile);
  const client = connect(context, {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    outputChannel: log,
    middleware: sync.middleware,
  });
  sync.attach(client);
  const requests = new Requests(client, WORK_DONE);
  const status = owned.add(new Status());
  const changed = owned.add(new vscode.EventEmitter<ChangedParams>());
  const files = owned.add(new WatchedFiles(requests, log));
  const panel = owned.add(
    new ChartPanel(
      context,
      {
        view: (uri, other) => requests.view({ uri, ...(other === undefined ? {} : { fit: other }) }),
        status: (uri) => status.of(uri),
        seriesAt: (uri, position) => requests.seriesAt(uri, position),
        left: (uri) => files.leave(uri),
      },
      log,
    ),
  );
  const desk: Desk = { context, requests, sync, panel, status, files, log };
  owned.add(
    client.onNotification(CHANGED_METHOD, (params: ChangedParams) => {
      status.changed(params);
      panel.changed(params);
      changed.fire(params);
    }),
  );
  owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => status.closed(uri.toString())));
  owned.add(registerTools({ requests, sync, files }));
  owned.add(
    client.onDidChangeState(({ newState }) => {
      // What was under way is lost; a server that is started again speaks of every open file anew.
      if (newState === State.Stopped) for (const params of status.lost()) panel.changed(params);
    }),
  );
  // One that never ran refuses to be stopped: there is nothing to stop, and nobody left to tell.
  owned.add({ dispose: () => void client.dispose().catch(() => undefined) });
  try {
    await client.start();
  } catch (error) {
    owned.dispose();
    throw error;
  }
  return {
    run: async (command, args) => {
      const body = COMMANDS[command];
      if (body === undefined) throw new Error(`no command ${command}`);
      return body(desk, args);
    },
    restore: (webview, state) => panel.restore(webview, state),
    requests,
    status: (uri) => status.of(uri),
    onChanged: changed.event,
    chart: {
      uri: () => panel.uri,
      lastDrawn: () => panel.lastDrawn,
      onDrawn: panel.onDrawn,
      ask: (method, params) => panel.ask(method, params),
    },
  };
}
