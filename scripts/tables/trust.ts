/**
 * Regenerates the tables of docs/trust.md from the public data in `../shared/data/{revisiting,predictability}` and from
 * simulated studies: `node scripts/tables/trust.ts` (SCALING_LENS_LONG=1: 1,000 studies a regime instead of 100). Names of
 * tables as arguments remake those alone, `simulation:broken` one row of the simulation.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { CURVE_SHRINK, RAMP, SCORE_SHRINK } from '../../src/core/forecast/calibration.ts';
import { BARE_FORMS, type BareForm, FURTHER_FORMS, lastThreeBare } from '../../src/core/forecast/form.ts';
import { backtestHierarchy } from '../../src/core/forecast/hierarchy.ts';
import { OBSERVED_ID } from '../../src/core/forecast/observed.ts';
import { cutoffBacktest, leaveRightmostOut, summariseA } from '../../src/core/forecast/protocol.ts';
import { forecastTogether, HIERARCHY_ID } from '../../src/core/forecast/together.ts';
import type { Forecast } from '../../src/core/report-model.ts';
import type { Study, StudySeries } from '../../src/core/study/study.ts';
import { curveSeries } from '../../test/core/forecast/curves.ts';
import { type FamilyTask, scoreRows, tasksOf } from '../../test/core/forecast/predictability-data.ts';
import { REGIMES, type Regime } from '../../test/core/forecast/simulated.ts';
import { verdictRates } from '../../test/core/forecast/verdict-rates.ts';
import { makePoint, makeSeries } from '../../test/core/law/series.ts';
import {
  AXIS,
  BENCHMARKS,
  benchmarkModels,
  type Held,
  hierarchyLeftOut,
  intervalsLeftOut,
} from './held-out-constants.ts';

const PAGE = new URL('../../docs/trust.md', import.meta.url);
const LAWS = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'last', 'mean-3'];

interface Outcome {
  readonly group: string;
  readonly curve: string;
  readonly forecasts: readonly Forecast[];
}

function forecastAbove(series: StudySeries, cut: number, laws: 'auto' | readonly string[]): readonly Forecast[] {
  const study = { manifest: null, series: [series], tables: [] } as unknown as Study;
  return analyseSeries(series, study, {
    ...DEFAULT_OPTIONS,
    laws,
    bootstrap: 0,
    shapes: false,
    backtests: laws === 'auto',
    fitBelow: cut,
    at: 'held-out',
  }).forecast;
}

function rmsle(forecasts: readonly Forecast[]): number {
  const squares = forecasts.map((f) => (f.y === null ? 9 : Math.log(f.y / (f.actual as number)) ** 2));
  return Math.sqrt(squares.reduce((s, v) => s + v, 0) / squares.length);
}

const inside = (f: Forecast): boolean =>
  f.low !== null && f.high !== null && (f.actual as number) >= f.low && (f.actual as number) <= f.high;
const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function selectionTable(outcomes: readonly Outcome[]): string {
  const curves = curveSeries();
  const rows = LAWS.map((law) => {
    const errors = curves.map(({ series, cut, group }) => ({ group, error: rmsle(forecastAbove(series, cut, [law])) }));
    return { name: `\`${law}\``, errors };
  });
  const errors = outcomes.map((o) => ({ group: o.group, error: rmsle(o.forecasts) }));
  const oracle = curves.map(({ group }, i) => ({
    group,
    error: Math.min(...rows.map((r) => r.errors[i]?.error ?? 9)),
  }));
  const line = (name: string, all: readonly { group: string; error: number }[]): string => {
    const of = (g: string) => mean(all.filter((e) => e.group === g).map((e) => e.error)).toFixed(4);
    return `| ${name} | ${mean(all.map((e) => e.error)).toFixed(4)} | ${of('IC')} | ${of('NMT')} | ${of('LM')} | ${of('BB')} |`;
  };
  return [
    '| rule | 46 curves | images 36 | translation 3 | language 2 | BIG-bench 5 |',
    '|---|---|---|---|---|---|',
    ...rows.map((r) => line(r.name, r.errors)),
    line('**`auto`**', errors),
    line('best single law by hindsight', oracle),
  ].join('\n');
}

function curveCoverage(outcomes: readonly Outcome[]): string {
  const groups = ['IC', 'NMT', 'LM', 'BB'];
  const names: Record<string, string> = { IC: 'images', NMT: 'translation', LM: 'language', BB: 'BIG-bench' };
  const row = (name: string, of: readonly Outcome[]): string => {
    const covered = mean(of.map((o) => mean(o.forecasts.map((f) => (inside(f) ? 1 : 0)))));
    const width = mean(
      of.map((o) => mean(o.forecasts.map((f) => Math.log((f.high as number) / (f.low as number)) / 2))),
    );
    return `| ${name} | ${of.length} | ${percent(covered)} | ${(100 * width).toFixed(1)} % |`;
  };
  return [
    '| curves | count | covered | mean half-width |',
    '|---|---|---|---|',
    ...groups.map((g) =>
      row(
        names[g] as string,
        outcomes.filter((o) => o.group === g),
      ),
    ),
    row('**all**', outcomes),
  ].join('\n');
}

/** A normalised task as a series with the families of its models, so that the whole analysis can run on it. */
function scoreSeries(task: FamilyTask): StudySeries {
  return makeSeries(
    Array.from(task.x, (x, i) => makePoint(10 ** x, task.y[i] as number, i, { family: task.families[i] ?? null })),
    {
      id: task.task,
      isLoss: false,
      better: 'higher',
      // Normalised scores fall below chance: the raw metric's own zero lies there.
      lower: -1,
      upper: 1,
      chance: { value: 0, how: 'normalised', table: null, range: null },
    },
  );
}

