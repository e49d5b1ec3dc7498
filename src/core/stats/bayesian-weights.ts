/**
 * Weights of a bootstrap that leaves no unit out (Rubin 1981): with a dozen runs, multinomial draws often miss the corner
 * of the design that tells a parameter, and the refits scatter wider than the estimates do.
 */
import { logGamma } from './distribution.ts';
import type { Random } from './random.ts';

/** Draws weights from the exponential distribution: mean 1, variance 1. */
export function exponentialWeights(random: Random, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = -Math.log(1 - random.uniform());
  return out;
}

/**
 * The power to which exponential weights are raised so that their variance, relative to their mean squared, is the given
 * one: Γ(1 + 2g)/Γ(1 + g)² − 1 = variance.
 * @param variance 1 gives the power 1; (n/(n − p))² corrects a least-squares fit of p parameters to n units as the
 * jackknife does (HC3, MacKinnon & White 1985)
 */
export function powerOfVariance(variance: number): number {
  let low = 0;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const g = (low + high) / 2;
    if (Math.expm1(logGamma(1 + 2 * g) - 2 * logGamma(1 + g)) < variance) low = g;
    else high = g;
  }
  return (low + high) / 2;
}
