/**
 * Regenerates the tables of docs/slices.md from the public tasks in `../shared/data/slice-and-sandwich`, wins and losses
 * alike: `node scripts/tables/slices.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { referenceCsv, referenceJson } from '../../test/core/shape/reference-data.ts';
import {
  BASELINES,
  bestBaseline,
  chooseRate,
  type EnsembleScore,
  fullHinge,
  scoreTask,
  type TaskData,
  type TaskScores,
} from './slice-evaluation.ts';

const FOLDER = 'slice-and-sandwich';
const PAGE = new URL('../../docs/slices.md', import.meta.url);

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

function errorTable(scores: readonly TaskScores[], rates: readonly number[]): string {
  const head = `| task | models | ${BASELINES.join(' | ')} | ensemble | rate | against the best |\n|---|---|${BASELINES.map(() => '---|').join('')}---|---|---|`;
  const rows = scores.map((task, i) => {
    const rate = rates[i] as number;
    const own = task.ensemble.get(rate) as EnsembleScore;
    const best = bestBaseline(task);
    const cells = BASELINES.map((name) =>
      name === best.name ? `**${number(task.baselines[name])}**` : number(task.baselines[name]),
    );
    const ratio = own.mse / best.mse;
    return `| ${task.task} | ${task.trained} + ${task.tested} | ${cells.join(' | ')} | ${number(own.mse)} | ${rate} | ${ratio <= 1 ? 'wins' : 'loses'}, ${ratio.toFixed(2)} × |`;
  });
  return [head, ...rows].join('\n');
}

/** All tables of the page, each under its marker. */
export function slicesTables(): ReadonlyMap<string, string> {
  const tasks = publicTasks();
  const tables = new Map<string, string>();
  const scores = tasks.map((task) => scoreTask(task, task.cutoff));
  const rates = scores.map((_, i) => chooseRate(scores.filter((__, j) => j !== i)));
  tables.set('errors', errorTable(scores, rates));
  tables.set(
    'thresholds',
    [
      '| task | hinge of all models | late rise | forecast, 80 % | holds it | beyond the fitted models | rising from the start | test models inside 80 % |',
      '|---|---|---|---|---|---|---|---|',
      ...scores.map((task, i) => {
        const own = task.ensemble.get(rates[i] as number) as EnsembleScore;
        const hinge = fullHinge(tasks[i] as TaskData);
        const holds = own.low <= hinge.tau && hinge.tau <= own.high;
        return `| ${task.task} | ${hinge.tau.toFixed(2)} | ${hinge.lateRise ? 'yes' : 'no'} | ${own.low.toFixed(2)} to ${own.high.toFixed(2)} | ${holds ? 'yes' : 'no'} | ${own.beyond.toFixed(2)} | ${own.alreadyRising.toFixed(2)} | ${own.inside} of ${task.tested} |`;
      }),
    ].join('\n'),
  );
  const earlier = [0.2, 0.4].map((step) => {
    const moved = tasks.map((task, i) => scoreTask(task, task.cutoff - step, [rates[i] as number]));
    return `Cut-off ${step} decades below the authors':\n\n${errorTable(moved, rates)}`;
  });
  tables.set('earlier', earlier.join('\n\n'));
  return tables;
}

/** The page with its tables replaced. */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  let text = page;
  for (const [name, table] of tables) {
    const start = `<!-- table: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/slices.md has no place for the table '${name}'`);
    text = `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
  }
  return text;
}

if (process.argv[1]?.endsWith('tables/slices.ts')) {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), slicesTables()));
}
