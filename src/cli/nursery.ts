/**
 * Big inputs are read in a child with a small nursery: V8 sizes it at start only, and its default keeps more garbage for
 * no gain in speed (measured on a table of 50 MB: 580 MB against 540 MB to analyse it, 310 MB against 303 MB to describe).
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const FLAG = '--max-semi-space-size=4';
const BIG = 4_000_000;

/**
 * Runs the same command line in such a child when its files are big.
 * @returns the child's exit code, or null when this process should go on itself
 */
export function runWithSmallNursery(args: readonly string[]): number | null {
  if (process.execArgv.includes(FLAG)) return null;
  let bytes = 0;
  for (const arg of args) {
    const stat = statSync(arg, { throwIfNoEntry: false });
    if (stat?.isFile() === true) bytes += stat.size;
  }
  if (bytes < BIG) return null;
  const child = spawnSync(process.execPath, [...process.execArgv, FLAG, process.argv[1] as string, ...args], {
    stdio: 'inherit',
  });
  if (child.error !== undefined) return null;
  return child.signal === 'SIGINT' ? 130 : (child.status ?? 2);
}
