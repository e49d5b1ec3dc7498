/** `backtest FILE`: rolling and cutoff backtests beside the baselines, each task and the mean over tasks. */
import type { Command } from 'commander';
import { aggregateBacktests } from '../../core/forecast/benchmark.ts';
import { FILES, finish, withFitFlags, withStudyFlags } from '../common.ts';
import { aggregateLines, backtestLines } from '../print.ts';
import { analysed } from '../run.ts';
import { type LawFlags, lawChoice, withLawFlags } from './fit.ts';

export function addBacktest(program: Command): void {
  const command = program
    .command('backtest')
    .description('how far a forecast can be trusted, measured on the file itself');
  withLawFlags(withFitFlags(withStudyFlags(command)), 'auto')
    .argument(...FILES)
    .action(async (files: string[], flags: LawFlags) => {
      const outcome = await analysed(files, flags, {
        ...lawChoice(flags),
        protocols: true,
        shapes: flags.law === 'auto',
      });
      if (outcome === null) return;
      const aggregates = flags.series === undefined ? aggregateBacktests(outcome.study.series) : [];
      const report = { ...outcome.report, backtestAggregate: aggregates };
      finish(report, flags, () => [...backtestLines(report.series), ...aggregateLines(aggregates)]);
    });
}
