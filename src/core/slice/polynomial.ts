/** Polynomials in a centred and scaled variable: fitted by QR, evaluated and searched for turns. */
import { fitLinear } from '../stats/linear.ts';

/** p(x) = sum coefficients[k] z^k with z = (x - centre) / width. */
export interface Polynomial {
  readonly centre: number;
  readonly width: number;
  readonly coefficients: Float64Array;
}

/**
 * Least-squares polynomial; the variable is mapped to [-1, 1] over the data, where monomials up to degree 7 are well
 * conditioned.
 *
 * @returns null with fewer distinct x than coefficients
 */
export function fitPolynomial(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): Polynomial | null {
  const n = x.length;
  if (new Set(Array.from(x)).size <= degree) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    low = Math.min(low, x[i] as number);
    high = Math.max(high, x[i] as number);
  }
  const centre = (low + high) / 2;
  const width = high > low ? (high - low) / 2 : 1;
  const columns: Float64Array[] = [];
  for (let k = 0; k <= degree; k++) {
    columns.push(Float64Array.from({ length: n }, (_, i) => (((x[i] as number) - centre) / width) ** k));
  }
  const fit = fitLinear(columns, Float64Array.from(y));
  if (fit === null || fit.rank <= degree) return null;
  return { centre, width, coefficients: fit.coefficients };
}

/** Value at x (Horner). */
export function polynomialAt(p: Polynomial, x: number): number {
  const z = (x - p.centre) / p.width;
  let value = 0;
  for (let k = p.coefficients.length - 1; k >= 0; k--) value = value * z + (p.coefficients[k] as number);
  return value;
}

/** Derivative at x, per unit of x. */
function polynomialSlope(p: Polynomial, x: number): number {
  const z = (x - p.centre) / p.width;
  let value = 0;
  for (let k = p.coefficients.length - 1; k >= 1; k--) value = value * z + k * (p.coefficients[k] as number);
  return value / p.width;
}

/** A place where the slope changes sign. */
export interface TurningPoint {
  readonly x: number;
  readonly y: number;
  readonly kind: 'min' | 'max';
}

/** Turning points strictly between `low` and `high`, by sign changes of the slope on a fine grid and bisection. */
export function turningPoints(p: Polynomial, low: number, high: number): TurningPoint[] {
  const found: TurningPoint[] = [];
  const steps = 2000;
  let left = low;
  let slope = polynomialSlope(p, low);
  for (let s = 1; s <= steps; s++) {
    const right = low + ((high - low) * s) / steps;
    const next = polynomialSlope(p, right);
    if (slope !== 0 && next !== 0 && slope < 0 !== next < 0) {
      let a = left;
      let b = right;
      for (let k = 0; k < 80 && b - a > 1e-14 * Math.max(1, Math.abs(b)); k++) {
        const mid = (a + b) / 2;
        if (polynomialSlope(p, mid) < 0 === slope < 0) a = mid;
        else b = mid;
      }
      const x = (a + b) / 2;
      found.push({ x, y: polynomialAt(p, x), kind: slope < 0 ? 'min' : 'max' });
    }
    left = right;
    slope = next;
  }
  return found;
}
