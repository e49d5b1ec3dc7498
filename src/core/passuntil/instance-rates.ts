/**
 * What was measured of one question at each size, for the report: the unbiased rate with the error and the interval of its
 * own draw, before any law is fitted. Laws borrow from other sizes and questions; these numbers do not.
 */
import type { InstanceCount } from './counts.ts';
import { betaInterval, logScale, unbiased, unbiasedVariance } from './estimators.ts';

/** Rates are per trial, 0 to 1. */
export interface InstanceRate {
  /** N, parameters. */
  readonly params: number;
  readonly model: string;
  readonly passes: number;
  readonly trials: number;
  readonly capped: boolean;
  /** (r−1)/(K−1), or s/Kmax when capped; null for r = 1. */
  readonly pu: number | null;
  /** Root of the unbiased variance; null where there is none (capped, or r below 3). */
  readonly stderr: number | null;
  /** Clopper–Pearson-like interval of p at the report's level. */
  readonly low: number;
  readonly high: number;
  /** ln p by its draw: ψ(r) − ln K ± √ψ′(r), nearly normal where p itself is skewed; null when capped. */
  readonly lnP: { readonly mean: number; readonly sd: number } | null;
}

/**
 * The rates of one question, sizes ascending.
 * @param level of the interval, e.g. 0.9
 */
export function instanceRates(rows: readonly InstanceCount[], level: number): InstanceRate[] {
  return rows
    .toSorted((a, b) => a.params - b.params)
    .map((row) => {
      const variance = unbiasedVariance(row);
      return {
        params: row.params,
        model: row.model,
        passes: row.passes,
        trials: row.trials,
        capped: row.capped,
        pu: unbiased(row),
        stderr: variance === null ? null : Math.sqrt(variance),
        ...betaInterval(row, level),
        lnP: logScale(row),
      };
    });
}
