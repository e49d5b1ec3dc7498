/**
 * `passuntil estimate`: from pass counts to a report. A series per task with x = parameters and y = unbiased PU with
 * its standard error; the task law fitted to the dataset and to every instance; forecasts at the sizes held out.
 */
import { formatScale } from '../render/number.ts';
import type { Fit, Report, SeriesReport } from '../report-model.ts';
import type { RawTable } from '../table/raw-table.ts';
import { VERSION } from '../version.ts';
import type { Counts, InstanceCount } from './counts.ts';
import { emergenceVerdict } from './emergence.ts';
import { datasetEstimate, likelihoodBias, maximumLikelihood } from './estimators.ts';
import { Forecaster } from './forecast.ts';
import { fitHierarchy } from './hierarchy.ts';
import { fitInstance, type InstanceFit } from './instance-law.ts';
import { instanceRates } from './instance-rates.ts';
import { type LineError, lineError } from './line-error.ts';
import { lossMap, throughLoss } from './loss-assisted.ts';
import { compareMechanisms } from './mechanisms.ts';
import { passCurve } from './pass-curve.ts';
import { type Curvature, fitTaskLine, logLogPu, puAt, type SizeEstimate, type TaskLine } from './task-law.ts';

export interface EstimateOptions {
  /** Fit only sizes with N strictly below (parameters). */
  readonly fitBelow?: number;
  /** Forecast at these sizes (parameters) besides the held-out ones, which are forecast in any case. */
  readonly at?: readonly number[] | 'held-out';
  readonly level: number;
  /** Resamples of instances behind the intervals; 0 switches them off. */
  readonly bootstrap: number;
  readonly seed: number;
}

interface Size extends SizeEstimate {
  readonly f: number | null;
  readonly instances: number;
  readonly capped: number;
  /** r/K of the paper, and the factor by which it is biased upwards for small p. */
  readonly likelihood: number;
}

/**
 * The report of one study's pass counts.
 * @param sources what the counts were read from: tables, or a sampler's journal
 */
export function estimateCounts(
  sources: readonly Pick<RawTable, 'file' | 'format' | 'rowCount'>[],
  counts: Counts,
  options: EstimateOptions,
): Report {
  const tasks = new Map<string, InstanceCount[]>();
  for (const row of counts.rows) {
    const list = tasks.get(row.task);
    if (list === undefined) tasks.set(row.task, [row]);
    else list.push(row);
  }
  return {
    version: 1,
    tool: `scaling-lens ${VERSION}`,
    sources: sources.map((t) => ({
      file: t.file,
      format: t.format,
      layout: 'per-sample',
      rows: t.rowCount,
      columns: [],
      notes: counts.notes,
    })),
    series: [...tasks].map(([task, rows]) => taskSeries(task, rows, options)),
    findings: counts.findings,
  };
}

