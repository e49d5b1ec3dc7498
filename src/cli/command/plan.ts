/** `plan FILE --target X --budget C`: which runs to add next. */
import type { Command } from 'commander';
import { analyseSeries } from '../../core/analyse-series.ts';
import { type Plan, planRuns } from '../../core/forecast/plan.ts';
import { lawById } from '../../core/law/registry.ts';
import { formatNumber, formatScale } from '../../core/render/number.ts';
import { describeStudy } from '../../core/report.ts';
import {
  analyseOptions,
  FILES,
  finish,
  namedSeries,
  openStudy,
  refused,
  withSeriesFlags,
  withStudyFlags,
} from '../common.ts';
import { parsePositive } from '../flags.ts';
import { forecastLines } from '../print.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { type LawFlags, lawChoice, withLawFlag } from './fit.ts';

interface PlanFlags extends LawFlags {
  readonly target: string;
  readonly budget: string;
}

export function addPlan(program: Command): void {
  withLawFlag(
    withSeriesFlags(
      withStudyFlags(program.command('plan').description('which runs to add so that a forecast tightens most')),
    ),
    'auto',
  )
    .argument(...FILES)
    .optionsGroup('What is planned:')
    .requiredOption('--target <x>', 'the scale to forecast, in plain units of x')
    .requiredOption('--budget <flop>', 'training FLOP to spend on new runs')
    .action(async (files: string[], flags: PlanFlags) => {
      const target = parsePositive('--target', flags.target);
      const budget = parsePositive('--budget', flags.budget);
      if (flags.law === 'custom') throw new UsageError('--law custom: runs are planned for a law of the list');
      const study = await openStudy(files, flags);
      if (refused(study)) return;
      const series = namedSeries(study, flags) ?? study.series.find((s) => s.isLoss) ?? study.series[0];
      if (series === undefined) throw new UsageError('nothing to plan: the files hold pass counts and no other series');
      const options = analyseOptions(flags);
      const choice = lawChoice(flags);
      const report = analyseSeries(series, study, {
        ...options,
        ...choice,
        at: [target],
      });
      const law = report.chosen === null ? undefined : lawById(report.chosen);
      if (law === undefined)
        throw new UsageError(
          `${series.id}: no law can be fitted, so no run can be planned. ${report.refused?.[0]?.message ?? 'More scales are needed.'}`,
        );
      const planned = planRuns(series, law, study, { target, budget, level: options.level, seed: options.seed });
      if (!planned.ok) throw new UsageError(planned.error.message);
      const whole = { ...describeStudy(study, {}), series: [report], plan: planned.value };
      finish(whole, flags, () => [...forecastLines([report]), '', ...planLines(planned.value, series.scale)]);
    });
}

function planLines(plan: Plan, scale: string): string[] {
  const rows = [['  run', 'parameters', 'tokens', 'FLOP']];
  plan.runs.forEach((run, i) => {
    rows.push([`  ${i + 1}`, formatNumber(run.params, 3), formatNumber(run.tokens, 3), formatNumber(run.compute, 3)]);
  });
  return [
    `${plan.series}: ${plan.law}, target ${formatScale(plan.target, scale)}`,
    `  what the parameters leave open at the target (${Math.round(100 * plan.level)} %): ${formatNumber(plan.widthNow, 3)} wide now, ${formatNumber(plan.widthAfter, 3)} expected after these runs (${plan.simulations} simulated futures)`,
    ...table(rows, true),
    ...plan.warnings.map((w) => `  warning: ${w}`),
    '  for scaling.yaml, until the runs are measured:',
    ...plan.yaml
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}
