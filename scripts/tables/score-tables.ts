/** Tables of docs/trust.md on benchmark scores: coverage of each task by itself, and what fitting tasks together is worth. */
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { RAMP, SCORE_SHRINK } from '../../src/core/forecast/calibration.ts';
import { OBSERVED_ID } from '../../src/core/forecast/observed.ts';
import { forecastTogether, HIERARCHY_ID } from '../../src/core/forecast/together.ts';
import type { Study, StudySeries } from '../../src/core/study/study.ts';
import {
  AXIS,
  BENCHMARKS,
  benchmarkModels,
  type FamilyTask,
  scoreRows,
  tasksOf,
} from '../../test/core/forecast/predictability-data.ts';
import { makePoint, makeSeries } from '../../test/core/law/series.ts';
import { forecastAbove, inside, mean, once, percent } from './held-out.ts';
import { type Held, intervalsLeftOut } from './held-out-constants.ts';

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

/** A benchmark's cutoffs: how many models of n stay below each. */
function cutoffs(n: number): number[] {
  return Array.from({ length: 8 }, (_, c) => Math.max(10, Math.round(n * (0.35 + 0.07 * c))));
}

/** Forecasts of every task and of the mean of tasks over eight cutoffs, one order of magnitude ahead. */
function everyForecast(): { held: Held[]; tasks: ReadonlyMap<string, number> } {
  const rows = scoreRows();
  const held: Held[] = [];
  const counts = new Map<string, number>();
  for (const group of BENCHMARKS) {
    const { tasks, average } = tasksOf(rows, group, AXIS);
    counts.set(group, tasks.length);
    for (const task of [...tasks, average]) {
      const series = scoreSeries(task);
      for (const keep of cutoffs(task.x.length)) {
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

const forecasts = once(everyForecast);

export function scoreCoverage(): string {
  const { held, tasks } = forecasts();
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

export function scoresLeftOut(): string {
  return intervalsLeftOut(
    forecasts().held.filter((h) => !h.unit.endsWith('|average')),
    BENCHMARKS.map((b) => [b, b] as const),
    { shrink: SCORE_SHRINK, ramp: RAMP, transfer: 1 },
    [0, 0.5, 1, 1.5],
  );
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
export function togetherTable(): string {
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
  for (const keep of cutoffs(models.length)) {
    const cut = 10 ** (models[keep]?.x ?? 0);
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
