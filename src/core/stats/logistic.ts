/** The logistic function: the S that bounded scores follow. */

/**
 * s(t) = 1/(1 + e^-t). Below zero it is written as e^t/(1 + e^t), so that nothing overflows and small values keep all
 * their digits: e^t down to the smallest double, 0 and 1 at the infinities, NaN for NaN.
 */
export function logistic(t: number): number {
  if (t >= 0) return 1 / (1 + Math.exp(-t));
  const e = Math.exp(t);
  return e / (1 + e);
}
