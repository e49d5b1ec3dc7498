/**
 * How far the task line of a dataset is uncertain: the jackknife over instances. An instance is the unit of sampling (a
 * dataset is a sample of tasks) and its draws come along with it, so that leaving it out moves all sizes together: sizes
 * share their instances, and their standard errors are far from independent. Beside percentiles of resampled instances
 * it held the truth more often (a few easy instances carry the small sizes, and resamples rarely miss them).
 */
import type { Interval } from '../report-model.ts';
import { tQuantile } from '../stats/distribution.ts';
import { type Draw, unbiased } from './estimators.ts';
import { fitTaskLine, type SizeEstimate, type TaskLine } from './task-law.ts';

/** One instance's draws. */
export type InstanceDraws = readonly (Draw & { readonly params: number })[];

type Name = 'c' | 'alpha' | 'lnC';

/** Standard errors and intervals of a line's parameters, by the names of the report. */
export interface LineError {
  readonly standardErrors: Readonly<Record<Name, number | null>>;
  /** null for a c too large for a double. */
  readonly intervals: Readonly<Record<Name, Interval | null>>;
}

/** Below this many instances an interval by t would mean nothing. */
const FEWEST = 3;

/**
 * Jackknife standard errors of F = lnC − α ln N, and intervals by t with as many degrees of freedom as there are instances
 * but one (Efron & Tibshirani 1993, ch. 11).
 *
 * @param line fitted to all instances
 * @param params N of the fitted sizes, parameters
 * @param level of the intervals, e.g. 0.9
 * @returns null with fewer than three instances, or where a line hangs on a single one
 */
export function lineError(
  line: TaskLine,
  instances: readonly InstanceDraws[],
  params: readonly number[],
  weighted: boolean,
  level: number,
): LineError | null {
  const n = instances.length;
  if (n < FEWEST) return null;
  const without = params.map((size) => leftOut(size, instances));
  const alpha = new Float64Array(n);
  const lnC = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const left = fitTaskLine(
      without.map((size) => size(i)),
      weighted,
    );
    if (left === null) return null;
    alpha[i] = left.alpha;
    lnC[i] = left.lnC;
  }
  const t = tQuantile((1 + level) / 2, n - 1);
  const around = (value: number, error: number): Interval => ({
    low: value - t * error,
    high: value + t * error,
    level,
    method: 'jackknife of instances',
  });
  const errors = { alpha: jackknifeError(alpha), lnC: jackknifeError(lnC) };
  const ends = around(line.lnC, errors.lnC);
  const c = { ...ends, low: Math.exp(ends.low), high: Math.exp(ends.high) };
  const ofC = Math.exp(line.lnC) * errors.lnC;
  return {
    standardErrors: { c: Number.isFinite(ofC) ? ofC : null, ...errors },
    intervals: {
      c: Number.isFinite(c.high) ? c : null,
      alpha: around(line.alpha, errors.alpha),
      lnC: ends,
    },
  };
}

/** Mean pass rate at a size and its standard error, without the instance of that number. */
function leftOut(params: number, instances: readonly InstanceDraws[]): (index: number) => SizeEstimate {
  const rates = instances.map((draws) => {
    const draw = draws.find((d) => d.params === params);
    return draw === undefined ? null : unbiased(draw);
  });
  const known = rates.filter((rate) => rate !== null);
  const mean = known.reduce((sum, rate) => sum + rate, 0) / known.length;
  const squares = known.reduce((sum, rate) => sum + (rate - mean) ** 2, 0);
  return (index) => {
    const rate = rates[index] ?? null;
    const n = known.length - (rate === null ? 0 : 1);
    if (n === 0) return { params, pu: 0, stderr: null };
    const off = rate === null ? 0 : rate - mean;
    // Without one value the mean moves by off/n, and the squares about it lose off² (1 + 1/n).
    const left = Math.max(0, squares - off * off * (1 + 1 / n));
    return { params, pu: mean - off / n, stderr: n > 1 ? Math.sqrt(left / (n - 1) / n) : null };
  };
}

function jackknifeError(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  return Math.sqrt(((n - 1) / n) * values.reduce((sum, v) => sum + (v - mean) ** 2, 0));
}
