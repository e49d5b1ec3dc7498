/**
 * Resampling for the laws of several variables: which points enter a refit and how often. Cases, whole runs or whole
 * families are drawn with replacement; residual resampling keeps every point and gives it another point's residual.
 */
import type { Fit } from '../report-model.ts';
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
  const member = Int32Array.from(points, (point, i) => {
    const key = method === 'case' ? String(i) : method === 'run' ? point.run : (point.family ?? point.model);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, ids.size);
    return ids.size - 1;
  });
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
