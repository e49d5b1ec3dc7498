/**
 * Separable least squares (Golub & Pereyra 1973): where a law is linear in some parameters, those are solved exactly for
 * each choice of the others, so that a search runs over the nonlinear ones alone. Made for searches over many choices of a
 * few columns: what a column shares with the fixed ones is summed once, a choice costs the sums between its columns and a
 * small Cholesky. Normal equations with a whisper of ridge; refinement belongs to levenberg-marquardt.ts.
 */

/** A least-squares problem whose first columns never change, with their sums. */
export interface Projection {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
  /** Σ w a_j a_k, row-major. */
  readonly gram: Float64Array;
  /** Σ w a_j target. */
  readonly right: Float64Array;
  /** Σ w target². */
  readonly total: number;
}

/** Prepares the sums of the columns that stay; weights of zero remove points. */
export function createProjection(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
): Projection {
  const p = columns.length;
  const gram = new Float64Array(p * p);
  const right = new Float64Array(p);
  columns.forEach((a, j) => {
    right[j] = weightedDot(weights, a, target);
    columns.forEach((b, k) => {
      gram[j * p + k] = weightedDot(weights, a, b);
    });
  });
  return { columns, target, weights, gram, right, total: weightedDot(weights, target, target) };
}

/** What a further column shares with the fixed ones: Σ w c a_j, then Σ w c², then Σ w c target. */
export function columnSums(projection: Projection, column: Float64Array): Float64Array {
  const { columns, weights, target } = projection;
  const sums = new Float64Array(columns.length + 2);
  for (let j = 0; j < columns.length; j++) sums[j] = weightedDot(weights, column, columns[j] as Float64Array);
  sums[columns.length] = weightedDot(weights, column, column);
  sums[columns.length + 1] = weightedDot(weights, column, target);
  return sums;
}

function weightedDot(weights: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (weights[i] as number) * (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Solves the linear part for one choice of further columns.
 *
 * @param chosen the further columns, each with its {@link columnSums}
 * @param matrix scratch, p × p for p = fixed + chosen columns
 * @param coefficients overwritten with the solution, length p
 * @returns weighted residual sum of squares; Infinity where the columns are dependent
 */
export function solveProjection(
  projection: Projection,
  chosen: readonly { readonly column: Float64Array; readonly sums: Float64Array }[],
  matrix: Float64Array,
  coefficients: Float64Array,
): number {
  const fixed = projection.columns.length;
  const p = fixed + chosen.length;
  for (let j = 0; j < fixed; j++) {
    coefficients[j] = projection.right[j] as number;
    for (let k = 0; k <= j; k++) matrix[j * p + k] = projection.gram[j * fixed + k] as number;
  }
  for (let c = 0; c < chosen.length; c++) {
    const { column, sums } = chosen[c] as (typeof chosen)[number];
    const row = (fixed + c) * p;
    for (let k = 0; k < fixed; k++) matrix[row + k] = sums[k] as number;
    for (let d = 0; d < c; d++)
      matrix[row + fixed + d] = weightedDot(projection.weights, column, (chosen[d] as (typeof chosen)[number]).column);
    matrix[row + fixed + c] = sums[fixed] as number;
    coefficients[fixed + c] = sums[fixed + 1] as number;
  }
  let explained = 0;
  for (let j = 0; j < p; j++) {
    for (let k = 0; k <= j; k++) {
      let value = matrix[j * p + k] as number;
      // A whisper of ridge: breaks outside the data make columns that are nearly straight lines.
      if (j === k) value *= 1 + 1e-10;
      for (let l = 0; l < k; l++) value -= (matrix[j * p + l] as number) * (matrix[k * p + l] as number);
      if (j === k) {
        if (!(value > 0)) return Number.POSITIVE_INFINITY;
        matrix[j * p + j] = Math.sqrt(value);
      } else matrix[j * p + k] = value / (matrix[k * p + k] as number);
    }
    let value = coefficients[j] as number;
    for (let k = 0; k < j; k++) value -= (matrix[j * p + k] as number) * (coefficients[k] as number);
    value /= matrix[j * p + j] as number;
    coefficients[j] = value;
    explained += value * value;
  }
  for (let j = p - 1; j >= 0; j--) {
    let value = coefficients[j] as number;
    for (let k = j + 1; k < p; k++) value -= (matrix[k * p + j] as number) * (coefficients[k] as number);
    coefficients[j] = value / (matrix[j * p + j] as number);
  }
  return Math.max(0, projection.total - explained);
}
