/**
 * The sampler as a process beside the editor: dist/passuntil.cjs, followed through its
 * standard error and ended by closing its input. Typing never waits for it, and when the editor goes, it ends itself;
 * its journal is whole whatever happens to it.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { CancellationToken } from 'vscode';

/** What `passuntil run --check` says about a run file. */
export interface RunSummary {
  readonly task: string;
  readonly prompts: number;
  readonly models: readonly string[];
  readonly warnings: readonly string[];
  /** Keys by name, each with the addresses that it would be sent to. */
  readonly keys: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  /** The external checker; null without one. */
  readonly command: readonly string[] | null;
  readonly journal: string;
}

export interface Followed {
  readonly progress: (line: string, finished: number, draws: number) => void;
  readonly log: (text: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly out: string;
  /** Standard error beyond what was followed: the reason of a failure. */
  readonly err: string;
}

/** Long enough for answers under way to be written down. */
const PATIENCE = 15_000;

/**
 * Runs the sampler to its end.
 * @param sampler path of dist/passuntil.cjs
 * @param env variables beside the editor's own: keys travel here, never in arguments
 * @param patience milliseconds that a cancelled run has to end by itself
 */
export function runSampler(
  sampler: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
  followed?: Followed,
  token?: CancellationToken,
  patience = PATIENCE,
): Promise<Exit> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [sampler, ...args], {
      cwd: folder,
      // The editor's own executable is Node only when it is told to be.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...env },
    });
    let late: ReturnType<typeof setTimeout> | undefined;
    const cancel = (): void => {
      child.stdin.end();
      // Whatever it hangs on: its journal is whole at any moment.
      late ??= setTimeout(() => child.kill(), patience);
    };
    const cancelled = token?.onCancellationRequested(cancel);
    let out = '';
    // Decoded by the streams: a piece may end in the middle of a character.
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const err = follow(child, followed);
    child.stdin.on('error', () => undefined);
    if (followed === undefined) child.stdin.end();
    child.once('error', (error) => {
      cancelled?.dispose();
      clearTimeout(late);
      reject(error);
    });
    child.once('close', (code) => {
      cancelled?.dispose();
      clearTimeout(late);
      resolve({ code, out, err: err() });
    });
    if (token?.isCancellationRequested === true) cancel();
  });
}

/** Passes records on; what is no record is kept. */
function follow(child: ChildProcessWithoutNullStreams, followed: Followed | undefined): () => string {
  let rest = '';
  let other = '';
  const take = (line: string): void => {
    const record = followed === undefined ? null : parse(line);
    if (record === null) other += `${line}\n`;
    else if (record.log !== undefined) followed?.log(record.log);
    else if (record.progress !== undefined) {
      followed?.progress(record.line ?? '', record.progress.finished, record.progress.draws);
    }
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  return () => {
    if (rest !== '') take(rest);
    rest = '';
    return other.trim();
  };
}

interface FollowedRecord {
  readonly log?: string;
  readonly line?: string;
  readonly progress?: { readonly finished: number; readonly draws: number };
}

function parse(line: string): FollowedRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as FollowedRecord;
  } catch {
    return null;
  }
}
