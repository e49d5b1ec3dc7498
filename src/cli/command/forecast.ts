/** `forecast FILE --at X|held-out`: predictions with interval and verdict. */
import type { Command } from 'commander';
import { withFitFlags, withStudyFlags } from '../common.ts';
import { parseAt } from '../flags.ts';
import { forecastLines } from '../print.ts';
import { analyseAndPrint } from '../run.ts';
import { UsageError } from '../usage-error.ts';
import { type LawFlags, lawChoice, withLawFlags } from './fit.ts';

interface ForecastFlags extends LawFlags {
  readonly at: string;
}

export function addForecast(program: Command): void {
  withLawFlags(
    withFitFlags(withStudyFlags(program.command('forecast').description('predict, with an interval and a verdict'))),
    'auto',
  )
    .argument('<files...>', 'files, folders, globs, or - for standard input')
    .requiredOption('--at <places>', 'scales in plain units (comma separated), or held-out: every point not fitted')
    .action(async (files: string[], flags: ForecastFlags) => {
      const at = parseAt(flags.at);
      if (at === 'held-out' && flags.fitBelow === undefined) throw new UsageError('--at held-out needs --fit-below X');
      await analyseAndPrint(files, flags, { ...lawChoice(flags), at }, (report) => forecastLines(report.series));
    });
}