function taskSeries(task: string, rows: readonly InstanceCount[], options: EstimateOptions): SeriesReport {
  const limit = options.fitBelow ?? Number.POSITIVE_INFINITY;
  const all = sizesOf(rows);
  const fitted = all.filter((s) => s.params < limit);
  const groups = byInstance(rows.filter((r) => r.params < limit));
  const measured = byInstance(rows);
  const names = [...groups.keys()];
  const points = [...groups.values()];
  const likelihood = points.map((p) => fitInstance(p, null));
  const hierarchy = fitHierarchy(points);
  const ols = fitTaskLine(fitted, false);
  const wls = fitTaskLine(fitted, true);
  const emergence = emergenceVerdict(fitted, points, hierarchy.fits, options.seed);
  const zero = fitted.filter((s) => s.pu === 0).length;
  const notes = [
    ...(zero > 0
      ? [
          `${zero} ${zero === 1 ? 'size has no pass at all and is' : 'sizes have no pass at all and are'} left out of the dataset line; instance fits use them.`,
        ]
      : []),
    ...(all.length === 1
      ? ['Only one size: pass rates without a law. A task law needs models of at least two sizes.']
      : []),
    ...pooledNote(rows),
    ...biasNote(rows),
  ];
  const further = options.at === undefined || options.at === 'held-out' ? [] : options.at;
  const targets = [...new Set([...all.filter((s) => s.params >= limit).map((s) => s.params), ...further])];
  const forecaster = new Forecaster(
    points.map((draws, i) => ({ draws, fit: hierarchy.fits[i] ?? null })),
    fitted,
    { level: options.level, bootstrap: options.bootstrap, seed: options.seed, name: `${task}/pass-until` },
  );
  const sizes = fitted.map((size) => size.params);
  const errorOf = (line: TaskLine, weighted: boolean): LineError | null =>
    lineError(line, points, sizes, weighted, options.level);
  const map = lossMap(rows.filter((r) => r.params < limit));
  return {
    id: `${task}/pass-until`,
    task,
    metric: 'pass-until',
    family: null,
    better: 'higher',
    scale: 'params',
    x: all.map((s) => s.params),
    y: all.map((s) => s.pu),
    stderr: all.map((s) => s.stderr),
    models: all.map((s) => rows.find((r) => r.params === s.params)?.model ?? `${s.params}`),
    chance: 0,
    ceiling: 1,
    shape: null,
    threshold: null,
    linearity: null,
    breakthroughness: null,
    fits: [
      ...(wls === null ? [] : [lineFit(wls, fitted, 'weighted', errorOf(wls, true), notes)]),
      ...(ols === null ? [] : [lineFit(ols, fitted, 'ols', errorOf(ols, false), notes)]),
    ],
    chosen: wls !== null || ols !== null ? 'pass-until' : null,
    backtest: null,
    forecast: forecaster.at(
      targets.map((params) => ({ params, actual: all.find((s) => s.params === params)?.pu ?? null })),
    ),
    outlook:
      all.length < 2 ? null : (forecaster.at([{ params: 10 * (fitted.at(-1)?.params ?? 1), actual: null }])[0] ?? null),
    curve: passCurve(
      forecaster,
      all.map((s) => s.params),
      fitted.at(-1)?.params ?? 0,
      targets,
      options.level,
    ),
    range: { lower: 0, upper: 1 },
    passuntil: {
      sizes: all.map((s) => ({
        params: s.params,
        pu: s.pu,
        stderr: s.stderr,
        f: s.f,
        instances: s.instances,
        capped: s.capped,
        likelihood: s.likelihood,
      })),
      dataset: { ols: lineRecord(ols), wls: lineRecord(wls), curvature: curvatureRecord(emergence.dataset) },
      instances: names.map((instance, i) => ({
        ...instanceRecord(instance, likelihood[i] ?? null, hierarchy.fits[i] ?? null),
        measured: instanceRates(measured.get(instance) ?? [], options.level),
      })),
      prior: hierarchy.prior,
      emergence: {
        label: emergence.label,
        statement: emergence.statement,
        heterogeneityB2: emergence.heterogeneityB2,
        instances: emergence.instances,
      },
      mechanisms: compareMechanisms(fitted),
      lossAssisted:
        map === null
          ? null
          : {
              map,
              predictions: targets.map((params) => ({
                params,
                pu: meanThroughLoss(map, groups, hierarchy.fits, params),
              })),
            },
    },
    notes,
  };
}

function sizesOf(rows: readonly InstanceCount[]): Size[] {
  const bySize = new Map<number, InstanceCount[]>();
  for (const row of rows) {
    const list = bySize.get(row.params);
    if (list === undefined) bySize.set(row.params, [row]);
    else list.push(row);
  }
  const found: Size[] = [];
  for (const [params, here] of [...bySize].sort(([a], [b]) => a - b)) {
    const estimate = datasetEstimate(here);
    if (estimate === null) continue;
    found.push({
      params,
      pu: estimate.pu,
      stderr: estimate.stderr,
      f: logLogPu(estimate.pu),
      instances: estimate.instances,
      capped: here.filter((r) => r.capped).length,
      likelihood: here.reduce((s, r) => s + maximumLikelihood(r), 0) / here.length,
    });
  }
  return found;
}

function byInstance(rows: readonly InstanceCount[]): Map<string, InstanceCount[]> {
  const groups = new Map<string, InstanceCount[]>();
  for (const row of rows) {
    const list = groups.get(row.instance);
    if (list === undefined) groups.set(row.instance, [row]);
    else list.push(row);
  }
  return groups;
}

