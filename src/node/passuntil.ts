/**
 * A sampling run from its file to its journal: what the command line and the editor's worker share. First everything is
 * opened and checked, so that what is wrong is said before a request goes out; then it runs.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describeChecker } from '../core/passuntil/checkers.ts';
import { loadPrompts } from '../core/passuntil/dataset.ts';
import { fingerprint, type RunLine, runLine } from '../core/passuntil/journal.ts';
import type { Progress } from '../core/passuntil/progress.ts';
import { parseRunFile } from '../core/passuntil/run-file.ts';
import type { PromptItem, RunPlan } from '../core/passuntil/run-plan.ts';
import { type RunOutcome, runSampler } from '../core/passuntil/run-sampler.ts';
import { err, messageOf, ok, type Result } from '../core/result.ts';
import { fileProblem } from './file-problem.ts';
import { openJournal } from './journal-file.ts';
import { createCommand, createPost, type Keys, systemClock, withoutKeys } from './sampler-ports.ts';

/** A run that can start. */
export interface OpenRun {
  readonly file: string;
  readonly plan: RunPlan;
  readonly items: readonly PromptItem[];
  /** Environment variables that hold keys. */
  readonly keyNames: readonly string[];
  /** The external checker, which needs permission; null without one. */
  readonly command: readonly string[] | null;
  /** Where the journal goes unless told otherwise. */
  readonly journal: string;
}

/** Reads a run file and its dataset. The error is one line per fault, each with its place. */
export function openRun(file: string): Result<OpenRun, string> {
  let text: string;
  try {
    if (statSync(file).size > 64e6) return err(`${file}: more than 64 MB is no run file; put prompts into a dataset`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return err(`${file}: ${fileProblem(error)}`);
  }
  const plan = parseRunFile(text);
  if (!plan.ok) return err(plan.error.map((fault) => `${file}:${fault.line}: ${fault.message}`).join('\n'));
  const { prompts, models, checker } = plan.value;
  let table = '';
  if (prompts.kind === 'dataset') {
    const path = resolve(dirname(file), prompts.file);
    try {
      table = readFileSync(path, 'utf8');
    } catch (error) {
      return err(`${file}: the dataset ${prompts.file}: ${fileProblem(error)}`);
    }
  }
  const items = loadPrompts(prompts, table);
  if (!items.ok) return err(`${file}: ${items.error}`);
  if (
    checker.type !== 'command' &&
    items.value.every((item) => item.answer === '') &&
    !(checker.type === 'regex' && !checker.pattern.includes('{{answer}}'))
  ) {
    return err(`${file}: no prompt has an answer, and the checker ${checker.type} needs one`);
  }
  return ok({
    file,
    plan: plan.value,
    items: items.value,
    keyNames: [...new Set(models.flatMap((m) => (m.keyEnv === null ? [] : [m.keyEnv])))],
    command: checker.type === 'command' ? checker.command : null,
    journal: join(dirname(file), `${basename(file).replace(/(\.passuntil)?\.ya?ml$/i, '')}.passuntil.jsonl`),
  });
}

export interface StartOptions {
  readonly journal: string;
  readonly resume: boolean;
  readonly keys: Keys;
  readonly log: (message: string) => void;
  readonly progress: (progress: Progress) => void;
}

/** Runs to the end, the budget or the abort. The error says why the run could not start, or go on. */
export async function startRun(
  run: OpenRun,
  options: StartOptions,
  signal: AbortSignal,
): Promise<Result<RunOutcome, string>> {
  const { plan, items } = run;
  for (const name of run.keyNames) if (!options.keys.has(name)) return err(`the key in ${name} is missing`);
  const journal = openJournal(options.journal, lineOf(plan, items), options.resume);
  if (!journal.ok) return journal;
  const { earlier, torn, append, close } = journal.value;
  if (torn > 0)
    options.log(
      `the journal ended in the middle of a line: ${torn} bytes were cut off, that answer is asked for again`,
    );
  try {
    const outcome = await runSampler(
      plan,
      items,
      earlier,
      {
        post: createPost(options.keys),
        clock: systemClock,
        append,
        command: createCommand(dirname(resolve(run.file))),
        log: (message) => options.log(withoutKeys(message, options.keys)),
        progress: options.progress,
        seed: Date.now(),
      },
      signal,
    );
    return ok(outcome);
  } catch (error) {
    return err(withoutKeys(messageOf(error), options.keys));
  } finally {
    await close();
  }
}

function lineOf(plan: RunPlan, items: readonly PromptItem[]): RunLine {
  const { temperature, topP, maxTokens, stop, system, extra } = plan.sampling;
  const sampling = [
    `temperature ${temperature}`,
    ...(topP === null ? [] : [`topP ${topP}`]),
    `maxTokens ${maxTokens}`,
    ...(stop.length === 0 ? [] : [`stop ${JSON.stringify(stop)}`]),
    ...(system === null ? [] : [`system ${fingerprint(system)}`]),
    ...(Object.keys(extra).length === 0 ? [] : [`extra ${JSON.stringify(extra)}`]),
  ];
  return runLine({
    task: plan.task,
    r: plan.r,
    kMax: plan.kMax,
    prompts: { count: items.length, hash: fingerprint(JSON.stringify(items.map((i) => [i.id, i.prompt, i.answer]))) },
    checker: describeChecker(plan.checker),
    sampling: sampling.join(', '),
    models: plan.models.map(({ name, params, model, api }) => ({ name, params, model, api })),
  });
}
