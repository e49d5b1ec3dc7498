/**
 * Regenerates the tables of docs/slices.md from the public tasks in `../shared/data/slice-and-sandwich`, wins and losses
 * alike: `node scripts/tables/slices.ts`.
 */
import type { ForecasterConstants } from '../../src/core/slice/forecaster.ts';
import { referenceCsv, referenceJson } from '../../test/core/shape/reference-data.ts';
import { writeTables } from './page.ts';
import { CHOSEN, search } from './slice-choice.ts';
import {
  BASELINES,
  type Cut,
  cutTask,
  flatCut,
  fullHinge,
  GAIN_SPREADS,
  GRID,
  type Judged,
  judge,
  STEPS,
  type TaskData,
} from './slice-evaluation.ts';

const FOLDER = 'slice-and-sandwich';

/** The public tasks, kept models only. */
export function publicTasks(): TaskData[] {
  interface Task {
    readonly threshold_log10_1e21flop: number;
    readonly chance_used_in_sigmoid: number;
  }
  const { tasks } = referenceJson<{ readonly tasks: Readonly<Record<string, Task>> }>(`${FOLDER}/reference.json`);
  return Object.entries(tasks).map(([task, facts]) => ({
    task,
    cutoff: facts.threshold_log10_1e21flop,
    chance: facts.chance_used_in_sigmoid,
    models: referenceCsv(`${FOLDER}/tidy/${task}_g3.csv`)
      .filter((row) => row.excluded === '')
      .map((row) => ({
        x: Number(row.log10_flop_1e21),
        accuracy: Number(row.acc),
        tc: Number(row.tc_brier),
        groups: [Number(row.g1_tc), Number(row.g2_tc), Number(row.g3_tc)],
      }))
      .sort((a, b) => a.x - b.x),
  }));
}

function number(value: number | null): string {
  return value === null ? '–' : value.toPrecision(3);
}

interface Result {
  readonly data: TaskData;
  readonly cut: Cut;
  readonly judged: Judged;
}

function errorTable(results: readonly Result[]): string {
  const head = `| task | models | ${BASELINES.join(' | ')} | ensemble | against the best |\n|---|---|${BASELINES.map(() => '---|').join('')}---|---|`;
  const rows = results.map(({ data, cut, judged }) => {
    const cells = BASELINES.map((name) =>
      name === cut.best.name ? `**${number(cut.baselines[name])}**` : number(cut.baselines[name]),
    );
    const ratio = judged.mse / cut.best.mse;
    return `| ${data.task} | ${cut.input.x.length} + ${cut.held.length} | ${cells.join(' | ')} | ${number(judged.mse)} | ${ratio <= 1 ? 'wins' : 'loses'}, ${ratio.toFixed(2)} × |`;
  });
  return [head, ...rows].join('\n');
}

function constantsTable(): string {
  const names = [...Object.keys(GRID), 'gainSpread'] as (keyof ForecasterConstants)[];
  const say = (value: number): string => String(Number(value.toFixed(2)));
  return [
    `| chosen without | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    `| *grid* | ${[...Object.values(GRID), GAIN_SPREADS].map((values) => values.map(say).join(', ')).join(' | ')} |`,
    ...Object.entries(CHOSEN).map(
      ([task, constants]) => `| ${task} | ${names.map((name) => say(constants[name])).join(' | ')} |`,
    ),
  ].join('\n');
}

function thresholdTable(byStep: readonly (readonly Result[])[]): string {
  const byTask = (byStep[0] ?? []).flatMap((_, i) => byStep.map((results, k) => ({ ...(results[i] as Result), k })));
  return [
    '| task | fitted below | hinge of all models | late rise | forecast, 80 % | holds it | beyond the fitted models | rising from the start |',
    '|---|---|---|---|---|---|---|---|',
    ...byTask.map(({ data, judged: { threshold }, k }) => {
      const hinge = fullHinge(data);
      const refused = threshold.refused !== null;
      const holds = threshold.low <= hinge.tau && hinge.tau <= threshold.high;
      return `| ${data.task} | ${(data.cutoff - (STEPS[k] ?? 0)).toFixed(1)} | ${hinge.tau.toFixed(2)} | ${hinge.lateRise ? 'yes' : 'no'} | ${refused ? 'refused' : `${threshold.low.toFixed(2)} to ${threshold.high.toFixed(2)}`} | ${refused ? '–' : holds ? 'yes' : 'no'} | ${threshold.beyond.toFixed(2)} | ${threshold.alreadyRising.toFixed(2)} |`;
    }),
  ].join('\n');
}

function coverageTable(byStep: readonly (readonly Result[])[], flats: readonly Result[]): string {
  return [
    `| task | ${STEPS.map((step) => (step === 0 ? "the authors' cut-off" : `${step} decades lower`)).join(' | ')} | where nothing rises |`,
    `|---|${STEPS.map(() => '---|').join('')}---|`,
    ...(byStep[0] ?? []).map(({ data }, i) => {
      const cells = [...byStep.map((results) => results[i]), flats.find((one) => one.data === data)].map((result) =>
        result === undefined
          ? '–'
          : `${result.judged.inside} of ${result.cut.held.length} (width ${result.judged.width.toFixed(2)})`,
      );
      return `| ${data.task} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

/** What the forecaster makes of a stretch that stays flat, on the tasks that have one. */
function flatResults(tasks: readonly TaskData[]): Result[] {
  return tasks.flatMap((data) => {
    const cut = flatCut(data);
    return cut === null ? [] : [{ data, cut, judged: judge(cut, CHOSEN[data.task] as ForecasterConstants) }];
  });
}

/** The tables that the constants in slice-choice.ts give, each under its marker. */
export function slicesTables(): ReadonlyMap<string, string> {
  const tasks = publicTasks();
  const byStep = STEPS.map((step) =>
    tasks.map((data): Result => {
      const cut = cutTask(data, step);
      return { data, cut, judged: judge(cut, CHOSEN[data.task] as ForecasterConstants) };
    }),
  );
  const [results = [], ...earlier] = byStep;
  const flats = flatResults(tasks);
  return new Map([
    ['constants', constantsTable()],
    ['errors', errorTable(results)],
    ['thresholds', thresholdTable(byStep)],
    ['coverage', coverageTable(byStep, flats)],
    ['flat', errorTable(flats)],
    [
      'earlier',
      earlier
        .map((moved, k) => `Cut-off ${STEPS[k + 1]} decades below the authors':\n\n${errorTable(moved)}`)
        .join('\n\n'),
    ],
  ]);
}

/** The table of other ways of choosing; searches the whole grid. */
export function variantsTable(variants: ReturnType<typeof search>['variants']): string {
  const tasks = publicTasks();
  return [
    `| chosen by | cut-offs of the other tasks | ${tasks.map(({ task }) => task).join(' | ')} |`,
    `|---|---|${tasks.map(() => '---|').join('')}`,
    ...variants.map(
      ({ criterion, steps, ratios }) =>
        `| ${criterion} | ${steps} | ${ratios.map((ratio) => (ratio > 1 ? `**${ratio.toFixed(2)}**` : ratio.toFixed(2))).join(' | ')} |`,
    ),
  ].join('\n');
}

if (import.meta.main) {
  const tables = new Map(slicesTables());
  tables.set('variants', variantsTable(search(publicTasks()).variants));
  writeTables('slices.md', tables);
}
