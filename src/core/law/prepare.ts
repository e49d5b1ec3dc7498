/**
 * What every fit does first: choose the objective and its residual scale, leave out points that cannot be used (each with
 * its reason), find the weights, and refuse data that no law can be fitted to.
 */
import type { Exclusion } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import { groupIndices, type ResampleMethod } from '../stats/bootstrap.ts';
import { isLogObjective, type Loss, lossOf } from '../stats/robust.ts';
import type { Point, StudySeries } from '../study/study.ts';
import type { FitInput, FitOptions, FitRefusal, ObjectiveName } from './law.ts';

export interface Prepared {
  readonly points: readonly Point[];
  readonly y: Float64Array;
  readonly objective: ObjectiveName;
  readonly loss: Loss;
  readonly scale: 'y' | 'ln y';
  /** 1/variance on the residual scale, or null. */
  readonly weights: Float64Array | null;
  readonly excluded: readonly Exclusion[];
  readonly notes: readonly string[];
}

export interface PrepareRules {
  /** Objective unless the user names one; default: log-squared for losses, squared otherwise. */
  readonly objective?: ObjectiveName;
  /** x <= 0 is left out. */
  readonly positiveX: boolean;
  /** Fewest points. */
  readonly minPoints: number;
  /** Fewest distinct x; 0 for laws that do not care. */
  readonly minDistinctX: number;
  /** Refuse a metric that is constant or almost always zero. */
  readonly refuseDegenerate: boolean;
  /** Law's name for messages. */
  readonly title: string;
}

/** Default objective of a series: residuals in ln y for losses and error rates, in y for bounded scores. */
export function defaultObjective(series: StudySeries): ObjectiveName {
  return series.isLoss ? 'log-squared' : 'squared';
}

/** Why a Huber switch point cannot be one, or null. */
export function deltaRefusal(delta: number | undefined): FitRefusal | null {
  return delta === undefined || (delta > 0 && Number.isFinite(delta))
    ? null
    : { code: 'fit.unsupported', message: `The Huber switch point must be positive; ${delta} is not.` };
}

/** Share of exact zeros from which a metric counts as degenerate. */
const MOSTLY_ZERO = 0.95;

export function preparePoints(input: FitInput, options: FitOptions, rules: PrepareRules): Result<Prepared, FitRefusal> {
  const { series } = input;
  const objective = options.objective ?? rules.objective ?? defaultObjective(series);
  const scale = isLogObjective(objective, series.isLoss) ? 'ln y' : 'y';
  const { delta } = options;
  const refusal = deltaRefusal(delta);
  if (refusal !== null) return err(refusal);
  const points: Point[] = [];
  const excluded: Exclusion[] = [];
  const seen = new Map<number, Point[]>();
  const repeated = repeatedValues(input.points);
  for (const point of input.points) {
    const why = reasonToExclude(point, scale, rules.positiveX, repeated, seen);
    if (why === null) points.push(point);
    else excluded.push({ row: point.row, why });
  }
  const n = points.length;
  const left = excluded.length === 0 ? '' : ` (${excluded.length} left out: ${excluded[0]?.why})`;
  if (n < rules.minPoints)
    return err({
      code: 'fit.too-few',
      message: `${rules.title} needs at least ${rules.minPoints} points; there ${n === 1 ? 'is' : 'are'} ${n}${left}.`,
    });
  if (rules.minDistinctX > 0) {
    const seenX = new Set<number>();
    for (const point of points) if (seenX.add(point.x).size >= rules.minDistinctX) break;
    const distinct = seenX.size;
    if (distinct < rules.minDistinctX)
      return err({
        code: 'fit.too-few',
        message: `${rules.title} needs at least ${rules.minDistinctX} different values of x; there ${distinct === 1 ? 'is' : 'are'} ${distinct}.`,
      });
  }
  const y = Float64Array.from(points, (point) => point.y);
  if (rules.refuseDegenerate) {
    const first = y[0] as number;
    if (y.every((value) => Math.abs(value - first) <= 1e-12 * Math.abs(first)))
      return err({ code: 'data.degenerate-metric', message: `The metric is constant (${first}): nothing scales.` });
    const zeros = y.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
    if (zeros > MOSTLY_ZERO * n)
      return err({ code: 'data.degenerate-metric', message: `The metric is zero in ${zeros} of ${n} points.` });
  }
  const notes: string[] = [];
  if (series.lower !== null) {
    const below = points.filter((point) => point.y < (series.lower as number) - 1e-9).length;
    if (below > 0) notes.push(`${below} of ${n} points lie below the metric's floor ${series.lower}.`);
  }
  if (rules.positiveX && n > 1) {
    const xs = points.map((point) => point.x);
    const decades = Math.log10(xs.reduce((a, b) => Math.max(a, b)) / xs.reduce((a, b) => Math.min(a, b)));
    if (decades < 0.5) notes.push(`x spans only ${decades.toFixed(2)} decades: exponents are hardly determined.`);
  }
  const weights = chooseWeights(points, series, scale, options, notes);
  return ok({ points, y, objective, loss: lossOf(objective, delta), scale, weights, excluded, notes });
}

