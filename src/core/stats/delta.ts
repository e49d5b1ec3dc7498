/**
 * The delta method: covariance of fitted parameters s² (J'J)^+ and what it means for a prediction. Columns are scaled to
 * unit length before singular values are judged, so that the cut does not depend on units.
 */
import { pseudoInverse, qrInPlace, upperTriangle } from './linear.ts';

export interface Covariance {
  /** Number of parameters, those held fixed included (their rows are zero). */
  readonly size: number;
  /** (J'J)^+ times s², size × size, row-major. */
  readonly values: Float64Array;
  /** Residual standard deviation of a point of weight 1. */
  readonly s: number;
  /** n - k. */
  readonly df: number;
  /** Condition number of the scaled Jacobian. */
  readonly condition: number;
  /** Parameters that were free and off their bounds. */
  readonly free: readonly number[];
  /** Free directions that the data determine. */
  readonly rank: number;
}

/**
 * @param jacobian column-major n × size: derivatives of the fitted values on the residual scale
 * @param rss weighted residual sum of squares
 * @param weights mean-1 weights of the points, or null
 * @param free indices of the parameters that were free and off their bounds; the others get zero variance
 * @param used number of parameters that the fit spent (k); n - used are the degrees of freedom
 * @returns null without degrees of freedom or with numbers that are not finite
 */
export function covariance(
  jacobian: Float64Array,
  n: number,
  size: number,
  rss: number,
  weights: ArrayLike<number> | null,
  free: readonly number[],
  used: number,
): Covariance | null {
  const p = free.length;
  if (n - used <= 0 || n < p) return null;
  const a = new Float64Array(n * p);
  for (let k = 0; k < p; k++) {
    const from = (free[k] as number) * n;
    for (let i = 0; i < n; i++)
      a[k * n + i] = (jacobian[from + i] as number) * (weights === null ? 1 : Math.sqrt(weights[i] as number));
  }
  qrInPlace(a, n, p, new Float64Array(n));
  return covarianceOfTriangle(upperTriangle(a, n, p), n, size, rss, free, used);
}

/**
 * The same from the triangle R of the weighted Jacobian's free columns.
 *
 * @param triangle p × p, row-major, for p = free.length
 */
export function covarianceOfTriangle(
  triangle: Float64Array,
  n: number,
  size: number,
  rss: number,
  free: readonly number[],
  used: number,
): Covariance | null {
  const df = n - used;
  const p = free.length;
  if (df <= 0 || n < p) return null;
  const s2 = rss / df;
  const values = new Float64Array(size * size);
  if (p === 0) return { size, values, s: Math.sqrt(s2), df, condition: 1, free, rank: 0 };
  const scaled = triangle.slice();
  const scales = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let square = 0;
    for (let i = 0; i <= j; i++) square += (triangle[i * p + j] as number) ** 2;
    if (!Number.isFinite(square)) return null;
    const scale = square > 0 ? Math.sqrt(square) : 1;
    scales[j] = scale;
    for (let i = 0; i <= j; i++) scaled[i * p + j] = (triangle[i * p + j] as number) / scale;
  }
  const inverse = pseudoInverse(scaled, p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      // (R'R)^+ = R^+ (R^+)'.
      let sum = 0;
      for (let k = 0; k < p; k++) sum += (inverse.values[i * p + k] as number) * (inverse.values[j * p + k] as number);
      values[(free[i] as number) * size + (free[j] as number)] =
        (s2 * sum) / ((scales[i] as number) * (scales[j] as number));
    }
  }
  return { size, values, s: Math.sqrt(s2), df, condition: inverse.condition, free, rank: inverse.rank };
}

/** Standard error of a linear combination with the gradient given: sqrt(g' C g). */
export function deltaDeviation(matrix: Covariance, gradient: ArrayLike<number>): number {
  let sum = 0;
  for (const i of matrix.free) {
    for (const j of matrix.free) {
      sum += (gradient[i] as number) * (gradient[j] as number) * (matrix.values[i * matrix.size + j] as number);
    }
  }
  return Math.sqrt(Math.max(0, sum));
}
