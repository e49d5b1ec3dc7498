/**
 * Non-negative linear least squares. Two doors: an exact solver for a handful of columns, which solves every column subset
 * of the normal equations (the inner problem of variable projection, called thousands of times), and Lawson–Hanson's
 * active set for any number of columns. Both repair the normal equations by refinement on explicit residuals, so a
 * residual sum near zero keeps its digits.
 */

interface NnlsResult {
  /** One coefficient per column, all >= 0. */
  readonly coefficients: Float64Array;
  /** Σ w (y - X b)², computed from explicit residuals. */
  readonly rss: number;
  /** Columns whose coefficient is held at zero. */
  readonly atZero: readonly number[];
}

/**
 * min ||W^½ (y - X b)||² with b >= 0 for up to about 6 columns: all 2^k - 1 subsets, the best non-negative one wins
 * (the unconstrained solution first: if it is non-negative it is the answer, the problem being convex).
 *
 * columns: k arrays of length n; weights: n or null. Null when no subset is solvable (zero or non-finite columns).
 */
export function nnlsBySubsets(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | null = null,
): NnlsResult | null {
  const k = columns.length;
  const n = y.length;
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  normalEquations(columns, y, weights, gram, right);
  const b = new Float64Array(k);
  const gain = bestSubset(gram, right, k, b);
  if (!(gain >= 0)) return null;
  const free: number[] = [];
  for (let i = 0; i < k; i++) if (b[i]! > 0) free.push(i);
  refine(columns, y, weights, gram, free, b);
  let rss = 0;
  for (let r = 0; r < n; r++) {
    let residual = y[r]!;
    for (let i = 0; i < k; i++) residual -= b[i]! * columns[i]![r]!;
    rss += (weights ? weights[r]! : 1) * residual * residual;
  }
  if (!Number.isFinite(rss)) return null;
  const atZero: number[] = [];
  for (let i = 0; i < k; i++) if (b[i] === 0) atZero.push(i);
  return { coefficients: b, rss, atZero };
}

/**
 * The same problem posed by its normal equations: maximises 2 c·b - bᵀ G b over non-negative b. Writes b and returns
 * the reduction of the residual sum (yᵀy - RSS); -1 when nothing is solvable. Allocation-free up to k = 6.
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

/**
 * Lawson & Hanson's active-set method (Solving Least Squares Problems, 1974, ch. 23) for any number of columns.
 * Null when the data are not finite or no column can be used.
 */
export function nnls(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | null = null,
): NnlsResult | null {
  const k = columns.length;
  if (k <= MAX_SUBSET) return nnlsBySubsets(columns, y, weights);
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  normalEquations(columns, y, weights, gram, right);
  for (let i = 0; i < k; i++) if (!Number.isFinite(right[i]!) || !Number.isFinite(gram[i * k + i]!)) return null;
  const b = new Float64Array(k);
  const passive = new Set<number>();
  const banned = new Set<number>();
  for (let round = 0; round < 3 * k; round++) {
    let enter = -1;
    let steepest = 0;
    for (let i = 0; i < k; i++) {
      if (passive.has(i) || banned.has(i)) continue;
      let slope = right[i]!;
      for (let j = 0; j < k; j++) slope -= gram[i * k + j]! * b[j]!;
      const scaled = slope / Math.sqrt(gram[i * k + i]! || 1);
      if (scaled > steepest + 1e-13 * Math.abs(right[i]!)) {
        steepest = scaled;
        enter = i;
      }
    }
    if (enter < 0) break;
    passive.add(enter);
    for (;;) {
      const free = [...passive].sort((p, q) => p - q);
      const z = solveSpd(gram, right, k, free);
      if (z === null) {
        passive.delete(enter);
        banned.add(enter);
        break;
      }
      let share = 1;
      for (let i = 0; i < free.length; i++) {
        const from = b[free[i]!]!;
        if (z[i]! <= 0) share = Math.min(share, from / (from - z[i]!));
      }
      for (let i = 0; i < free.length; i++) b[free[i]!]! += share * (z[i]! - b[free[i]!]!);
      if (share >= 1) break;
      for (const i of free) {
        if (b[i]! <= 1e-300 || b[i]! < 1e-15 * Math.abs(b[enter]!)) {
          b[i] = 0;
          passive.delete(i);
        }
      }
    }
  }
  const free = [...passive].sort((p, q) => p - q);
  refine(columns, y, weights, gram, free, b);
  let rss = 0;
  for (let r = 0; r < y.length; r++) {
    let residual = y[r]!;
    for (const i of free) residual -= b[i]! * columns[i]![r]!;
    rss += (weights ? weights[r]! : 1) * residual * residual;
  }
  if (!Number.isFinite(rss)) return null;
  const atZero: number[] = [];
  for (let i = 0; i < k; i++) if (b[i] === 0) atZero.push(i);
  return { coefficients: b, rss, atZero };
}

