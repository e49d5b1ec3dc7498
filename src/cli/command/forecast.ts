/** `forecast FILE --at X|held-out`: predictions with interval and verdict, on request kept in a log; `score` holds them to it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parsePromises, promiseLine, promisesOf, scorePromises } from '../../core/forecast/promises.ts';
import { forecastTogether } from '../../core/forecast/together.ts';
import { formatNumber, formatScale } from '../../core/render/number.ts';
import type { Report } from '../../core/report-model.ts';
import type { Study } from '../../core/study/study.ts';
import { analyseOptions, FILES, type Flags, finish, withFitFlags, withStudyFlags } from '../common.ts';
import { parseAt } from '../flags.ts';
import { forecastLines } from '../print.ts';
import { hashOf } from '../renderings.ts';
import { analysed } from '../run.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { writeOut } from '../write-out.ts';
import { type LawFlags, lawChoice, withLawFlags } from './fit.ts';

interface ForecastFlags extends LawFlags {
  readonly at: string;
  readonly log?: string;
  readonly forFamily?: string;
}

export function addForecast(program: Command): void {
  withLawFlags(
    withFitFlags(withStudyFlags(program.command('forecast').description('predict, with an interval and a verdict'))),
    'auto',
  )
    .argument(...FILES)
    .optionsGroup('What is forecast:')
    .requiredOption('--at <places>', 'scales in plain units (comma separated), or held-out: every point not fitted')
    .option('--for-family <name>', 'the model family of the scales in --at: its smaller members say where it stands')
    .option(
      '--log <file>',
      'append every forecast to this log of predictions (JSON lines), dated, with the hash of the data',
    )
    .action(async (files: string[], flags: ForecastFlags) => {
      const at = parseAt(flags.at);
      if (at === 'held-out' && flags.fitBelow === undefined) throw new UsageError('--at held-out needs --fit-below X');
      const choice = lawChoice(flags);
      const found = await analysed(files, flags, { ...choice, at });
      if (found === null) return;
      const outcome = choice.laws === 'auto' ? { ...found, report: withTasksTogether(found, flags, at) } : found;
      if (flags.log !== undefined) {
        const made = {
          date: new Date().toISOString(),
          dataHash: hashOf(outcome.study),
          tool: outcome.report.tool,
        };
        writeOut(flags.log, promisesOf(outcome.report.series, made).map(promiseLine).join(''), 'a');
      }
      finish(outcome.report, flags, () => forecastLines(outcome.report.series));
    });
}

/** The report with forecasts of several tasks made together where that was better on held-out models. */
function withTasksTogether(
  { study, report }: { readonly study: Study; readonly report: Report },
  flags: ForecastFlags,
  at: readonly number[] | 'held-out',
): Report {
  const { level, fitBelow } = analyseOptions(flags);
  const family = flags.forFamily;
  if (family !== undefined) {
    const known = [...new Set(study.series.flatMap((s) => s.points.map((p) => p.family)))].filter((f) => f !== null);
    if (!known.includes(family))
      throw new UsageError(
        `--for-family ${family}: no model of it; there are ${known.slice(0, 20).join(', ') || 'no families'}${known.length > 20 ? ', …' : ''}`,
      );
  }
  const answers = forecastTogether(study.series, report.series, {
    level,
    at,
    ...(fitBelow === undefined ? {} : { fitBelow }),
    ...(family === undefined ? {} : { family }),
  });
  return { ...report, series: report.series.map((s) => ({ ...s, ...answers.get(s.id) })) };
}

/** `score LOG FILE…`: what became of the forecasts in a log. */
export function addScore(program: Command): void {
  withStudyFlags(program.command('score').description('compare logged forecasts with what has been measured since'))
    .argument('<log>', 'a log that forecast --log has written')
    .argument(...FILES)
    .action(async (log: string, files: string[], flags: Flags) => {
      const promises = parsePromises(readLog(log));
      if (!promises.ok) throw new UsageError(`${log}:${promises.error.line}: ${promises.error.message}`);
      const outcome = await analysed(files, flags, { laws: [], shapes: false, backtests: false, bootstrap: 0 });
      if (outcome === null) return;
      const score = scorePromises(promises.value, outcome.report.series);
      finish({ ...outcome.report, promises: score }, flags, () => {
        const rows = [['series', 'made', 'at', 'promised', 'measured', 'outcome']];
        for (const { promise, status, actual } of score.scored) {
          rows.push([
            promise.series,
            promise.date.slice(0, 10),
            formatScale(promise.x, promise.scale),
            promise.low === null
              ? formatNumber(promise.y, 4)
              : `${formatNumber(promise.low, 4)} to ${formatNumber(promise.high, 4)}`,
            formatNumber(actual, 4),
            status,
          ]);
        }
        const summary =
          score.covered === null
            ? `${score.scored.length === 1 ? 'the forecast has no measurement' : `none of ${score.scored.length} forecasts has a measurement`} yet`
            : `${score.kept} of ${score.kept + score.broken} kept (${Math.round(100 * score.covered)} %; ${Math.round(100 * (score.level ?? 0))} % were promised), ${score.open} open`;
        return [...table(rows, true), summary];
      });
    });
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${path}: cannot be read`);
  }
}
