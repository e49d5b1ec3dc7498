/**
 * Separable least squares (Golub & Pereyra 1973): where a law is linear in some parameters, those are solved exactly for
 * each choice of the others, so that a search runs over the nonlinear ones alone. Made for searches: no allocation, normal
 * equations with a whisper of ridge; refinement belongs to levenberg-marquardt.ts.
 */

/**
 * Solves the linear part for one choice of the nonlinear one: weighted least squares of `target` on the basis columns.
 *
 * @param basis p columns of length n
 * @param matrix scratch, p × p
 * @param coefficients overwritten with the solution, length p
 * @returns residual sum of squares; Infinity where the columns are dependent
 */
export function projectLinear(
  basis: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
  matrix: Float64Array,
  coefficients: Float64Array,
): number {
  const p = basis.length;
  const n = target.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += (weights[i] as number) * (target[i] as number) * (target[i] as number);
  for (let j = 0; j < p; j++) {
    const a = basis[j] as Float64Array;
    let g = 0;
    for (let i = 0; i < n; i++) g += (weights[i] as number) * (a[i] as number) * (target[i] as number);
    coefficients[j] = g;
    for (let k = 0; k <= j; k++) {
      const b = basis[k] as Float64Array;
      let h = 0;
      for (let i = 0; i < n; i++) h += (weights[i] as number) * (a[i] as number) * (b[i] as number);
      matrix[j * p + k] = h;
    }
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
  return Math.max(0, total - explained);
}
