/**
 * Regenerates the tables of docs/trust.md from the public data in `../shared/data/{revisiting,predictability}` and from
 * simulated studies: `node scripts/tables/trust.ts` (SCALING_LENS_LONG=1: 1,000 studies a regime instead of 100).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { analyseSeries, DEFAULT_OPTIONS } from '../../src/core/analyse-series.ts';
import { BARE_FORMS, FURTHER_FORMS } from '../../src/core/forecast/form.ts';
import { backtestHierarchy, type ModelScores } from '../../src/core/forecast/hierarchy.ts';
import { cutoffBacktest, leaveRightmostOut, summariseA } from '../../src/core/forecast/protocol.ts';
import type { Forecast } from '../../src/core/report-model.ts';
import type { Study, StudySeries } from '../../src/core/study/study.ts';
import { curveSeries } from '../../test/core/forecast/curves.ts';
import { type FamilyTask, normalised, scoreRows, tasksOf } from '../../test/core/forecast/predictability-data.ts';
import { REGIMES } from '../../test/core/forecast/simulated.ts';
import { verdictRates } from '../../test/core/forecast/verdict-rates.ts';
import { makePoint, makeSeries } from '../../test/core/law/series.ts';

const PAGE = new URL('../../docs/trust.md', import.meta.url);
const LAWS = ['power', 'power-offset', 'shifted-power', 'm4', 'bnsl1', 'last', 'mean-3'];
const BENCHMARKS = ['bbh_fewshot', 'std8', 'bbh_cot', 'emergent'];
const AXIS = 'scaled_compute_flop';

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

/** Half-width needed over half-width given; 1 on the edge of the interval. */
function strain(f: Forecast): number {
  return (
    Math.abs(Math.log((f.actual as number) / (f.y as number))) / (Math.log((f.high as number) / (f.low as number)) / 2)
  );
}

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
  const row = (name: string, of: readonly Outcome[], others: readonly Outcome[] | null): string => {
    const covered = mean(of.map((o) => mean(o.forecasts.map((f) => (inside(f) ? 1 : 0)))));
    const width = mean(
      of.map((o) => mean(o.forecasts.map((f) => Math.log((f.high as number) / (f.low as number)) / 2))),
    );
    const scale = others === null ? null : quantileByCurve(others);
    const left =
      scale === null ? '' : percent(mean(of.map((o) => mean(o.forecasts.map((f) => (strain(f) <= scale ? 1 : 0))))));
    return `| ${name} | ${of.length} | ${percent(covered)} | ${(100 * width).toFixed(1)} % | ${left} |`;
  };
  return [
    '| curves | count | covered | mean half-width | covered when scaled on the other groups |',
    '|---|---|---|---|---|',
    ...groups.map((g) =>
      row(
        names[g] as string,
        outcomes.filter((o) => o.group === g),
        outcomes.filter((o) => o.group !== g),
      ),
    ),
    row('**all**', outcomes, null),
  ].join('\n');
}

