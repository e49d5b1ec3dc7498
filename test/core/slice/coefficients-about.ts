// Published coefficients stand in powers of the plain variable, ours in a centred and scaled one.
import type { Polynomial } from '../../../src/core/slice/polynomial.ts';

/** Ascending coefficients in powers of (x - origin). */
export function coefficientsAbout(p: Polynomial, origin: number): Float64Array {
  // z = a + b u with u = x - origin: Horner's scheme on polynomials in u.
  const a = (origin - p.centre) / p.width;
  const b = 1 / p.width;
  const size = p.coefficients.length;
  let result = new Float64Array(size);
  for (let k = size - 1; k >= 0; k--) {
    const next = new Float64Array(size);
    for (let j = 0; j < size; j++) {
      next[j] = a * (result[j] as number) + (j > 0 ? b * (result[j - 1] as number) : 0);
    }
    next[0] = (next[0] as number) + (p.coefficients[k] as number);
    result = next;
  }
  return result;
}
