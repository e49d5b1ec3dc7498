/** Runs the bundled command line as a user would: one bundle per test process, made once. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let built = false;

/** The bundle, made when it is missing or older than this process' start minus an hour of editing. */
function bundle(): void {
  if (built) return;
  const fresh = existsSync('dist/cli.cjs') && Date.now() - statSync('dist/cli.cjs').mtimeMs < 60_000;
  if (!fresh) {
    const made = spawnSync(process.execPath, ['esbuild.mjs', '--only=cli'], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  }
  built = true;
}

/** @param input standard input */
export function cli(args: readonly string[], input = ''): Outcome {
  bundle();
  const done = spawnSync(process.execPath, ['dist/cli.cjs', ...args], { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}
