/**
 * Cholesky factors of the small normal matrices inside the optimisers: row-major, lower triangle, arrays owned by the
 * caller. Coordinates that are held (free[j] = 0) keep a unit row, so that their step is zero.
 */

/**
 * L L' = H + diag(added) over the free coordinates.
 *
 * @param h p × p, row-major; only the lower triangle is read
 * @param added put on the diagonal (damping), or null
 * @param smallest least pivot as a share of the diagonal of H; smaller ones refuse
 * @param factor p × p, overwritten with L in the lower triangle
 * @returns false where the matrix is not positive definite
 */
export function choleskyFactor(
  h: Float64Array,
  p: number,
  free: Uint8Array | null,
  added: Float64Array | null,
  smallest: number,
  factor: Float64Array,
): boolean {
  for (let j = 0; j < p; j++) {
    const row = j * p;
    if (free !== null && free[j] === 0) {
      for (let k = 0; k < j; k++) factor[row + k] = 0;
      factor[row + j] = 1;
      continue;
    }
    for (let k = 0; k < j; k++) {
      const other = k * p;
      let value = free !== null && free[k] === 0 ? 0 : (h[row + k] as number);
      for (let l = 0; l < k; l++) value -= (factor[row + l] as number) * (factor[other + l] as number);
      factor[row + k] = value / (factor[other + k] as number);
    }
    const diagonal = h[row + j] as number;
    let value = diagonal + (added === null ? 0 : (added[j] as number));
    for (let l = 0; l < j; l++) value -= (factor[row + l] as number) * (factor[row + l] as number);
    if (!(value > smallest * diagonal)) return false;
    factor[row + j] = Math.sqrt(value);
  }
  return true;
}

/**
 * Solves L L' x = -g over the free coordinates.
 *
 * @param x overwritten with the solution; held coordinates get 0
 * @returns |L⁻¹ g|², which is -g'x
 */
export function choleskyDescent(
  factor: Float64Array,
  p: number,
  free: Uint8Array | null,
  g: Float64Array,
  x: Float64Array,
): number {
  let norm = 0;
  for (let j = 0; j < p; j++) {
    let value = free !== null && free[j] === 0 ? 0 : -(g[j] as number);
    for (let k = 0; k < j; k++) value -= (factor[j * p + k] as number) * (x[k] as number);
    value /= factor[j * p + j] as number;
    x[j] = value;
    norm += value * value;
  }
  for (let j = p - 1; j >= 0; j--) {
    let value = x[j] as number;
    for (let k = j + 1; k < p; k++) value -= (factor[k * p + j] as number) * (x[k] as number);
    x[j] = value / (factor[j * p + j] as number);
  }
  return norm;
}