/** Forecasts of every task and of the mean of tasks over eight cutoffs, one order of magnitude ahead. */
function scoreForecasts(): { held: Held[]; tasks: ReadonlyMap<string, number> } {
  const rows = scoreRows();
  const held: Held[] = [];
  const counts = new Map<string, number>();
  for (const group of BENCHMARKS) {
    const { tasks, average } = tasksOf(rows, group, AXIS);
    counts.set(group, tasks.length);
    for (const task of [...tasks, average]) {
      const series = scoreSeries(task);
      for (let c = 0; c < 8; c++) {
        const keep = Math.max(10, Math.round(task.x.length * (0.35 + 0.07 * c)));
        const cut = 10 ** (task.x[keep] as number);
        const last = Math.max(...series.points.filter((p) => p.x < cut).map((p) => p.x));
        const near = { ...series, points: series.points.filter((p) => p.x <= last * 10) };
        for (const forecast of forecastAbove(near, cut, 'auto'))
          held.push({ unit: `${group}|${task.task}`, group, forecast, log: false });
      }
    }
  }
  return { held, tasks: counts };
}

function scoreCoverage({ held, tasks }: ReturnType<typeof scoreForecasts>): string {
  const lines = [
    '| benchmark | tasks | single tasks covered | mean half-width | mean of tasks covered | mean half-width |',
    '|---|---|---|---|---|---|',
  ];
  const measure = (of: readonly Held[]): { covered: number; width: number } => {
    const units = [...Map.groupBy(of, (h) => h.unit).values()];
    return {
      covered: mean(units.map((u) => mean(u.map((h) => (inside(h.forecast) ? 1 : 0))))),
      width: mean(units.map((u) => mean(u.map((h) => 50 * ((h.forecast.high ?? 1) - (h.forecast.low ?? 0)))))),
    };
  };
  const single = held.filter((h) => !h.unit.endsWith('|average'));
  for (const group of BENCHMARKS) {
    const one = measure(single.filter((h) => h.group === group));
    const whole = measure(held.filter((h) => h.unit === `${group}|average`));
    lines.push(
      `| ${group} | ${tasks.get(group)} | ${percent(one.covered)} | ${one.width.toFixed(0)} points | ${percent(whole.covered)} | ${whole.width.toFixed(0)} points |`,
    );
  }
  const all = measure(single);
  lines.push(
    `| **all** | ${[...tasks.values()].reduce((s, n) => s + n, 0)} | ${percent(all.covered)} | ${all.width.toFixed(0)} points | | |`,
  );
  return lines.join('\n');
}

