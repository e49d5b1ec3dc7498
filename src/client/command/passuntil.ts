/**
 * *Run PassUntil…*: samples the models of a run file until every prompt has passed r times, in a process of its own, with
 * progress and a cancel button. The journal lies beside the run file, a run that was cancelled goes on where it stopped,
 * and the results open as a table with its chart. Keys are asked for once and kept in the editor's secret storage, per
 * name and address, so a run file cannot send a key elsewhere than it was given for.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../protocol/channel.ts';
import { type Exit, type RunSummary, runSampler } from '../sampler.node.ts';
import type { Desk } from '../start.ts';
import { type LeaveDesk, mayStart } from './checker-leave.ts';
import { targetOf } from './target.ts';

/** How a run ended, as tests see it; null when it did not begin. */
export interface PassUntilOutcome {
  readonly end: string;
  readonly journal: string;
  readonly results: string | null;
}

export async function runPassUntil(desk: Desk, args: readonly unknown[]): Promise<PassUntilOutcome | null> {
  const target = await runFileOf(desk, args);
  if (target === null) return null;
  const run = new PassUntilRun(desk, target);
  try {
    return await run.go();
  } catch (error) {
    complain(messageOf(error));
    return null;
  }
}

class PassUntilRun {
  readonly #desk: Desk;
  readonly #file: string;
  readonly #folder: string;
  readonly #sampler: string;

  constructor(desk: Desk, target: vscode.Uri) {
    this.#desk = desk;
    this.#file = target.fsPath;
    this.#folder = vscode.Uri.joinPath(target, '..').fsPath;
    this.#sampler = desk.context.asAbsolutePath('dist/passuntil.cjs');
  }

