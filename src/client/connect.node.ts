/** The language client for the desktop and for remote hosts: the server is a Node process that talks over IPC. */
import type { ExtensionContext } from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  ProgressType,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import type { ProgressValue } from './requests.ts';

export const WORK_DONE = new ProgressType<ProgressValue>();

export function connect(context: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  return new LanguageClient(
    'scalingLens',
    'Scaling Lens',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6011'] } },
    },
    { ...options, revealOutputChannelOn: RevealOutputChannelOn.Never },
  );
}
