/**
 * Linear least squares and what hangs on it: Householder QR on column-major typed arrays (the inner loop of every
 * nonlinear fit), singular values and pseudo-inverses through ml-matrix.
 */
import { Matrix, SVD } from 'ml-matrix';

/** Singular values below this share of the largest are taken for zero. */
const SINGULAR_CUT = 1e-10;

/**
 * QR in place of a column-major n × p matrix (n >= p): the upper triangle of the first p rows becomes R, and Q' is
 * applied to `rhs`. Columns that vanish leave a zero on the diagonal.
 *
 * @param a column j starts at j·n; overwritten
 * @param rhs length n; overwritten with Q' rhs
 */
export function qrInPlace(a: Float64Array, n: number, p: number, rhs: Float64Array): void {
  for (let k = 0; k < p; k++) {
    const column = k * n;
    let norm = 0;
    for (let i = k; i < n; i++) norm += (a[column + i] as number) * (a[column + i] as number);
    if (norm === 0) continue;
    norm = Math.sqrt(norm);
    const head = a[column + k] as number;
    const alpha = head > 0 ? -norm : norm;
    const v0 = head - alpha;
    // beta = 2 / v'v with v = (v0, a[k+1..]); v'v = 2 (norm² - alpha head).
    const beta = 1 / (norm * norm - alpha * head);
    for (let j = k + 1; j < p; j++) {
      const other = j * n;
      let dot = v0 * (a[other + k] as number);
      for (let i = k + 1; i < n; i++) dot += (a[column + i] as number) * (a[other + i] as number);
      dot *= beta;
      a[other + k] = (a[other + k] as number) - dot * v0;
      for (let i = k + 1; i < n; i++) a[other + i] = (a[other + i] as number) - dot * (a[column + i] as number);
    }
    let dot = v0 * (rhs[k] as number);
    for (let i = k + 1; i < n; i++) dot += (a[column + i] as number) * (rhs[i] as number);
    dot *= beta;
    rhs[k] = (rhs[k] as number) - dot * v0;
    for (let i = k + 1; i < n; i++) rhs[i] = (rhs[i] as number) - dot * (a[column + i] as number);
    a[column + k] = alpha;
  }
}

export interface LinearFit {
  readonly coefficients: Float64Array;
  /** Weighted residual sum of squares. */
  readonly rss: number;
  readonly rank: number;
}

/**
 * Weighted linear least squares with scaled columns: minimises sum w (y - X beta)². Directions with singular values
 * below {@link SINGULAR_CUT} are left at zero (minimum-norm solution), and `rank` says so.
 *
 * @param columns the columns of X, each of the length of y
 * @returns null when there are fewer rows than columns or a number is not finite
 */
export function fitLinear(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | null = null,
): LinearFit | null {
  const n = y.length;
  const p = columns.length;
  if (n < p || p === 0) return null;
  const a = new Float64Array(n * p);
  const rhs = new Float64Array(n);
  const scales = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    rhs[i] = (y[i] as number) * (weights === null ? 1 : Math.sqrt(weights[i] as number));
    if (!Number.isFinite(rhs[i])) return null;
  }
  for (let j = 0; j < p; j++) {
    const column = columns[j] as Float64Array;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const value = (column[i] as number) * (weights === null ? 1 : Math.sqrt(weights[i] as number));
      a[j * n + i] = value;
      square += value * value;
    }
    if (!Number.isFinite(square)) return null;
    const scale = square > 0 ? Math.sqrt(square) : 1;
    scales[j] = scale;
    for (let i = 0; i < n; i++) a[j * n + i] = (a[j * n + i] as number) / scale;
  }
  qrInPlace(a, n, p, rhs);
  let rss = 0;
  for (let i = p; i < n; i++) rss += (rhs[i] as number) * (rhs[i] as number);
  const coefficients = new Float64Array(p);
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let j = 0; j < p; j++) {
    const size = Math.abs(a[j * n + j] as number);
    smallest = Math.min(smallest, size);
    largest = Math.max(largest, size);
  }
  let rank = p;
  if (smallest > 1e-6 * largest) {
    for (let j = p - 1; j >= 0; j--) {
      let value = rhs[j] as number;
      for (let k = j + 1; k < p; k++) value -= (a[k * n + j] as number) * (coefficients[k] as number);
      coefficients[j] = value / (a[j * n + j] as number);
    }
  } else {
    // Diagonals of R only hint at rank: decide by singular values.
    const r = upperTriangle(a, n, p);
    const inverse = pseudoInverse(r, p);
    rank = inverse.rank;
    for (let j = 0; j < p; j++) {
      let value = 0;
      for (let k = 0; k < p; k++) value += (inverse.values[j * p + k] as number) * (rhs[k] as number);
      coefficients[j] = value;
    }
    for (let j = 0; j < p; j++) {
      let miss = rhs[j] as number;
      for (let k = 0; k < p; k++) miss -= (r[j * p + k] as number) * (coefficients[k] as number);
      rss += miss * miss;
    }
  }
  for (let j = 0; j < p; j++) coefficients[j] = (coefficients[j] as number) / (scales[j] as number);
  return { coefficients, rss, rank };
}

/** The p × p upper triangle (row-major) that {@link qrInPlace} left in a column-major n × p matrix. */
export function upperTriangle(a: Float64Array, n: number, p: number): Float64Array {
  const r = new Float64Array(p * p);
  for (let j = 0; j < p; j++) for (let i = 0; i <= j; i++) r[i * p + j] = a[j * n + i] as number;
  return r;
}

export interface PseudoInverse {
  /** p × p, row-major. */
  readonly values: Float64Array;
  readonly rank: number;
  /** Largest over smallest singular value; Infinity when singular. */
  readonly condition: number;
}

/** Moore–Penrose inverse of a square row-major matrix, singular values below `cut` times the largest dropped. */
export function pseudoInverse(square: Float64Array, p: number, cut: number = SINGULAR_CUT): PseudoInverse {
  const rows: number[][] = [];
  for (let i = 0; i < p; i++) rows.push(Array.from(square.subarray(i * p, (i + 1) * p)));
  const svd = new SVD(new Matrix(rows), { autoTranspose: true });
  const u = svd.leftSingularVectors;
  const v = svd.rightSingularVectors;
  const singular = svd.diagonal;
  const largest = singular[0] ?? 0;
  const smallest = singular[p - 1] ?? 0;
  const values = new Float64Array(p * p);
  let rank = 0;
  for (let k = 0; k < p; k++) {
    const value = singular[k] ?? 0;
    if (!(value > cut * largest) || value === 0) continue;
    rank++;
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++)
        values[i * p + j] = (values[i * p + j] as number) + (v.get(i, k) * u.get(j, k)) / value;
  }
  return { values, rank, condition: smallest > 0 ? largest / smallest : Number.POSITIVE_INFINITY };
}

export interface Line {
  readonly intercept: number;
  readonly slope: number;
  readonly rss: number;
}

/** Weighted straight line y = intercept + slope x, centred; slope 0 when all x are equal. */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>, weights: ArrayLike<number> | null = null): Line {
  const n = y.length;
  let total = 0;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : (weights[i] as number);
    total += w;
    meanX += w * (x[i] as number);
    meanY += w * (y[i] as number);
  }
  meanX /= total;
  meanY /= total;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : (weights[i] as number);
    const dx = (x[i] as number) - meanX;
    const dy = (y[i] as number) - meanY;
    sxx += w * dx * dx;
    sxy += w * dx * dy;
    syy += w * dy * dy;
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return { intercept: meanY - slope * meanX, slope, rss: Math.max(0, syy - slope * sxy) };
}