/** The factor on the half-width that covers 90 %, each curve counting once. */
function quantileByCurve(outcomes: readonly Outcome[]): number {
  const all = outcomes.flatMap((o) => o.forecasts.map((f) => ({ strain: strain(f), weight: 1 / o.forecasts.length })));
  all.sort((a, b) => a.strain - b.strain);
  let sum = 0;
  for (const one of all) {
    sum += one.weight;
    if (sum >= 0.9 * outcomes.length) return one.strain;
  }
  return 1;
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

export function scoreCoverage(): string {
  const rows = scoreRows();
  const lines = [
    '| benchmark | tasks | single tasks covered | mean half-width | mean of tasks covered | mean half-width |',
    '|---|---|---|---|---|---|',
  ];
  const all: number[] = [];
  for (const benchmark of BENCHMARKS) {
    const { tasks, average } = tasksOf(rows, benchmark, AXIS);
    const measure = (task: FamilyTask): { covered: number; width: number } => {
      const series = scoreSeries(task);
      const n = task.x.length;
      const hits: number[] = [];
      const widths: number[] = [];
      for (let c = 0; c < 8; c++) {
        const keep = Math.max(10, Math.round(n * (0.35 + 0.07 * c)));
        const cut = 10 ** (task.x[keep] as number);
        const last = Math.max(...series.points.filter((p) => p.x < cut).map((p) => p.x));
        const near = { ...series, points: series.points.filter((p) => p.x <= last * 10) };
        const forecasts = forecastAbove(near, cut, 'auto').filter((f) => f.x <= last * 10);
        if (forecasts.length === 0) continue;
        hits.push(mean(forecasts.map((f) => (inside(f) ? 1 : 0))));
        widths.push(mean(forecasts.map((f) => 50 * ((f.high ?? 1) - (f.low ?? 0)))));
      }
      return { covered: mean(hits), width: mean(widths) };
    };
    const single = tasks.map(measure);
    const whole = measure(average);
    all.push(...single.map((s) => s.covered));
    lines.push(
      `| ${benchmark} | ${tasks.length} | ${percent(mean(single.map((s) => s.covered)))} | ${mean(single.map((s) => s.width)).toFixed(0)} points | ${percent(whole.covered)} | ${whole.width.toFixed(0)} points |`,
    );
  }
  lines.push(`| **all** | ${all.length} | ${percent(mean(all))} | | | |`);
  return lines.join('\n');
}

function benchmarkTable(): string {
  const rows = scoreRows();
  const forms = [...BARE_FORMS, ...FURTHER_FORMS];
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
    const mine = rows.filter((r) => r['benchmark'] === benchmark && r[AXIS] !== '');
    const names = [...new Set(mine.map((r) => r['task'] ?? ''))];
    const models = new Map<string, ModelScores>();
    for (const r of mine) {
      const model = models.get(r['model'] ?? '') ?? {
        model: r['model'] ?? '',
        family: r['family'] ?? null,
        x: Math.log10(Number(r[AXIS])),
        y: new Float64Array(names.length).fill(Number.NaN),
      };
      model.y[names.indexOf(r['task'] ?? '')] = normalised(r);
      models.set(model.model, model);
    }
    const result = backtestHierarchy(
      [...models.values()].sort((a, b) => a.x - b.x),
      names.length,
    );
    return `${(result.mean.withinOne?.mean ?? 0).toFixed(2)} | ${(result.single.withinOne?.mean ?? 0).toFixed(2)}`;
  });
  lines.push(`| **\`hierarchy\`** | ${cells.join(' | ')} |`);
  return lines.join('\n');
}

function taskTable(): string {
  const { tasks } = tasksOf(scoreRows(), 'bbh_fewshot', AXIS);
  const lines = [
    '| task | sigmoid A, B | plain sigmoid A, B | last A, B | mean of three A, B |',
    '|---|---|---|---|---|',
  ];
  const forms = BARE_FORMS.slice(0, 4);
  for (const task of tasks) {
    const cells = forms.map((form) => {
      const a = summariseA('', [leaveRightmostOut(form, task)]).withinOne?.mean ?? Number.NaN;
      return `${a.toFixed(1)}, ${(cutoffBacktest(form, task).mean ?? Number.NaN).toFixed(1)}`;
    });
    lines.push(`| ${task.task} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

export function simulationTable(): string {
  const studies = process.env['SCALING_LENS_LONG'] === '1' ? 1000 : 100;
  const lines = [
    `| regime (${studies} studies each) | forecasts | covered | \`tested\` | of these wrong | beyond tested range | no better than baseline | not identifiable | mean half-width |`,
    '|---|---|---|---|---|---|---|---|---|',
  ];
  for (const regime of REGIMES) {
    const r = verdictRates(regime, studies);
    const loss = regime === 'smooth' || regime === 'saturating' || regime === 'broken';
    const width = loss ? `${(100 * r.halfWidth).toFixed(1)} %` : `${r.halfWidth.toFixed(0)} points`;
    lines.push(
      `| ${regime} | ${r.forecasts} | ${percent(r.covered)} | ${percent(r.tested)} | ${percent(r.testedWrong)} | ${percent(r.beyond)} | ${percent(r.baseline)} | ${percent(r.unidentified)} | ${width} |`,
    );
  }
  return lines.join('\n');
}

/** All tables of the page, each under its marker. */
export function trustTables(): ReadonlyMap<string, string> {
  const outcomes = curveSeries().map(
    ({ group, curve, series, cut }): Outcome => ({ group, curve, forecasts: forecastAbove(series, cut, 'auto') }),
  );
  return new Map([
    ['selection', selectionTable(outcomes)],
    ['curve-coverage', curveCoverage(outcomes)],
    ['score-coverage', scoreCoverage()],
    ['benchmark', benchmarkTable()],
    ['tasks', taskTable()],
    ['simulation', simulationTable()],
  ]);
}

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
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), trustTables()));
}
