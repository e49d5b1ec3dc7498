/** `backtest FILE`: rolling and cutoff backtests beside the baselines. */
import type { Command } from 'commander';
import { withFitFlags, withStudyFlags } from '../common.ts';
import { backtestLines } from '../print.ts';
import { analyseAndPrint } from '../run.ts';
import { type LawFlags, lawChoice, withLawFlags } from './fit.ts';

export function addBacktest(program: Command): void {
  const command = program
    .command('backtest')
    .description('how far a forecast can be trusted, measured on the file itself');
  withLawFlags(withFitFlags(withStudyFlags(command)), 'auto')
    .argument('<files...>', 'files, folders, globs, or - for standard input')
    .action((files: string[], flags: LawFlags) =>
      analyseAndPrint(files, flags, lawChoice(flags), (report) => backtestLines(report.series)),
    );
}
