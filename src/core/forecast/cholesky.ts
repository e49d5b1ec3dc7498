/** Small symmetric positive definite systems, solved in place of a general decomposition thousands of times. */

/**
 * @param matrix size × size, row by row; overwritten with its lower triangular factor
 * @param right overwritten
 * @returns the solution of matrix · z = right, in `right`; null where the matrix is not positive definite
 */
export function choleskySolve(matrix: Float64Array, right: Float64Array, size: number): Float64Array | null {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j] as number;
      for (let m = 0; m < j; m++) sum -= (matrix[i * size + m] as number) * (matrix[j * size + m] as number);
      if (i > j) matrix[i * size + j] = sum / (matrix[j * size + j] as number);
      else if (sum > 0) matrix[j * size + j] = Math.sqrt(sum);
      else return null;
    }
  }
  for (let i = 0; i < size; i++) {
    let sum = right[i] as number;
    for (let m = 0; m < i; m++) sum -= (matrix[i * size + m] as number) * (right[m] as number);
    right[i] = sum / (matrix[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i] as number;
    for (let m = i + 1; m < size; m++) sum -= (matrix[m * size + i] as number) * (right[m] as number);
    right[i] = sum / (matrix[i * size + i] as number);
  }
  return right;
}
