/** `fit FILE --law ID`: one law on each series, or on one. */
import type { Command } from 'commander';
import type { CustomFormula } from '../../core/law/law.ts';
import { LAWS, lawById } from '../../core/law/registry.ts';
import { analyseOptions, collect, FILES, type Flags, finish, withFitFlags, withStudyFlags } from '../common.ts';
import { parseAssignments, parseBounds } from '../flags.ts';
import { fitLines } from '../print.ts';
import { writePython } from '../python-export.ts';
import { analysed } from '../run.ts';
import { UsageError } from '../usage-error.ts';

/** The flags that name a law. */
export interface LawFlags extends Flags {
  readonly law: string;
  readonly formula?: string;
  readonly start?: readonly string[];
  readonly bounds?: readonly string[];
}

const LAW_IDS = LAWS.map((law) => law.id).join(', ');

/** Adds the flag that names a law; `fallback` is used where none is given. */
export function withLawFlag(command: Command, fallback: string | null): Command {
  return fallback === null
    ? command.requiredOption('--law <id>', `one of ${LAW_IDS}`)
    : command.option('--law <id>', `auto, or one of ${LAW_IDS}`, fallback);
}

/** The same, and the flags that say what law of one's own is meant. */
export function withLawFlags(command: Command, fallback: string | null): Command {
  return withLawFlag(command, fallback)
    .option('--formula <expression>', "with --law custom: the right-hand side, e.g. 'E + A * N^-alpha'")
    .option('--start <assignments>', 'with --law custom: starting values, e.g. E=1.7,A=400; repeatable', collect)
    .option('--bounds <ranges>', 'with --law custom: bounds, e.g. alpha=0..2; repeatable', collect);
}

export function addFit(program: Command): void {
  withLawFlags(withFitFlags(withStudyFlags(program.command('fit').description('fit one law on each series'))), null)
    .argument(...FILES)
    .optionsGroup('What is printed:')
    .option('--python <out>', 'write the fit as a scipy script that reproduces it')
    .action(async (files: string[], flags: LawFlags & { readonly python?: string }) => {
      const outcome = await analysed(files, flags, { ...lawChoice(flags), shapes: false, backtests: false });
      if (outcome === null) return;
      const { report } = outcome;
      if (report.series.every((s) => s.fits.length === 0)) {
        for (const line of fitLines(report.series)) process.stderr.write(`${line}\n`);
        process.exitCode = 2;
        if (flags.json !== true) return;
      }
      if (flags.python !== undefined) writePython(flags.python, outcome.study, report, analyseOptions(flags));
      finish(report, flags, () => fitLines(report.series));
    });
}

/**
 * What the law flags ask for.
 * @throws UsageError for an unknown law or a formula that does not belong
 */
export function lawChoice(flags: LawFlags): { laws: 'auto' | readonly string[]; custom?: CustomFormula } {
  if (flags.law !== 'auto' && lawById(flags.law) === undefined)
    throw new UsageError(`--law ${flags.law}: expected one of ${LAWS.map((l) => l.id).join(', ')}`);
  if (flags.law !== 'custom') {
    for (const name of ['formula', 'start', 'bounds'] as const)
      if (flags[name] !== undefined) throw new UsageError(`--${name} belongs to --law custom`);
    return { laws: flags.law === 'auto' ? 'auto' : [flags.law] };
  }
  if (flags.formula === undefined)
    throw new UsageError("--law custom needs --formula, e.g. --formula 'E + A * N^-alpha'");
  return {
    laws: ['custom'],
    custom: {
      formula: flags.formula,
      start: Object.assign({}, ...(flags.start ?? []).map((s) => parseAssignments('--start', s))) as Record<
        string,
        number
      >,
      bounds: Object.assign({}, ...(flags.bounds ?? []).map(parseBounds)) as Record<string, readonly [number, number]>,
    },
  };
}
