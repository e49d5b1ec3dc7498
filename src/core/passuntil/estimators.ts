/**
 * Estimators of a pass probability from sampling until r passes (Hu et al., ICLR 2024, arXiv 2310.03262) under a cap
 * on trials. One instance is drawn until it has passed r times (K trials), or until Kmax trials with s < r passes.
 *
 * The paper's r/K is biased upwards (by r/(r−1) for small p); the unbiased (r−1)/(K−1) and, for capped draws, s/Kmax
 * are exactly unbiased together (emergence.md §5.1).
 */
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import { betaQuantile } from '../stats/distribution.ts';
import { digamma, trigamma } from '../stats/polygamma.ts';

/** What was drawn for one instance at one model. */
export interface Draw {
  /** Passes wanted, r ≥ 1. */
  readonly wanted: number;
  /** Passes seen, s. */
  readonly passes: number;
  /** Trials made, K. */
  readonly trials: number;
  /** True when the cap ended the draw before r passes. */
  readonly capped: boolean;
}

/** Says what is wrong with a draw, or gives it back. */
export function checkDraw(draw: Draw): Result<Draw, string> {
  const { wanted, passes, trials, capped } = draw;
  const whole = [wanted, passes, trials].every((v) => Number.isInteger(v) && v >= 0);
  if (!whole) return err('passes, trials and r must be whole numbers of at least 0');
  if (wanted < 1) return err('r must be at least 1: sampling until 0 passes says nothing');
  if (trials < 1) return err('a draw needs at least one trial');
  if (passes > trials) return err(`${passes} passes in ${trials} trials are impossible`);
  if (!capped && passes < wanted) return err(`stopped with ${passes} of ${wanted} passes, yet not marked as capped`);
  if (!capped && passes > wanted) return err(`${passes} passes although sampling stops at ${wanted}`);
  if (capped && passes >= wanted) return err(`marked as capped although it reached ${wanted} passes`);
  return ok(draw);
}

/**
 * The unbiased estimate of p: (r−1)/(K−1) when r passes were reached (r ≥ 2), s/Kmax when capped.
 * With r = 1 no useful unbiased estimator exists (only "1 if K = 1"): null.
 */
export function unbiased(draw: Draw): number | null {
  if (draw.capped) return draw.passes / draw.trials;
  if (draw.wanted < 2) return null;
  return (draw.wanted - 1) / (draw.trials - 1);
}

/** The paper's maximum-likelihood estimate r/K (s/Kmax when capped), biased upwards. */
export function maximumLikelihood(draw: Draw): number {
  return draw.passes / draw.trials;
}

/** Factor by which E[r/K] exceeds p as p → 0: r/(r−1); infinite for r = 1, where it grows like −ln p. */
export function likelihoodBias(wanted: number): number {
  return wanted > 1 ? wanted / (wanted - 1) : Number.POSITIVE_INFINITY;
}

/** Unbiased variance of the unbiased estimate, p̃(1−p̃)/(K−2): needs r ≥ 3 and an uncapped draw; null otherwise. */
export function unbiasedVariance(draw: Draw): number | null {
  const p = unbiased(draw);
  if (p === null || draw.capped || draw.wanted < 3 || draw.trials <= 2) return null;
  return (p * (1 - p)) / (draw.trials - 2);
}

/** ln p ≈ ψ(r) − ln K with sd √ψ′(r); bias below 0.01 for p ≤ 1e−3. null for capped draws. */
export function logScale(draw: Draw): { mean: number; sd: number } | null {
  if (draw.capped) return null;
  return { mean: digamma(draw.wanted) - Math.log(draw.trials), sd: Math.sqrt(trigamma(draw.wanted)) };
}

/**
 * Clopper–Pearson-like interval from Beta quantiles: negative binomial when r was reached, binomial when capped.
 * @param level e.g. 0.95
 */
export function betaInterval(draw: Draw, level: number): { low: number; high: number } {
  const tail = (1 - level) / 2;
  const { passes: s, trials: k, wanted: r } = draw;
  if (draw.capped) {
    return {
      low: s === 0 ? 0 : betaQuantile(tail, s, k - s + 1),
      high: s === k ? 1 : betaQuantile(1 - tail, s + 1, k - s),
    };
  }
  return { low: betaQuantile(tail, r, k - r + 1), high: k === r ? 1 : betaQuantile(1 - tail, r, k - r) };
}

/** Mean of per-instance unbiased values and its standard error sd/√n over instances (sample sd). */
export function datasetEstimate(
  draws: readonly Draw[],
): { pu: number; stderr: number | null; instances: number } | null {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (const draw of draws) {
    const p = unbiased(draw);
    if (p === null) continue;
    n++;
    const d = p - mean;
    mean += d / n;
    squares += d * (p - mean);
  }
  if (n === 0) return null;
  return { pu: mean, stderr: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null, instances: n };
}
