/**
 * IsoFLOP optima without a parabola (Porian et al., arXiv 2406.19146): per budget an Akima spline of ln L on ln N, its minimum
 * on a fine grid, and seed noise added to the losses again and again; the spread of the minimum weighs the budget in the
 * line of ln N* on ln C, and the repeats give the line's interval.
 */
import { akimaSpline } from '../stats/akima.ts';
import { fitLine } from '../stats/linear.ts';
import { median, quantile } from '../stats/quantile.ts';
import type { Random } from '../stats/random.ts';
import type { BudgetRows } from './isoflop-parabola.ts';

/** Grid points per gap between sampled sizes. */
const POINTS_PER_GAP = 25;
/** Standard deviation of the loss between seeds at and below the first, at and above the second loss. */
const SEED_NOISE = { low: { loss: 3, sd: 0.002 }, high: { loss: 6, sd: 0.05 } } as const;
/** Least spread of ln N*, in gaps of the sampled sizes. */
const LEAST_SPREAD = 1 / 3;

interface InterpolatedBudget {
  readonly compute: number;
  /** Median of the repeats' minima; null where the minimum lies at an end. */
  readonly paramsOpt: number | null;
  /**
   * Standard deviation of ln N* over the repeats, not below a third of a gap, times repeats over those with an inner minimum
   * (as in the authors' code).
   */
  readonly spread: number | null;
  readonly why: string | null;
}

interface InterpolationResult {
  /** N_opt ∝ C^a, weighted by 1/spread²; null with fewer than two usable budgets. */
  readonly a: number | null;
  readonly N0: number | null;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
  readonly repeats: number;
  readonly budgets: readonly InterpolatedBudget[];
}

/** Noise of a loss between seeds: log-interpolated between 0.002 at a loss of 3 and 0.05 at 6. */
function seedNoise(loss: number): number {
  const { low, high } = SEED_NOISE;
  if (loss <= low.loss) return low.sd;
  if (loss >= high.loss) return high.sd;
  const share = Math.log(loss / low.loss) / Math.log(high.loss / low.loss);
  return low.sd * (high.sd / low.sd) ** share;
}

/** Fits the variant on all budgets; of several rows of one size the lowest loss is taken. */
export function interpolateBudgets(
  budgets: readonly BudgetRows[],
  repeats: number,
  level: number,
  random: Random,
  expired: () => boolean,
): InterpolationResult {
  const found = budgets.map((rows) => oneBudget(rows, repeats, random, expired));
  const usable = found.filter((entry) => entry.budget.paramsOpt !== null && entry.budget.spread !== null);
  if (usable.length < 2) {
    return { a: null, N0: null, interval: null, repeats, budgets: found.map((entry) => entry.budget) };
  }
  const lnC = usable.map((entry) => Math.log(entry.budget.compute));
  const weights = usable.map((entry) => entry.budget.spread! ** -2);
  const line = fitLine(
    lnC,
    usable.map((entry) => Math.log(entry.budget.paramsOpt!)),
    weights,
  );
  const shared = usable.reduce((least, entry) => Math.min(least, entry.minima.length), Number.POSITIVE_INFINITY);
  const slopes: number[] = [];
  for (let r = 0; r < shared; r++) {
    slopes.push(
      fitLine(
        lnC,
        usable.map((entry) => entry.minima[r]!),
        weights,
      ).slope,
    );
  }
  return {
    a: line.slope,
    N0: Math.exp(line.intercept),
    interval:
      slopes.length >= 40
        ? { low: quantile(slopes, (1 - level) / 2), high: quantile(slopes, (1 + level) / 2), level }
        : null,
    repeats,
    budgets: found.map((entry) => entry.budget),
  };
}

function oneBudget(
  rows: BudgetRows,
  repeats: number,
  random: Random,
  expired: () => boolean,
): { readonly budget: InterpolatedBudget; readonly minima: readonly number[] } {
  const fail = (why: string) => ({ budget: { compute: rows.compute, paramsOpt: null, spread: null, why }, minima: [] });
  const lowest = new Map<number, number>();
  rows.params.forEach((params, i) => {
    lowest.set(params, Math.min(lowest.get(params) ?? Number.POSITIVE_INFINITY, rows.loss[i]!));
  });
  const sizes = [...lowest.keys()].sort((a, b) => a - b);
  if (sizes.length < 3) return fail('fewer than three distinct model sizes');
  const lnN = Float64Array.from(sizes, Math.log);
  const losses = Float64Array.from(sizes, (size) => lowest.get(size)!);
  const grid = (sizes.length - 1) * POINTS_PER_GAP;
  const step = (lnN[lnN.length - 1]! - lnN[0]!) / (grid - 1);
  const minimum = (values: Float64Array): number | null => {
    const spline = akimaSpline(lnN, values);
    if (spline === null) return null;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < grid; i++) {
      const at = spline.at(lnN[0]! + i * step);
      if (at < least) {
        least = at;
        best = i;
      }
    }
    return best <= 0 || best === grid - 1 ? null : lnN[0]! + best * step;
  };
  const plain = minimum(losses.map(Math.log));
  if (plain === null) return fail('the lowest loss lies at an end of the sampled sizes');
  const noisy = new Float64Array(losses.length);
  const minima: number[] = [];
  let tried = 0;
  for (; tried < repeats && !expired(); tried++) {
    for (let i = 0; i < noisy.length; i++) {
      noisy[i] = Math.log(Math.max(losses[i]! + seedNoise(losses[i]!) * random.normal(), 1e-12));
    }
    const at = minimum(noisy);
    if (at !== null) minima.push(at);
  }
  if (minima.length === 0 || minima.length < tried / 2) {
    return fail('with seed noise the lowest loss lies at an end of the sampled sizes more often than not');
  }
  let mean = 0;
  for (const at of minima) mean += at / minima.length;
  let square = 0;
  for (const at of minima) square += (at - mean) ** 2 / minima.length;
  const floor = LEAST_SPREAD * POINTS_PER_GAP * step;
  return {
    budget: {
      compute: rows.compute,
      paramsOpt: Math.exp(median(minima)),
      spread: Math.max(Math.sqrt(square), floor) * (tried / minima.length),
      why: null,
    },
    minima,
  };
}