/** A benchmark's tasks as series, with the ratio of tokens to parameters (which alone matters beside compute). */
function togetherSeries(benchmark: string): StudySeries[] {
  const { models, names } = benchmarkModels(benchmark);
  return names.map((task, t) =>
    makeSeries(
      models.flatMap((m, i) => {
        const y = m.y[t] as number;
        const ratio = { params: 1, tokens: 10 ** (m.trait as number) };
        return Number.isNaN(y) ? [] : [makePoint(10 ** m.x, y, i, { model: m.model, family: m.family, ...ratio })];
      }),
      {
        id: `${benchmark}/${task}`,
        task,
        metric: benchmark,
        isLoss: false,
        better: 'higher',
        lower: -1,
        upper: 1,
        chance: { value: 0, how: 'normalised', table: null, range: null },
      },
    ),
  );
}

/** What `forecast` says of several tasks at once: which method it takes, its error and coverage over eight cutoffs. */
function togetherTable(): string {
  const lines = [
    '| benchmark | cutoffs: together, with other benchmarks, each by itself | mean error | each by itself | covered | mean half-width |',
    '|---|---|---|---|---|---|',
    ...BENCHMARKS.map((benchmark) => togetherRow(benchmark, null)),
    ...BENCHMARKS.filter((b) => b !== 'std8').map((benchmark) => togetherRow(benchmark, 'std8')),
  ];
  return lines.join('\n');
}

/** @param known another benchmark that every model has taken, the held-out ones too */
function togetherRow(benchmark: string, known: string | null): string {
  const series = togetherSeries(benchmark);
  const beside = known === null ? [] : togetherSeries(known);
  const { models } = benchmarkModels(benchmark);
  const methods = new Map<string, number>();
  const error: number[] = [];
  const alone: number[] = [];
  const hit: number[] = [];
  const width: number[] = [];
  for (let c = 0; c < 8; c++) {
    const cut = 10 ** (models[Math.max(10, Math.round(models.length * (0.35 + 0.07 * c)))]?.x ?? 0);
    const last = Math.max(...models.map((m) => 10 ** m.x).filter((x) => x < cut));
    const near = series.map((s) => ({ ...s, points: s.points.filter((p) => p.x <= 10 * last) }));
    const reports = near.map((one) => {
      const study = { manifest: null, series: [one], tables: [] } as unknown as Study;
      return analyseSeries(one, study, {
        ...DEFAULT_OPTIONS,
        laws: ['sigmoid'],
        bootstrap: 0,
        shapes: false,
        fitBelow: cut,
        at: 'held-out',
      });
    });
    const answers = forecastTogether([...near, ...beside], reports, { level: 0.9, fitBelow: cut, at: 'held-out' });
    const method = [...answers.values()][0]?.together.method ?? 'own';
    methods.set(method, (methods.get(method) ?? 0) + 1);
    for (const report of reports) {
      const said = answers.get(report.id)?.forecast ?? report.forecast;
      said.forEach((f, i) => {
        error.push(100 * Math.abs((f.y as number) - (f.actual as number)));
        alone.push(100 * Math.abs((report.forecast[i]?.y as number) - (f.actual as number)));
        hit.push(inside(f) ? 1 : 0);
        width.push(50 * ((f.high ?? 1) - (f.low ?? -1)));
      });
    }
  }
  const counts = [HIERARCHY_ID, OBSERVED_ID, 'own'].map((m) => methods.get(m) ?? 0).join(', ');
  return `| ${benchmark}${known === null ? '' : `, ${known} known`} | ${counts} | ${mean(error).toFixed(1)} points | ${mean(alone).toFixed(1)} points | ${percent(mean(hit))} | ${mean(width).toFixed(0)} points |`;
}

