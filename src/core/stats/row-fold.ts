/**
 * QR of a matrix whose rows come block by block: each block is laid under the triangle so far and folded into it by
 * Householder reflections, so that a million rows cost the memory of one block and lose no digits to normal equations.
 */
import { qrInPlace } from './linear.ts';

/** Rows of a block unless told otherwise. */
export const BLOCK_ROWS = 2048;

export interface RowFold {
  /** Column-major `rows` × p, to be filled before each {@link fold}. */
  readonly block: Float64Array;
  /** Right-hand sides of the block's rows. */
  readonly blockRhs: Float64Array;
  readonly rows: number;
  /** Folds the first `count` rows of the block in. */
  fold(count: number): void;
  /** R, p × p row-major, of all rows so far. */
  readonly triangle: Float64Array;
  /** The first p entries of Q' rhs. */
  readonly rhs: Float64Array;
}

/** An empty fold for p columns. */
export function createRowFold(p: number, rows: number = BLOCK_ROWS): RowFold {
  const block = new Float64Array(rows * p);
  const blockRhs = new Float64Array(rows);
  const triangle = new Float64Array(p * p);
  const rhs = new Float64Array(p);
  const stacked = new Float64Array((rows + p) * p);
  const stackedRhs = new Float64Array(rows + p);
  const fold = (count: number): void => {
    const total = count + p;
    for (let j = 0; j < p; j++) {
      const to = j * total;
      for (let i = 0; i < p; i++) stacked[to + i] = i <= j ? (triangle[i * p + j] as number) : 0;
      stacked.set(block.subarray(j * rows, j * rows + count), to + p);
      stackedRhs[j] = rhs[j] as number;
    }
    stackedRhs.set(blockRhs.subarray(0, count), p);
    qrInPlace(stacked, total, p, stackedRhs);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i <= j; i++) triangle[i * p + j] = stacked[j * total + i] as number;
      rhs[j] = stackedRhs[j] as number;
    }
  };
  return { block, blockRhs, rows, fold, triangle, rhs };
}