  async go(): Promise<PassUntilOutcome | null> {
    const check = await runSampler(this.#sampler, ['run', this.#file, '--check'], this.#folder);
    if (check.code !== 0) {
      complain(check.err);
      return null;
    }
    const summary = JSON.parse(check.out) as RunSummary;
    for (const warning of summary.warnings) this.#desk.log.warn(warning);
    if (summary.command !== null && !(await mayStart(summary.command, leaveDesk(this.#desk)))) return null;
    const keys = await this.#keys(summary);
    if (keys === null) return null;
    let journal = summary.journal;
    let exit = await this.#sample(summary, journal, keys);
    if (/belongs to another run/.test(exit.err)) {
      const anew = vscode.l10n.t('Start a New Journal');
      if ((await vscode.window.showWarningMessage(exit.err, anew)) !== anew) return null;
      journal = journal.replace(/(\.passuntil)?\.jsonl$/, `-${stamp()}.passuntil.jsonl`);
      exit = await this.#sample(summary, journal, keys);
    }
    if (exit.code !== 0 && exit.code !== 130) {
      // A key that is refused is asked for again next time.
      if (/HTTP 40[13]\b/.test(exit.err + exit.out)) await this.#forget(summary);
      complain(exit.err);
    }
    if (exit.out.trim() === '') return null;
    const { end } = JSON.parse(exit.out) as { end: string };
    return { end, journal, results: await this.#open(journal, end) };
  }

  /** The keys by name; null when the user gave none. */
  async #keys(summary: RunSummary): Promise<Record<string, string> | null> {
    const keys: Record<string, string> = {};
    for (const { name, hosts } of summary.keys) {
      const id = secretId(name, hosts);
      const stored = await this.#desk.context.secrets.get(id);
      const key =
        stored ??
        (await vscode.window.showInputBox({
          title: vscode.l10n.t('Run PassUntil'),
          prompt: vscode.l10n.t('Key {0}, to be sent to {1} and kept in the secret storage', name, hosts.join(', ')),
          password: true,
          ignoreFocusOut: true,
        }));
      if (key === undefined || key === '') return null;
      if (stored === undefined) await this.#desk.context.secrets.store(id, key);
      keys[name] = key;
    }
    return keys;
  }

  async #forget(summary: RunSummary): Promise<void> {
    for (const { name, hosts } of summary.keys) await this.#desk.context.secrets.delete(secretId(name, hosts));
  }

  async #sample(summary: RunSummary, journal: string, keys: Record<string, string>): Promise<Exit> {
    const args = ['run', this.#file, '--out', journal, '--resume', '--progress', 'json', '--json'];
    if (summary.command !== null) args.push('--allow-command');
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Sampling {0}', summary.task),
        cancellable: true,
      },
      (progress, token) => {
        let shown = 0;
        const followed = {
          log: (text: string) => this.#desk.log.info(text),
          progress: (message: string, finished: number, draws: number) => {
            const share = draws > 0 ? (100 * finished) / draws : 0;
            progress.report({ message, increment: Math.max(0, share - shown) });
            shown = Math.max(shown, share);
          },
        };
        return runSampler(this.#sampler, args, this.#folder, keys, followed, token);
      },
    );
  }

  /** What was found so far, as a table beside the journal, opened. @returns its path; null when there is nothing yet */
  async #open(journal: string, end: string): Promise<string | null> {
    const results = journal.replace(/\.jsonl$/, '.csv');
    const estimate = await runSampler(this.#sampler, ['results', journal, results], this.#folder);
    if (estimate.code !== 0) {
      this.#desk.log.warn(estimate.err);
      return null;
    }
    this.#desk.log.info(estimate.out);
    const show = vscode.l10n.t('Show Log');
    const open = vscode.l10n.t('Open Results');
    const shown = vscode.window.activeTextEditor?.document.uri;
    // A run may take hours: who works on something else by now is asked, not interrupted.
    const waits = shown === undefined || shown.fsPath === this.#file;
    const showResults = (): Thenable<unknown> =>
      vscode.window.showTextDocument(vscode.Uri.file(results), { preview: false });
    if (waits) await showResults();
    const said =
      end === 'done'
        ? vscode.l10n.t('PassUntil: sampling is done.')
        : vscode.l10n.t('PassUntil: these are the results so far; run it again to go on.');
    vscode.window.showInformationMessage(said, ...(waits ? [show] : [open, show])).then(
      (choice) => (choice === show ? this.#desk.log.show(true) : choice === open ? showResults() : undefined),
      (error: unknown) => this.#desk.log.warn(messageOf(error)),
    );
    return results;
  }
}

/** The run file that is meant, saved; null when there is none. */
async function runFileOf(desk: Desk, args: readonly unknown[]): Promise<vscode.Uri | null> {
  let target = targetOf(desk, args);
  if (target === null || !/\.ya?ml$/i.test(target.path)) {
    const [picked] = (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Run file of PassUntil'),
      filters: { YAML: ['yaml', 'yml'] },
    })) ?? [undefined];
    if (picked === undefined) return null;
    target = picked;
  }
  if (target.scheme !== 'file') {
    complain(vscode.l10n.t('A PassUntil run needs a file on disk, for its journal beside it.'));
    return null;
  }
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === target.toString());
  if (document?.isDirty === true && !(await document.save())) return null;
  return target;
}

/** The workspace and its windows, as the question for leave needs them. */
function leaveDesk(desk: Desk): LeaveDesk {
  return {
    trusted: () => vscode.workspace.isTrusted,
    memory: desk.context.workspaceState,
    refuse: (command) =>
      complain(vscode.l10n.t('The checker of this run would start {0}. Trust this workspace first.', command)),
    ask: async (command) => {
      const allow = vscode.l10n.t('Allow in This Workspace');
      const detail = vscode.l10n.t('It runs on this machine for every completion: {0}', command);
      const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('Let the checker of this run start a program?'),
        { modal: true, detail },
        allow,
      );
      return choice === allow;
    },
  };
}

function secretId(name: string, hosts: readonly string[]): string {
  return `passuntil ${name} ${hosts.join(' ')}`;
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

function complain(message: string): void {
  void vscode.window.showErrorMessage(message);
}
