/**
 * Non-negative linear least squares for a handful of columns, exactly: every subset of the columns is solved (the inner
 * problem of variable projection, called thousands of times).
 */

/**
 * min ||y - X b||² with b >= 0, posed by its normal equations G = XᵀX and c = Xᵀy: of all 2^k - 1 subsets the best
 * non-negative one wins (the unconstrained solution first: if it is non-negative it is the answer, the problem being
 * convex). Writes b and returns the reduction of the residual sum (yᵀy - RSS); -1 when nothing is solvable.
 * Allocation-free.
 * @param k columns, at most 6
 */
export function bestSubset(gram: Float64Array, right: Float64Array, k: number, b: Float64Array): number {
  const full = (1 << k) - 1;
  let best = solveSubset(gram, right, k, full);
  if (best >= 0) {
    for (let i = 0; i < k; i++) b[i] = solution[i]!;
    return best;
  }
  b.fill(0);
  best = -1;
  for (let mask = full - 1; mask > 0; mask--) {
    const gain = solveSubset(gram, right, k, mask);
    if (gain > best) {
      best = gain;
      for (let i = 0; i < k; i++) b[i] = solution[i]!;
    }
  }
  return best;
}

const MAX_SUBSET = 6;
const solution = new Float64Array(MAX_SUBSET);
const factor = new Float64Array(MAX_SUBSET * MAX_SUBSET);
const chosen = new Int32Array(MAX_SUBSET);
const half = new Float64Array(MAX_SUBSET);

/** Cholesky on the chosen columns, scaled to unit diagonal; the gain c·b, or -1 if singular or any b is negative. */
function solveSubset(gram: Float64Array, right: Float64Array, k: number, mask: number): number {
  let m = 0;
  for (let i = 0; i < k; i++) if (mask & (1 << i)) chosen[m++] = i;
  for (let i = 0; i < m; i++) {
    const gi = chosen[i]!;
    const di = gram[gi * k + gi]!;
    if (!(di > 0)) return -1;
    for (let j = 0; j <= i; j++) {
      const gj = chosen[j]!;
      let sum = gram[gi * k + gj]! / Math.sqrt(di * gram[gj * k + gj]!);
      for (let l = 0; l < j; l++) sum -= factor[i * m + l]! * factor[j * m + l]!;
      if (i === j) {
        if (!(sum > 1e-15)) return -1;
        factor[i * m + i] = Math.sqrt(sum);
      } else {
        factor[i * m + j] = sum / factor[j * m + j]!;
      }
    }
  }
  for (let i = 0; i < m; i++) {
    const gi = chosen[i]!;
    let sum = right[gi]! / Math.sqrt(gram[gi * k + gi]!);
    for (let l = 0; l < i; l++) sum -= factor[i * m + l]! * half[l]!;
    half[i] = sum / factor[i * m + i]!;
  }
  let gain = 0;
  for (let i = 0; i < m; i++) gain += half[i]! * half[i]!;
  for (let i = m - 1; i >= 0; i--) {
    let sum = half[i]!;
    for (let l = i + 1; l < m; l++) sum -= factor[l * m + i]! * half[l]!;
    half[i] = sum / factor[i * m + i]!;
  }
  for (let i = 0; i < k; i++) solution[i] = 0;
  for (let i = 0; i < m; i++) {
    const gi = chosen[i]!;
    const value = half[i]! / Math.sqrt(gram[gi * k + gi]!);
    if (!(value >= 0)) return -1;
    solution[gi] = value;
  }
  return gain;
}