/** Several models of one size count as one: each of their questions once. */
function pooledNote(rows: readonly InstanceCount[]): string[] {
  const models = new Map<number, Set<string>>();
  for (const { params, model } of rows) {
    const known = models.get(params);
    if (known === undefined) models.set(params, new Set([model]));
    else known.add(model);
  }
  return [...models].flatMap(([params, names]) =>
    names.size < 2
      ? []
      : [
          `${names.size} models have ${formatScale(params, 'params')} (${[...names].slice(0, 3).join(', ')}${names.size > 3 ? ' …' : ''}): their questions are pooled at that size.`,
        ],
  );
}

function biasNote(rows: readonly InstanceCount[]): string[] {
  const wanted = [...new Set(rows.filter((r) => !r.capped).map((r) => r.wanted))].sort((a, b) => a - b);
  const [least] = wanted;
  if (least === undefined) return [];
  if (least === 1)
    return [
      'r = 1 has no useful unbiased estimator: instances that stopped at their first pass are left out. Sample with r of at least 3.',
    ];
  return [
    `r/K would be biased upwards by up to a factor ${likelihoodBias(least).toPrecision(3)} at r = ${least}; the unbiased (r−1)/(K−1) is used.`,
  ];
}

function lineRecord(line: TaskLine | null): { lnC: number; alpha: number } | null {
  return line === null ? null : { lnC: line.lnC, alpha: line.alpha };
}

function curvatureRecord(curvature: Curvature | null): { b2: number; p: number; t: number; label: string } | null {
  return curvature === null ? null : { ...curvature };
}

function instanceRecord(instance: string, own: InstanceFit | null, shared: InstanceFit | null) {
  const used = own ?? shared;
  return {
    instance,
    lnC: used?.lnC ?? null,
    alpha: used?.alpha ?? null,
    method: used === null ? 'none' : used.method,
    shrunk: shared === null ? null : { lnC: shared.lnC, alpha: shared.alpha },
  };
}

function lineFit(
  line: TaskLine,
  sizes: readonly Size[],
  kind: 'weighted' | 'ols',
  error: LineError | null,
  notes: readonly string[],
): Fit {
  const used = sizes.filter((s) => s.f !== null && (kind === 'ols' || (s.stderr ?? 0) > 0));
  let value = 0;
  let squares = 0;
  for (const s of used) {
    const r = (s.f as number) - line.at(s.params);
    const w = kind === 'weighted' ? ((s.pu * Math.log(s.pu)) / (s.stderr as number)) ** 2 : 1;
    value += w * r * r;
    squares += (s.pu - Math.exp(-Math.exp(line.at(s.params)))) ** 2;
  }
  return {
    law: 'pass-until',
    parameters: { c: Math.exp(line.lnC), alpha: line.alpha, lnC: line.lnC },
    standardErrors: error?.standardErrors ?? null,
    intervals: error?.intervals ?? null,
    objective: { name: kind === 'weighted' ? 'weighted squares of F' : 'squares of F', delta: null, value },
    n: used.length,
    rmse: used.length > 0 ? Math.sqrt(squares / used.length) : null,
    rmsle: null,
    r2: null,
    aicc: null,
    bic: null,
    converged: true,
    atBound: [],
    starts: { tried: 1, atOptimum: 1 },
    excluded: sizes
      .filter((s) => s.f === null)
      .map((s) => ({ row: -1, why: `PU is ${s.pu} at ${s.params} parameters` })),
    notes,
  };
}

/** Dataset PU at a size with hard instances (fewer than two sizes with a pass) taken through their loss. */
function meanThroughLoss(
  map: NonNullable<ReturnType<typeof lossMap>>,
  groups: ReadonlyMap<string, readonly InstanceCount[]>,
  fits: readonly (InstanceFit | null)[],
  params: number,
): number | null {
  let sum = 0;
  let n = 0;
  for (const [i, mine] of [...groups.values()].entries()) {
    const passed = mine.filter((r) => r.passes > 0).length;
    const fit = fits[i] ?? null;
    const value =
      passed < 2 ? throughLoss(map, mine, params) : fit === null ? null : puAt(fit.lnC, fit.alpha, Math.log(params));
    if (value === null) continue;
    sum += value;
    n++;
  }
  return n === 0 ? null : sum / n;
}