export function benchmarkTable(forms: readonly BareForm[] = [...BARE_FORMS, ...FURTHER_FORMS]): string {
  const rows = scoreRows();
  const lines = [
    `| form | ${BENCHMARKS.map((b) => `${b}, mean of tasks | ${b}, single`).join(' | ')} |`,
    `|---|${BENCHMARKS.map(() => '---|---|').join('')}`,
  ];
  const sets = BENCHMARKS.map((b) => tasksOf(rows, b, AXIS));
  for (const form of forms) {
    const cells = sets.map(({ tasks, average }) => {
      const single =
        summariseA(
          '',
          tasks.map((t) => leaveRightmostOut(form, t)),
        ).withinOne?.mean ?? Number.NaN;
      const whole = summariseA('', [leaveRightmostOut(form, average)]).withinOne?.mean ?? Number.NaN;
      return `${whole.toFixed(2)} | ${single.toFixed(2)}`;
    });
    lines.push(`| \`${form.id}\` | ${cells.join(' | ')} |`);
  }
  const cells = BENCHMARKS.map((benchmark) => {
    const { models, tasks } = benchmarkModels(benchmark);
    const result = backtestHierarchy(models, tasks);
    return `${(result.mean.withinOne?.mean ?? 0).toFixed(2)} | ${(result.single.withinOne?.mean ?? 0).toFixed(2)}`;
  });
  lines.push(`| **\`hierarchy\`** | ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** Error of the common fit beside the mean of the last three, task by task. */
function taskErrors(benchmark: string): { task: string; together: number; meanOfThree: number }[] {
  const { models, tasks: count, names } = benchmarkModels(benchmark);
  const { byTask } = backtestHierarchy(models, count);
  const { tasks } = tasksOf(scoreRows(), benchmark, AXIS);
  return names.map((task, t) => {
    const one = tasks.find((o) => o.task === task) as FamilyTask;
    return {
      task,
      together: byTask[t]?.withinOne?.mean ?? Number.NaN,
      meanOfThree: summariseA('', [leaveRightmostOut(lastThreeBare, one)]).withinOne?.mean ?? Number.NaN,
    };
  });
}

function taskTable(): string {
  const { tasks } = tasksOf(scoreRows(), 'bbh_fewshot', AXIS);
  const together = new Map(taskErrors('bbh_fewshot').map((t) => [t.task, t.together]));
  const lines = [
    '| task | hierarchy A | sigmoid A, B | plain sigmoid A, B | last A, B | mean of three A, B |',
    '|---|---|---|---|---|---|',
  ];
  const forms = BARE_FORMS.slice(0, 4);
  for (const task of tasks) {
    const cells = forms.map((form) => {
      const a = summariseA('', [leaveRightmostOut(form, task)]).withinOne?.mean ?? Number.NaN;
      return `${a.toFixed(1)}, ${(cutoffBacktest(form, task).mean ?? Number.NaN).toFixed(1)}`;
    });
    lines.push(`| ${task.task} | ${together.get(task.task)?.toFixed(1)} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** Single tasks on which the common fit is worse than assuming the mean of the last three. */
function worseTable(): string {
  const lines = [
    '| benchmark | tasks | worse than the mean of the last three | which (hierarchy, mean of three) |',
    '|---|---|---|---|',
  ];
  for (const benchmark of BENCHMARKS) {
    const all = taskErrors(benchmark);
    const worse = all.filter((t) => t.together > t.meanOfThree);
    const which = worse.map((t) => `${t.task} (${t.together.toFixed(1)}, ${t.meanOfThree.toFixed(1)})`).join('; ');
    lines.push(`| ${benchmark} | ${all.length} | ${worse.length} | ${which || 'none'} |`);
  }
  return lines.join('\n');
}

const STUDIES = process.env['SCALING_LENS_LONG'] === '1' ? 1000 : 100;
const SIMULATION_HEAD = `| regime (${STUDIES} studies each) | forecasts | covered | \`tested\` | of these wrong | beyond tested range | no better than baseline | not identifiable | mean half-width |`;

function simulationTable(): string {
  return [SIMULATION_HEAD, '|---|---|---|---|---|---|---|---|---|', ...REGIMES.map(simulationRow)].join('\n');
}

function simulationRow(regime: Regime): string {
  const r = verdictRates(regime, STUDIES);
  const loss = regime === 'smooth' || regime === 'saturating' || regime === 'broken';
  const width = loss ? `${(100 * r.halfWidth).toFixed(1)} %` : `${r.halfWidth.toFixed(0)} points`;
  return `| ${regime} | ${r.forecasts} | ${percent(r.covered)} | ${percent(r.tested)} | ${percent(r.testedWrong)} | ${percent(r.beyond)} | ${percent(r.baseline)} | ${percent(r.unidentified)} | ${width} |`;
}

/** The page with one row of the simulation replaced; the other rows must come from as many studies. */
function withRegime(page: string, regime: Regime, row: string): string {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${regime} |`));
  if (at < 0 || !lines.includes(SIMULATION_HEAD))
    throw new Error(`docs/trust.md has no row '${regime}' of ${STUDIES} studies`);
  return lines.with(at, row).join('\n');
}

const CURVE_GROUPS = [
  ['IC', 'images'],
  ['NMT', 'translation'],
  ['LM', 'language'],
  ['BB', 'BIG-bench'],
] as const;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

const outcomesOfCurves = once(() =>
  curveSeries().map(
    ({ group, curve, series, cut }): Outcome => ({ group, curve, forecasts: forecastAbove(series, cut, 'auto') }),
  ),
);
const outcomesOfScores = once(scoreForecasts);

/** How each table of the page is made. */
export const TABLES: Readonly<Record<string, () => string>> = {
  selection: () => selectionTable(outcomesOfCurves()),
  'curve-coverage': () => curveCoverage(outcomesOfCurves()),
  'curve-left-out': () =>
    intervalsLeftOut(
      outcomesOfCurves().flatMap((o) =>
        o.forecasts.map((forecast): Held => ({ unit: o.curve, group: o.group, forecast, log: true })),
      ),
      CURVE_GROUPS,
      { shrink: CURVE_SHRINK, ramp: RAMP, transfer: 1 },
      [1],
    ),
  'score-coverage': () => scoreCoverage(outcomesOfScores()),
  'score-left-out': () =>
    intervalsLeftOut(
      outcomesOfScores().held.filter((h) => !h.unit.endsWith('|average')),
      BENCHMARKS.map((b) => [b, b] as const),
      { shrink: SCORE_SHRINK, ramp: RAMP, transfer: 1 },
      [0, 0.5, 1, 1.5],
    ),
  benchmark: () => benchmarkTable(),
  'hierarchy-left-out': () => hierarchyLeftOut().table,
  together: () => togetherTable(),
  tasks: () => taskTable(),
  worse: () => worseTable(),
  simulation: () => simulationTable(),
};

/** The page with its tables replaced. */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  let text = page;
  for (const [name, table] of tables) {
    const start = `<!-- table: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/trust.md has no place for the table '${name}'`);
    text = `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
  }
  return text;
}

if (process.argv[1]?.endsWith('trust.ts') === true && import.meta.url.endsWith('/scripts/tables/trust.ts')) {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : Object.keys(TABLES)) {
    const regime = REGIMES.find((r) => name === `simulation:${r}`);
    if (regime !== undefined) {
      const row = simulationRow(regime);
      writeFileSync(PAGE, withRegime(readFileSync(PAGE, 'utf8'), regime, row));
      process.stdout.write(`${name}\n`);
      continue;
    }
    const make = TABLES[name];
    if (make === undefined) throw new Error(`no table '${name}': ${Object.keys(TABLES).join(', ')}`);
    const table = make();
    writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), new Map([[name, table]])));
    process.stdout.write(`${name}\n`);
  }
}