/** Fields in which a copy agrees with its original. */
const IDENTITY = [
  'x',
  'model',
  'run',
  'family',
  'step',
  'params',
  'tokens',
  'stderr',
] as const satisfies readonly (keyof Point)[];

/** Values of y that more than one point has: only these can be copies. */
function repeatedValues(points: readonly Point[]): Set<number> {
  const sorted = Float64Array.from(points, (point) => point.y).sort();
  const repeated = new Set<number>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) repeated.add(sorted[i] as number);
  return repeated;
}

function reasonToExclude(
  point: Point,
  scale: 'y' | 'ln y',
  positiveX: boolean,
  repeated: ReadonlySet<number>,
  seen: Map<number, Point[]>,
): string | null {
  if (!Number.isFinite(point.y)) return 'y is not a number';
  if (!Number.isFinite(point.x)) return 'x is not a number';
  if (positiveX && point.x <= 0) return 'x is not positive';
  if (scale === 'ln y' && point.y <= 0) return 'y is not positive, and its logarithm is fitted';
  // The same model of known size measured twice with the very same result is a copy, not a second measurement. Where
  // nothing is known of the run, equal numbers may well be two measurements.
  const known = point.params ?? point.tokens ?? point.compute ?? point.step;
  if (point.model !== '' && known !== null && known !== undefined && repeated.has(point.y)) {
    const here = seen.get(point.y);
    if (here === undefined) seen.set(point.y, [point]);
    else {
      const first = here.find((other) => IDENTITY.every((field) => other[field] === point[field]));
      if (first !== undefined) return `exact duplicate of row ${first.row}`;
      here.push(point);
    }
  }
  return null;
}

/** 1/stderr² where they are known for all points; see the notes for every exception. */
function chooseWeights(
  points: readonly Point[],
  series: StudySeries,
  scale: 'y' | 'ln y',
  options: FitOptions,
  notes: string[],
): Float64Array | null {
  const asked = options.weights;
  if (asked === 'none' || (asked === undefined && (series.isLoss || scale === 'ln y'))) return null;
  const errors = points.map((point) => standardError(point, series));
  const known = errors.filter((error) => error !== null).length;
  const stated = points.filter((point) => point.stderr !== null && point.stderr > 0).length;
  if (stated === 0) {
    if (asked === 'stderr') notes.push('No standard errors in the data: the fit is unweighted.');
    return null;
  }
  if (known < points.length) {
    notes.push(`Standard errors are known for ${known} of ${points.length} points only: the fit is unweighted.`);
    return null;
  }
  return Float64Array.from(points, (point, i) => {
    const error = errors[i] as number;
    const onScale = scale === 'ln y' ? error / point.y : error;
    return 1 / (onScale * onScale);
  });
}

/** Standard error of a point: as stated, or for a stated zero that of a proportion shrunk towards one half. */
function standardError(point: Point, series: StudySeries): number | null {
  if (point.stderr !== null && point.stderr > 0 && Number.isFinite(point.stderr)) return point.stderr;
  const upper = series.upper;
  if (point.n !== null && point.n > 0 && upper !== null && series.lower === 0) {
    // p shrunk to (c + 1)/(m + 2), so that 0 of m correct does not claim certainty.
    const p = (Math.min(Math.max(point.y / upper, 0), 1) * point.n + 1) / (point.n + 2);
    return upper * Math.sqrt((p * (1 - p)) / point.n);
  }
  return null;
}

export interface Resampling {
  readonly method: ResampleMethod;
  readonly groups: Int32Array | null;
  readonly note: string | null;
}

/** Fewest runs or families that make group resampling worth anything. */
const FEWEST_GROUPS = 5;

/**
 * How to resample: as asked; otherwise by run where runs have several points (checkpoints are not independent), and
 * residuals where every point is its own run.
 */
export function chooseResampling(points: readonly Point[], asked: FitOptions['resample']): Resampling {
  const byRun = groupIndices(points.map((point) => (point.run === '' ? null : point.run)));
  if (asked === 'family') {
    const byFamily = groupIndices(points.map((point) => point.family));
    return byFamily.count >= FEWEST_GROUPS
      ? { method: 'family', groups: byFamily.groups, note: null }
      : { method: 'case', groups: null, note: `Only ${byFamily.count} families: points are resampled instead.` };
  }
  if (asked === 'run')
    return byRun.count >= FEWEST_GROUPS
      ? { method: 'run', groups: byRun.groups, note: null }
      : { method: 'case', groups: null, note: `Only ${byRun.count} runs: points are resampled instead.` };
  if (asked !== undefined) return { method: asked, groups: null, note: null };
  if (byRun.count < points.length) {
    if (byRun.count >= 2 * FEWEST_GROUPS) return { method: 'run', groups: byRun.groups, note: null };
    return {
      method: 'residual',
      groups: null,
      note: `The ${points.length} points come from ${byRun.count} ${byRun.count === 1 ? 'run' : 'runs'} and are not independent: intervals are too narrow.`,
    };
  }
  return { method: 'residual', groups: null, note: null };
}
