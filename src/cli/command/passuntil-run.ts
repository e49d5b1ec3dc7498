/** `passuntil run RUN.yaml`: samples models until every prompt has passed r times, into a journal that survives any kill. */
import { rmSync } from 'node:fs';
import type { Command } from 'commander';
import { describeProgress, type Progress } from '../../core/passuntil/progress.ts';
import type { RunPlan } from '../../core/passuntil/run-plan.ts';
import { type OpenRun, openRun, startRun } from '../../node/passuntil.ts';
import type { Keys } from '../../node/sampler-ports.ts';
import { parseCount } from '../flags.ts';
import { quote } from '../quote.ts';
import { UsageError } from '../usage-error.ts';

interface RunFlags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly concurrency?: string;
  readonly allowCommand?: boolean;
  readonly check?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** A line of progress for logs, where standard error is no terminal: not more often than this. */
const LOG_EVERY_MS = 30_000;

export function addPassUntilRun(passuntil: Command): void {
  passuntil
    .command('run')
    .description('sample models over a completions API until every prompt has passed r times')
    .argument('<file>', 'run file: prompts, checker, models, r, kMax (docs/passuntil.md)')
    .option('--out <journal>', 'where answers are written, line by line (default: beside the run file)')
    .option('--resume', 'go on with a journal that exists')
    .option('--concurrency <count>', 'requests at once at most (default: the run file, or 64)')
    .option('--allow-command', 'let the run file start its external checker')
    .option('--check', 'say what would be asked and what it needs (as JSON), and start nothing')
    .option(
      '--progress <how>',
      'line (default), or json for programs: one object per line on standard error; end of standard input cancels',
    )
    .option('--quiet', 'print nothing but errors')
    .option('--json', 'print how it ended as JSON')
    .action(run);
}

async function run(file: string, flags: RunFlags): Promise<void> {
  const opened = openRun(file);
  if (!opened.ok) throw new UsageError(opened.error);
  const { plan, command, keyNames } = opened.value;
  const journal = flags.out ?? opened.value.journal;
  if (flags.check === true) {
    process.stdout.write(`${JSON.stringify(summaryOf(opened.value, journal), null, 1)}\n`);
    return;
  }
  const say = teller(flags);
  if (command !== null && flags.allowCommand !== true) {
    throw new UsageError(
      `${file}: the checker would run ${JSON.stringify(command)} on every completion; allow it with --allow-command`,
    );
  }
  const keys = keysOf(keyNames);
  const concurrency =
    flags.concurrency === undefined ? plan.concurrency : parseCount('--concurrency', flags.concurrency, 1);
  for (const warning of plan.warnings) say.log(`warning: ${warning}`);
  const abort = new AbortController();
  const restore = onInterrupt(abort, () => rmSync(`${journal}.lock`, { force: true }));
  if (flags.progress === 'json') {
    // Whoever started this process may end it by closing its input, or by ending itself.
    process.stdin
      .resume()
      .once('end', () => abort.abort(new Error('cancelled')))
      .once('error', () => undefined);
  }
  try {
    const started = await startRun(
      { ...opened.value, plan: { ...plan, concurrency } },
      {
        journal,
        resume: flags.resume === true,
        keys,
        log: say.log,
        progress: say.progress,
      },
      abort.signal,
    );
    if (!started.ok) throw new UsageError(started.error);
    const { end, problems, progress } = started.value;
    if (flags.json === true) {
      process.stdout.write(
        `${JSON.stringify({ end, journal, problems, warnings: plan.warnings, ...progress }, null, 1)}\n`,
      );
    }
    say.log(describeProgress(progress));
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    say.log(ending(end, file, journal));
    process.exitCode = end === 'cancelled' ? 130 : end === 'failed' ? 2 : 0;
  } finally {
    restore();
    if (flags.progress === 'json') process.stdin.destroy();
  }
}

/** What would be asked, and what it needs. */
function summaryOf({ plan, items, keyNames, command }: OpenRun, journal: string): object {
  const { task, r, kMax, warnings, models, budget } = plan;
  return {
    task,
    r,
    kMax,
    prompts: items.length,
    models: models.map((m) => m.name),
    budget,
    warnings,
    keys: keyNames.map((name) => ({ name, hosts: hostsOf(plan, name) })),
    command,
    journal,
  };
}

/** @throws UsageError when one of them is not in the environment */
function keysOf(names: readonly string[]): Keys {
  const keys = new Map<string, string>();
  for (const name of names) {
    const key = process.env[name];
    if (key === undefined || key === '')
      throw new UsageError(`the environment variable ${name}, named by keyEnv, is not set`);
    keys.set(name, key);
  }
  return keys;
}

/** Where a key would be sent. */
function hostsOf(plan: RunPlan, name: string): string[] {
  return [...new Set(plan.models.filter((m) => m.keyEnv === name).map((m) => new URL(m.endpoint).origin))].toSorted();
}

function ending(end: 'done' | 'budget' | 'cancelled' | 'failed', file: string, journal: string): string {
  const resume = `scaling-lens passuntil run ${quote(file)} --out ${quote(journal)} --resume`;
  const estimate = `scaling-lens passuntil estimate ${quote(journal)}`;
  if (end === 'done') return `Done: ${estimate}`;
  if (end === 'budget') return `The budget is used up. What is there: ${estimate}; with more budget: ${resume}`;
  return `Everything answered so far is in ${journal}. Go on: ${resume}`;
}

/** The first interrupt ends the run cleanly, the second at once. @returns puts the usual handlers back */
function onInterrupt(abort: AbortController, last: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const handler = (): void => {
    if (abort.signal.aborted) {
      last();
      process.exit(130);
    }
    abort.abort(new Error('interrupted'));
  };
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, handler);
  }
  return () => {
    for (const [i, signal] of signals.entries()) {
      process.removeListener(signal, handler);
      for (const listener of before[i] ?? []) process.on(signal, listener as NodeJS.SignalsListener);
    }
  };
}

interface Teller {
  readonly log: (text: string) => void;
  readonly progress: (progress: Progress) => void;
}

/** How a run speaks: in place on a terminal, every half minute in a log, objects for a program, or not at all. */
function teller({ progress, quiet }: RunFlags): Teller {
  const out = process.stderr;
  if (progress !== undefined && progress !== 'line' && progress !== 'json') {
    throw new UsageError(`--progress ${progress}: expected line or json`);
  }
  if (progress === 'json') {
    const write = (record: object): void => void out.write(`${JSON.stringify(record)}\n`);
    return { log: (log) => write({ log }), progress: (now) => write({ progress: now, line: describeProgress(now) }) };
  }
  if (quiet === true) return { log: () => undefined, progress: () => undefined };
  if (out.isTTY) {
    return {
      log: (text) => void out.write(`\r\u001b[K${text}\n`),
      progress: (now) => void out.write(`\r\u001b[K${describeProgress(now)}`),
    };
  }
  let last = Date.now();
  return {
    log: (text) => void out.write(`${text}\n`),
    progress: (now) => {
      if (Date.now() - last < LOG_EVERY_MS) return;
      last = Date.now();
      out.write(`${describeProgress(now)}\n`);
    },
  };
}
