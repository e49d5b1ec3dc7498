/**
 * Resampling for the laws of several variables: which points enter a refit and how often. Cases, whole runs or whole
 * families are drawn with replacement; residual resampling keeps every point and gives it another point's residual.
 */
import type { Fit } from '../report-model.ts';
import { type Deadline, outOfTime } from '../stats/deadline.ts';
import { createRandom } from '../stats/random.ts';
import type { Point } from '../study/study.ts';
import type { BootstrapDraws } from './fit-report.ts';
import type { FittedLaw } from './law.ts';

export type ResampleMethod = BootstrapDraws['method'];

/**
 * Draws groups with replacement and writes into `counts` how often each point enters. With `case` every point is its own
 * group. Returns how many distinct groups there are (1 means: nothing to resample).
 */
export function groupSampler(
  points: readonly Point[],
  method: Exclude<ResampleMethod, 'residual'>,
  seed: number,
  stream: string,
): { readonly groups: number; next(counts: Float64Array): void } {
  const ids = new Map<string, number>();
  const member = new Int32Array(points.length);
  for (const i of canonicalOrder(points)) {
    const point = points[i]!;
    const key = method === 'case' ? String(i) : method === 'run' ? point.run : (point.family ?? point.model);
    const known = ids.get(key) ?? ids.size;
    ids.set(key, known);
    member[i] = known;
  }
  const groups = ids.size;
  const random = createRandom(seed, stream);
  const drawn = new Float64Array(groups);
  return {
    groups,
    next(counts) {
      drawn.fill(0);
      for (let i = 0; i < groups; i++) drawn[random.integer(groups)]! += 1;
      for (let i = 0; i < member.length; i++) counts[i] = drawn[member[i]!]!;
    },
  };
}

/** Indices by size, tokens, x and y: the same seed then draws the same resamples however the rows are ordered. */
function canonicalOrder(points: readonly Point[]): number[] {
  const by = (p: Point, q: Point): number =>
    (p.params ?? 0) - (q.params ?? 0) || (p.tokens ?? 0) - (q.tokens ?? 0) || p.x - q.x || p.y - q.y;
  return points.map((_, i) => i).sort((i, j) => by(points[i]!, points[j]!) || i - j);
}

/** Fewest runs that make resampling by run the default where runs have several points. */
const FEWEST_RUNS = 10;

/**
 * How to resample unless told: by run where there are at least ten runs with several points (checkpoints are not
 * independent); residuals where n < 3k, since case resamples would then mostly lack the points to be fitted; cases otherwise.
 */
export function defaultResampling(points: readonly Point[], free: number): ResampleMethod {
  if (runsRepeat(points)) return 'run';
  return points.length < 3 * free ? 'residual' : 'case';
}

/** At least ten runs, some with several points. */
export function runsRepeat(points: readonly Point[]): boolean {
  const runs = new Set(points.map((point) => point.run)).size;
  return runs < points.length && runs >= FEWEST_RUNS;
}

/** One refit's data: how often each point enters, and its y (the measured ones, or fitted plus a drawn residual). */
export interface Resample {
  readonly counts: Float64Array;
  readonly y: Float64Array;
  /** Distinct points that enter. */
  readonly distinct: number;
}

interface ResamplingJob {
  readonly points: readonly Point[];
  readonly method: ResampleMethod;
  readonly resamples: number;
  readonly seed: number;
  readonly stream: string;
  readonly deadline: Deadline;
  /** Length of theta. */
  readonly size: number;
  /** Measured and fitted values on the scale where residuals are exchanged. */
  readonly y: Float64Array;
  readonly fitted: Float64Array;
  /** Free parameters k: residuals are scaled by sqrt(n/(n-k)). */
  readonly free: number;
  /** A refit; null when it failed. */
  refit(sample: Resample): Float64Array | null;
}

/** Runs the refits of a small law one after the other, counting those that fail. */
export function resampleFits(job: ResamplingJob): BootstrapDraws {
  const n = job.points.length;
  const counts = new Float64Array(n).fill(1);
  const y = Float64Array.from(job.y);
  const random = createRandom(job.seed, job.stream);
  const sampler = job.method === 'residual' ? null : groupSampler(job.points, job.method, job.seed, job.stream);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (job.y[i]! - job.fitted[i]!) / n;
  const scale = Math.sqrt(n / Math.max(1, n - job.free));
  const thetas = new Float64Array(job.resamples * job.size);
  let count = 0;
  let failed = 0;
  let stopped: string | null =
    sampler !== null && sampler.groups < 2 ? `Nothing to resample: all points belong to one ${job.method}.` : null;
  for (let b = 0; stopped === null && b < job.resamples; b++) {
    if (job.deadline.expired()) {
      stopped = outOfTime(b, job.resamples);
      break;
    }
    let distinct = n;
    if (sampler !== null) {
      sampler.next(counts);
      distinct = 0;
      for (let i = 0; i < n; i++) if (counts[i]! > 0) distinct++;
    } else {
      for (let i = 0; i < n; i++) {
        const j = random.integer(n);
        y[i] = job.fitted[i]! + scale * (job.y[j]! - job.fitted[j]! - mean);
      }
    }
    const theta = job.refit({ counts, y, distinct });
    if (theta === null || !theta.every(Number.isFinite)) {
      failed++;
      continue;
    }
    thetas.set(theta, count * job.size);
    count++;
  }
  return { thetas, count, failed, requested: job.resamples, method: job.method, stopped };
}

/** Sample standard deviation (ddof 1); NaN for fewer than two values. */
export function sampleDeviation(values: ArrayLike<number>): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (values[i]! - mean) ** 2;
  return n > 1 ? Math.sqrt(sum / (n - 1)) : Number.NaN;
}

/** Draws below which the spread of refits is not taken for a standard error. */
const FEWEST_DRAWS = 40;

/**
 * Puts the standard deviation of the refits (ddof 1, natural parameters) in the place of the delta method's standard
 * errors, which are kept beside them as `standardErrorsDelta`: a robust objective has no simple delta method, and with a
 * skewed A or B the linear one is too small.
 */
export function withBootstrapErrors(
  fitted: FittedLaw,
  draws: BootstrapDraws | null,
  columns: Readonly<Record<string, (theta: Float64Array) => number>>,
  size: number,
): FittedLaw {
  if (draws === null || draws.count < FEWEST_DRAWS) return fitted;
  const errors: Record<string, number | null> = { ...fitted.fit.standardErrors };
  const held = fitted.fit.intervals ?? {};
  for (const [name, value] of Object.entries(columns)) {
    if (held[name] === null || held[name] === undefined) continue;
    const column = new Float64Array(draws.count);
    for (let b = 0; b < draws.count; b++) column[b] = value(draws.thetas.subarray(b * size, (b + 1) * size));
    const deviation = sampleDeviation(column);
    errors[name] = Number.isFinite(deviation) ? deviation : null;
  }
  const fit: Fit = { ...fitted.fit, standardErrors: errors, standardErrorsDelta: fitted.fit.standardErrors };
  return { ...fitted, fit };
}
