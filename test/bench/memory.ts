/** Measures the memory that a whole run of the built command line takes, and what of it a run on a few rows takes too. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every process of the run adds a line: the most memory that it had, in KB. */
const HOOK = (file: string): string =>
  `data:text/javascript,import{appendFileSync}from"node:fs";process.on("exit",()=>appendFileSync(${JSON.stringify(file)},process.resourceUsage().maxRSS+"\\n"))`;

function ran(args: readonly string[]): void {
  const cwd = join(import.meta.dirname, '../..');
  const run = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  if (run.status !== 0) throw new Error(`${args.join(' ')}: ${run.stderr.toString()}`);
}

/** The most memory that one process of `command FILE --json` had, in bytes. */
function peakOf(command: string, file: string, folder: string): number {
  const said = join(folder, 'peaks.txt');
  writeFileSync(said, '');
  ran(['--import', HOOK(said), 'dist/cli.cjs', command, file, '--json']);
  return 1024 * Math.max(...readFileSync(said, 'utf8').trim().split('\n').map(Number));
}

export interface Peak {
  readonly megabytes: number;
  /** Of the file's size, over the run on a few rows. */
  readonly ratio: number;
  /** Of the file's size, with the program and its runtime. */
  readonly whole: number;
}

/** Peak memory of `describe` over a CSV. */
export function measureDescribePeak(csv: string): Peak {
  // From its source the program takes twice the memory to load, part of which the reading would then use again.
  ran(['esbuild.mjs', '--only=cli']);
  const folder = mkdtempSync(join(tmpdir(), 'scaling-lens-bench-'));
  try {
    const [file, few] = [join(folder, 'evals.csv'), join(folder, 'few.csv')];
    writeFileSync(file, csv);
    writeFileSync(few, csv.slice(0, csv.indexOf('\n', 1000) + 1));
    const { size } = statSync(file);
    const peak = peakOf('describe', file, folder);
    const over = peak - peakOf('describe', few, folder);
    return { megabytes: over / 1e6, ratio: over / size, whole: peak / size };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
