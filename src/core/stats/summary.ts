/** Goodness of fit and information criteria, as trust.md §3 of the method notes and the report define them. */

export interface Summary {
  /** Root mean square error in units of y. */
  readonly rmse: number | null;
  /** sqrt(mean (ln yhat - ln y)²); null where a value or a prediction is not positive. */
  readonly rmsle: number | null;
  /** 1 - SSE/SST in units of y; null for constant y. */
  readonly r2: number | null;
  /** n ln(RSS/n) + 2k' + 2k'(k'+1)/(n-k'-1), k' = k+1; null (infinite) where n - k' - 1 <= 0. */
  readonly aicc: number | null;
  /** n ln(RSS/n) + k' ln n. */
  readonly bic: number | null;
}

/** RSS is floored at n times the square of this, so that exact fits compare as equal instead of as -Infinity. */
const RESIDUAL_FLOOR = 1e-12;

/** Corrected Akaike criterion; Infinity where it has no degrees of freedom left. */
export function aicc(rss: number, n: number, free: number): number {
  const k = free + 1;
  if (n - k - 1 <= 0) return Number.POSITIVE_INFINITY;
  return n * Math.log(flooredRss(rss, n) / n) + 2 * k + (2 * k * (k + 1)) / (n - k - 1);
}

/** Bayesian (Schwarz) criterion. */
export function bic(rss: number, n: number, free: number): number {
  return n * Math.log(flooredRss(rss, n) / n) + (free + 1) * Math.log(n);
}

function flooredRss(rss: number, n: number): number {
  return Math.max(rss, n * RESIDUAL_FLOOR * RESIDUAL_FLOOR);
}

/**
 * Summary of predictions against values.
 *
 * @param y measured, units of y
 * @param predicted same length
 * @param free free parameters k of the law
 * @param scale residual scale of the criteria; it must be the same for all laws that are compared
 * @param weights mean-1 weights of the criteria's RSS, or null
 */
export function summarise(
  y: ArrayLike<number>,
  predicted: ArrayLike<number>,
  free: number,
  scale: 'y' | 'ln y',
  weights: ArrayLike<number> | null = null,
): Summary {
  const n = y.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (y[i] as number) / n;
  let sse = 0;
  let sst = 0;
  let logs = 0;
  let rss = 0;
  for (let i = 0; i < n; i++) {
    const value = y[i] as number;
    const fitted = predicted[i] as number;
    const weight = weights === null ? 1 : (weights[i] as number);
    const miss = fitted - value;
    const logMiss = value > 0 && fitted > 0 ? Math.log(fitted) - Math.log(value) : Number.NaN;
    sse += miss * miss;
    sst += (value - mean) * (value - mean);
    logs += logMiss * logMiss;
    rss += weight * (scale === 'y' ? miss * miss : logMiss * logMiss);
  }
  return {
    rmse: finite(Math.sqrt(sse / n)),
    rmsle: finite(Math.sqrt(logs / n)),
    r2: sst > 0 ? finite(1 - sse / sst) : null,
    aicc: finite(aicc(rss, n, free)),
    bic: finite(bic(rss, n, free)),
  };
}

/** The number, or null where it is none (JSON has no NaN). */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
