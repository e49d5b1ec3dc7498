/** Every command and what becomes of their errors: usage and unusable input end with code 2 and a sentence. */
import { Command, CommanderError } from 'commander';
import { messageOf } from '../core/result.ts';
import { VERSION } from '../core/version.ts';
import { addAnalyze } from './command/analyze.ts';
import { addBacktest } from './command/backtest.ts';
import { addDescribe } from './command/describe.ts';
import { addFit } from './command/fit.ts';
import { addForecast, addScore } from './command/forecast.ts';
import { addPassUntil } from './command/passuntil.ts';
import { addPlan } from './command/plan.ts';
import { EXAMPLES } from './examples.ts';
import { UsageError } from './usage-error.ts';

const program = new Command('scaling-lens')
  .description('Scaling analysis of language models from eval files')
  .version(VERSION)
  .showHelpAfterError('(--help lists the flags)')
  .addHelpText(
    'after',
    `
Exit codes: 0 done; 1 findings at or above --fail-on; 2 the input cannot be used, a file of it is
damaged (the rest is read all the same), or a question is open (standard error says where, and the
lines of scaling.yaml that settle it); 130 interrupted.
Scales are in plain units: FLOP, parameters, tokens, steps.`,
  )
  .exitOverride();
addAnalyze(program);
addDescribe(program);
addFit(program);
addForecast(program);
addScore(program);
addBacktest(program);
addPassUntil(program);
addPlan(program);

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];
for (const command of withSubcommands(program)) {
  command.exitOverride();
  const examples = EXAMPLES[command.name()] ?? [];
  if (examples.length > 0)
    command.addHelpText('after', `\nExamples:\n${examples.map((one) => `  scaling-lens ${one}`).join('\n')}`);
}

/** Runs the command line. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    process.exitCode = 2;
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`);
      return;
    }
    // A fault of ours: named as such; the stack is for those who look for it.
    const detail = process.env['SCALING_LENS_DEBUG'] === undefined ? '' : `\n${(error as Error).stack ?? ''}`;
    process.stderr.write(`internal error: ${messageOf(error)}${detail}\n`);
  }
}
