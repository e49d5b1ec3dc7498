/**
 * Fits of more points than a search can afford. Starts are searched on a sample of a thousand. Least squares then settles
 * its digits on a summary, the means of narrow bins of u = ln x weighted by their points, whose optimum is that of all
 * points but for the curvature within a bin, before all points have the last word. Robust objectives do not survive
 * averaging: a larger sample stands between theirs and all points.
 */
import { type Deadline, earlier } from '../stats/deadline.ts';
import { type CurveOutcome, type CurveProblem, fitNonlinear } from '../stats/nonlinear.ts';
import type { CurveData } from './one-variable.ts';
import { type Reduction, reductionOf, settleByPasses } from './point-passes.ts';

/** What the report costs (predictions, slopes, covariance, criteria), in bare evaluations of all points. */
export const REPORT_PASSES = 8;
/** Points beyond which the search does not look at all of them. */
export const MANY_POINTS = 4096;
/** Points of the sample that is searched. */
export const SAMPLED = 1024;
/** Points beyond which something stands between the sample and all of them, and how large a sample that is. */
const SAMPLED_AGAIN = 32_768;
/** Bins of the summary. */
const BINS = 4096;
/** Steps of thousands of points: changes of the cost by less than this are a hundredth of a standard error. */
export const ENOUGH_FOR_MANY = { costTolerance: 1e-10, patience: 2 } as const;
/** On a summary, whose iterations cost little and whose digits are what all points need not settle. */
const ENOUGH_FOR_BINS = { costTolerance: 1e-10, maxIterations: 400 } as const;
/** Share of the time left that search and summary may take together; the rest is for all points and the report. */
const SHARE_BEFORE_ALL = 0.4;
/** Where the start is known to be good. */
export const FROM_ONE_START = { explore: 1, exploreIterations: 100, finish: 1 } as const;

/** What the stages need to know of a law. */
export interface ManyPointsLaw {
  readonly effort: { readonly explore: number; readonly exploreIterations: number; readonly finish: number };
  problem(data: CurveData): CurveProblem;
  starts(data: CurveData): readonly Float64Array[];
}

export interface ManyPointsFit {
  readonly outcome: CurveOutcome;
  /** The summary, if there was one: its points have the weights of those they stand for. */
  readonly summary: Reduction | null;
  /** Milliseconds that the report will take about. */
  readonly report: number;
}

/**
 * Fits all of `data` in stages.
 *
 * @param all the problem of all points
 * @returns null when no start has a finite value
 */
export function fitManyPoints(
  law: ManyPointsLaw,
  data: CurveData,
  all: Reduction,
  deadline: Deadline,
): ManyPointsFit | null {
  const before = earlier(deadline, (1 - SHARE_BEFORE_ALL) * deadline.left());
  const small = thinned(data, SAMPLED);
  const sample = reductionOf(law.problem, small);
  if (sample === null) return null;
  const searched = fitNonlinear(sample.problem, sample.reduced, {
    starts: law.starts(small),
    ...law.effort,
    lm: {},
    deadline: before,
  });
  if (searched === null) return null;
  const { tried, atOptimum, rival } = searched;
  const settle = (
    of: Reduction,
    theta: Float64Array,
    lm: typeof ENOUGH_FOR_MANY | typeof ENOUGH_FOR_BINS,
    until: Deadline,
  ) => fitNonlinear(of.problem, of.reduced, { starts: [theta], ...FROM_ONE_START, lm, deadline: until });
  const squared = all.problem.loss.kind === 'squared';
  let theta = searched.theta;
  let summary: Reduction | null = null;
  if (data.u.length > SAMPLED_AGAIN) {
    const between = reductionOf(law.problem, squared ? summarised(data, BINS) : thinned(data, SAMPLED_AGAIN));
    // Few different x make few bins.
    if (between !== null && between.problem.y.length > all.reduced.free + 1) {
      theta = settle(between, theta, squared ? ENOUGH_FOR_BINS : ENOUGH_FOR_MANY, before)?.theta ?? theta;
      if (squared) summary = between;
    }
  }
  const report = REPORT_PASSES * passTime(all.problem, theta);
  const until = earlier(deadline, report);
  const outcome = squared
    ? settleByPasses(law.problem, data, all.reduced, theta, until)
    : settle(all, theta, ENOUGH_FOR_MANY, until);
  return outcome === null ? null : { outcome: { ...outcome, tried, atOptimum, rival }, summary, report };
}

/** Milliseconds of one evaluation of all points. */
export function passTime(problem: CurveProblem, theta: Float64Array): number {
  const started = performance.now();
  problem.evaluate(theta, new Float64Array(problem.y.length), null);
  return performance.now() - started;
}

/** `count` of the indices below n. */
export function spreadEvenly(n: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * n) / count));
}

/** `count` of the points, spread evenly over their order. */
function thinned(data: CurveData, count: number): CurveData {
  const pick = spreadEvenly(data.u.length, count);
  const { weights } = data;
  return {
    ...data,
    u: Float64Array.from(pick, (i) => data.u[i] as number),
    y: Float64Array.from(pick, (i) => data.y[i] as number),
    weights: weights === null ? null : Float64Array.from(pick, (i) => weights[i] as number),
  };
}

/**
 * Weighted means of u, and of y on the residual scale, over at most `count` equal bins of u. Σ w (f - y)² over the points
 * of a bin is W (f - mean y)² plus what no parameter changes, where f is straight within the bin.
 */
export function summarised(data: CurveData, count: number): CurveData {
  const { u, y, weights, minU, maxU } = data;
  const logScale = data.scale === 'ln y';
  const total = new Float64Array(count);
  const sumU = new Float64Array(count);
  const sumY = new Float64Array(count);
  const perBin = maxU > minU ? (count - 1e-6) / (maxU - minU) : 0;
  for (let i = 0; i < u.length; i++) {
    const at = u[i] as number;
    const bin = Math.floor((at - minU) * perBin);
    const w = weights === null ? 1 : (weights[i] as number);
    const value = y[i] as number;
    total[bin] = (total[bin] as number) + w;
    sumU[bin] = (sumU[bin] as number) + w * at;
    sumY[bin] = (sumY[bin] as number) + w * (logScale ? Math.log(value) : value);
  }
  const filled: number[] = [];
  for (let bin = 0; bin < count; bin++) if ((total[bin] as number) > 0) filled.push(bin);
  const mean = (sums: Float64Array, bin: number): number => (sums[bin] as number) / (total[bin] as number);
  return {
    ...data,
    u: Float64Array.from(filled, (bin) => mean(sumU, bin)),
    y: Float64Array.from(filled, (bin) => (logScale ? Math.exp(mean(sumY, bin)) : mean(sumY, bin))),
    weights: Float64Array.from(filled, (bin) => total[bin] as number),
  };
}