function normalEquations(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | null,
  gram: Float64Array,
  right: Float64Array,
): void {
  const k = columns.length;
  const n = y.length;
  for (let i = 0; i < k; i++) {
    const ci = columns[i]!;
    for (let j = 0; j <= i; j++) {
      const cj = columns[j]!;
      let sum = 0;
      for (let r = 0; r < n; r++) sum += (weights ? weights[r]! : 1) * ci[r]! * cj[r]!;
      gram[i * k + j] = sum;
      gram[j * k + i] = sum;
    }
    let sum = 0;
    for (let r = 0; r < n; r++) sum += (weights ? weights[r]! : 1) * ci[r]! * y[r]!;
    right[i] = sum;
  }
}

/** Two rounds of iterative refinement of the free coefficients, none of which may leave the non-negative side. */
function refine(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array | null,
  gram: Float64Array,
  free: readonly number[],
  b: Float64Array,
): void {
  const k = columns.length;
  const right = new Float64Array(k);
  for (let round = 0; round < 2; round++) {
    right.fill(0);
    for (let r = 0; r < y.length; r++) {
      let residual = y[r]!;
      for (const i of free) residual -= b[i]! * columns[i]![r]!;
      residual *= weights ? weights[r]! : 1;
      for (const i of free) right[i]! += residual * columns[i]![r]!;
    }
    const change = solveSpd(gram, right, k, free);
    if (change === null) return;
    for (let i = 0; i < free.length; i++) {
      const next = b[free[i]!]! + change[i]!;
      if (!(next > 0)) return;
    }
    for (let i = 0; i < free.length; i++) b[free[i]!]! += change[i]!;
  }
}

/** Solves the rows and columns `free` of a symmetric positive definite system; null when it is singular. */
function solveSpd(gram: Float64Array, right: Float64Array, k: number, free: readonly number[]): Float64Array | null {
  const m = free.length;
  const l = new Float64Array(m * m);
  const z = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const gi = free[i]!;
    const di = gram[gi * k + gi]!;
    if (!(di > 0)) return null;
    for (let j = 0; j <= i; j++) {
      const gj = free[j]!;
      let sum = gram[gi * k + gj]! / Math.sqrt(di * gram[gj * k + gj]!);
      for (let t = 0; t < j; t++) sum -= l[i * m + t]! * l[j * m + t]!;
      if (i === j) {
        if (!(sum > 1e-15)) return null;
        l[i * m + i] = Math.sqrt(sum);
      } else {
        l[i * m + j] = sum / l[j * m + j]!;
      }
    }
  }
  for (let i = 0; i < m; i++) {
    const gi = free[i]!;
    let sum = right[gi]! / Math.sqrt(gram[gi * k + gi]!);
    for (let t = 0; t < i; t++) sum -= l[i * m + t]! * z[t]!;
    z[i] = sum / l[i * m + i]!;
  }
  for (let i = m - 1; i >= 0; i--) {
    let sum = z[i]!;
    for (let t = i + 1; t < m; t++) sum -= l[t * m + i]! * z[t]!;
    z[i] = sum / l[i * m + i]!;
  }
  for (let i = 0; i < m; i++) {
    const gi = free[i]!;
    z[i] = z[i]! / Math.sqrt(gram[gi * k + gi]!);
  }
  return z;
}
