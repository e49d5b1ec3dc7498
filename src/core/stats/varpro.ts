/**
 * Separable least squares (Golub & Pereyra 1973): where a law is linear in some parameters, those are solved exactly for
 * each choice of the others, so that a search runs over the nonlinear ones alone. Made for searches over many choices of a
 * few columns: what a column shares with the fixed ones is summed once, a choice costs the sums between its columns and a
 * small Cholesky. Normal equations with a whisper of ridge; refinement belongs to levenberg-marquardt.ts.
 */

/** A least-squares problem whose first columns never change, with their sums and their part of the Cholesky factor. */
export interface Projection {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
  /** L of the fixed columns' normal matrix, row-major; null where they are dependent. */
  readonly factor: Float64Array | null;
  /** L⁻¹ of their right-hand side. */
  readonly forward: Float64Array;
  /** Σ w target². */
  readonly total: number;
}

/** A further column as {@link reduceColumn} leaves it. */
export interface ReducedColumn {
  readonly column: Float64Array;
  /** Its row of L against the fixed columns, then what remains of its diagonal and of its right-hand side. */
  readonly rest: Float64Array;
}

/** A whisper of ridge: breaks outside the data make columns that are nearly straight lines. */
const RIDGE = 1 + 1e-10;

/** Prepares the columns that stay; weights of zero remove points. */
export function createProjection(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
): Projection {
  const p = columns.length;
  const factor = new Float64Array(p * p);
  const forward = new Float64Array(p);
  let dependent = false;
  columns.forEach((column, j) => {
    let right = weightedDot(weights, column, target);
    for (let k = 0; k <= j; k++) {
      let value = weightedDot(weights, column, columns[k] as Float64Array);
      if (j === k) value *= RIDGE;
      for (let l = 0; l < k; l++) value -= (factor[j * p + l] as number) * (factor[k * p + l] as number);
      if (j > k) factor[j * p + k] = value / (factor[k * p + k] as number);
      else if (value > 0) factor[j * p + j] = Math.sqrt(value);
      else dependent = true;
    }
    for (let k = 0; k < j; k++) right -= (factor[j * p + k] as number) * (forward[k] as number);
    forward[j] = right / (factor[j * p + j] as number);
  });
  return {
    columns,
    target,
    weights,
    factor: dependent ? null : factor,
    forward,
    total: weightedDot(weights, target, target),
  };
}

/** What of a further column the fixed ones leave: the same for every choice that it is part of. */
export function reduceColumn(projection: Projection, column: Float64Array): ReducedColumn {
  const { columns, weights, target, factor, forward } = projection;
  const fixed = columns.length;
  const rest = new Float64Array(fixed + 2);
  let diagonal = weightedDot(weights, column, column) * RIDGE;
  let right = weightedDot(weights, column, target);
  for (let k = 0; factor !== null && k < fixed; k++) {
    let value = weightedDot(weights, column, columns[k] as Float64Array);
    for (let l = 0; l < k; l++) value -= (rest[l] as number) * (factor[k * fixed + l] as number);
    value /= factor[k * fixed + k] as number;
    rest[k] = value;
    diagonal -= value * value;
    right -= value * (forward[k] as number);
  }
  rest[fixed] = diagonal;
  rest[fixed + 1] = right;
  return { column, rest };
}

function weightedDot(weights: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (weights[i] as number) * (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Solves the linear part for one choice of further columns.
 *
 * @param matrix scratch, p × p for p = fixed + chosen columns
 * @param coefficients overwritten with the solution, length p, if it is good enough
 * @param below the solution is wanted only where the residual sum of squares is less than this
 * @returns weighted residual sum of squares; Infinity where the columns are dependent
 */
export function solveProjection(
  projection: Projection,
  chosen: readonly ReducedColumn[],
  matrix: Float64Array,
  coefficients: Float64Array,
  below = Number.POSITIVE_INFINITY,
): number {
  const { factor, forward, weights } = projection;
  if (factor === null) return Number.POSITIVE_INFINITY;
  const fixed = forward.length;
  const p = fixed + chosen.length;
  let explained = 0;
  for (let j = 0; j < fixed; j++) explained += (forward[j] as number) * (forward[j] as number);
  for (let c = 0; c < chosen.length; c++) {
    const { column, rest } = chosen[c] as ReducedColumn;
    const row = (fixed + c) * p + fixed;
    let diagonal = rest[fixed] as number;
    let right = rest[fixed + 1] as number;
    for (let d = 0; d < c; d++) {
      const other = chosen[d] as ReducedColumn;
      const above = (fixed + d) * p + fixed;
      let value = weightedDot(weights, column, other.column);
      for (let l = 0; l < fixed; l++) value -= (rest[l] as number) * (other.rest[l] as number);
      for (let l = 0; l < d; l++) value -= (matrix[row + l] as number) * (matrix[above + l] as number);
      value /= matrix[above + d] as number;
      matrix[row + d] = value;
      diagonal -= value * value;
      right -= value * (coefficients[fixed + d] as number);
    }
    if (!(diagonal > 0)) return Number.POSITIVE_INFINITY;
    const root = Math.sqrt(diagonal);
    matrix[row + c] = root;
    right /= root;
    coefficients[fixed + c] = right;
    explained += right * right;
  }
  const cost = Math.max(0, projection.total - explained);
  if (!(cost < below)) return cost;
  for (let j = 0; j < fixed; j++) {
    coefficients[j] = forward[j] as number;
    for (let k = 0; k <= j; k++) matrix[j * p + k] = factor[j * fixed + k] as number;
  }
  for (let c = 0; c < chosen.length; c++)
    for (let k = 0; k < fixed; k++) matrix[(fixed + c) * p + k] = (chosen[c] as ReducedColumn).rest[k] as number;
  for (let j = p - 1; j >= 0; j--) {
    let value = coefficients[j] as number;
    for (let k = j + 1; k < p; k++) value -= (matrix[k * p + j] as number) * (coefficients[k] as number);
    coefficients[j] = value / (matrix[j * p + j] as number);
  }
  return cost;
}
