/** The command line: the same analysis as the editor, for scripts and CI. Exit codes: 0 done, 1 findings at --fail-on, 2 unusable input or an open question, 130 interrupted. */
import { Command, CommanderError } from 'commander';
import { VERSION } from '../core/version.ts';
import { isSeriesThread, serveSeries } from '../node/series-pool.ts';
import { addAnalyze } from './command/analyze.ts';
import { addBacktest } from './command/backtest.ts';
import { addDescribe } from './command/describe.ts';
import { addFit } from './command/fit.ts';
import { addForecast, addScore } from './command/forecast.ts';
import { addPassUntil } from './command/passuntil.ts';
import { addPlan } from './command/plan.ts';
import { runWithSmallNursery } from './nursery.ts';
import { UsageError } from './usage-error.ts';

process.on('SIGINT', () => {
  process.exit(130);
});
// A reader that closes early (| head) is no error.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('scaling-lens')
  .description('Scaling analysis of language models from eval files')
  .version(VERSION)
  .showHelpAfterError('(--help lists the flags)')
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
for (const command of withSubcommands(program)) command.exitOverride();

if (isSeriesThread()) serveSeries();
else {
  const code = runWithSmallNursery(process.argv.slice(2));
  if (code === null) run();
  else process.exitCode = code;
}

function run(): void {
  program.parseAsync(process.argv).catch((error: unknown) => {
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
    process.stderr.write(`internal error: ${error instanceof Error ? error.message : String(error)}${detail}\n`);
  });
}
