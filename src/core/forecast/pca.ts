/**
 * Observational scaling: benchmarks of many families have few directions in common, and those directions predict other
 * tasks better than compute does (Ruan, Maddison, Hashimoto 2024; recipe laws.md §11). Principal components of a models ×
 * benchmarks matrix with gaps filled by rank-one reconstruction, and a sigmoid of the components.
 */
/** Models × benchmarks in rows; NaN where a model was not measured. */
export type ScoreMatrix = readonly Float64Array[];

export interface Components {
  /** Mean of each column over the training rows, after filling. */
  readonly mean: Float64Array;
  /** One loading vector per component, signs fixed: the largest loading is positive. */
  readonly loadings: readonly Float64Array[];
  /** Share of the variance, all components. */
  readonly explained: Float64Array;
  /** Cells that were filled, over all cells. */
  readonly missingShare: number;
  /** Scores of the training rows, one vector per row. */
  readonly scores: readonly Float64Array[];
  /** Components of further rows; their gaps are filled by the training rows' first component. */
  project(row: Float64Array): Float64Array;
}

const ROUNDS = 1000;
const SETTLED = 1e-10;

/**
 * Principal components of the training rows, centred and not standardised; gaps filled first on standardised columns.
 * @param range cells are clipped to it after filling
 * @returns null for fewer than three rows or a column that nobody was measured on
 */
export function principalComponents(rows: ScoreMatrix, range: readonly [number, number] = [0, 1]): Components | null {
  const n = rows.length;
  const p = rows[0]?.length ?? 0;
  if (n < 3 || p === 0) return null;
  const centre = new Float64Array(p);
  const spread = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const known = rows.map((r) => r[j] as number).filter((v) => !Number.isNaN(v));
    if (known.length === 0) return null;
    const m = known.reduce((s, v) => s + v, 0) / known.length;
    centre[j] = m;
    const sd = Math.sqrt(known.reduce((s, v) => s + (v - m) ** 2, 0) / known.length);
    spread[j] = sd > 0 ? sd : 1;
  }
  const standard = rows.map((r) => r.map((v, j) => (v - (centre[j] as number)) / (spread[j] as number)));
  const missing: (readonly [number, number])[] = [];
  standard.forEach((row, i) => {
    row.forEach((v, j) => {
      if (!Number.isNaN(v)) return;
      missing.push([i, j]);
      row[j] = 0;
    });
  });
  let axis = new Float64Array(p);
  let middle = new Float64Array(p);
  for (let round = 0; round < (missing.length === 0 ? 1 : ROUNDS); round++) {
    middle = columnMeans(standard, p);
    axis = Float64Array.from(symmetricEigen(covarianceOf(standard, middle)).vectors[0] as Float64Array);
    let moved = 0;
    for (const [i, j] of missing) {
      const row = standard[i] as Float64Array;
      const value = (middle[j] as number) + along(row, middle, axis) * (axis[j] as number);
      moved = Math.max(moved, Math.abs(value - (row[j] as number)));
      row[j] = value;
    }
    if (moved < SETTLED) break;
  }
  const back = (row: Float64Array): Float64Array =>
    row.map((v, j) => Math.min(range[1], Math.max(range[0], v * (spread[j] as number) + (centre[j] as number))));
  const filled = standard.map((row, i) =>
    back(row).map((v, j) =>
      Number.isNaN((rows[i] as Float64Array)[j] as number) ? v : ((rows[i] as Float64Array)[j] as number),
    ),
  );
  const mean = columnMeans(filled, p);
  const { values, vectors } = symmetricEigen(covarianceOf(filled, mean));
  const total = values.reduce((s, v) => s + v, 0);
  const loadings = vectors.map((vector) => {
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    return largest < 0 ? vector.map((v) => -v) : vector;
  });
  const scoresOf = (row: Float64Array): Float64Array =>
    Float64Array.from(loadings, (loading) => along(row, mean, loading));
  return {
    mean,
    loadings,
    explained: values.map((v) => v / total),
    missingShare: missing.length / (n * p),
    scores: filled.map(scoresOf),
    project: (row) => {
      const z = row.map((v, j) => (v - (centre[j] as number)) / (spread[j] as number));
      const gaps = [...z.keys()].filter((j) => Number.isNaN(z[j] as number));
      for (const j of gaps) z[j] = 0;
      for (let round = 0; round < (gaps.length === 0 ? 0 : ROUNDS); round++) {
        const t = along(z, middle, axis);
        let moved = 0;
        for (const j of gaps) {
          const value = (middle[j] as number) + t * (axis[j] as number);
          moved = Math.max(moved, Math.abs(value - (z[j] as number)));
          z[j] = value;
        }
        if (moved < SETTLED) break;
      }
      const whole = back(z);
      return scoresOf(row.map((v, j) => (Number.isNaN(v) ? (whole[j] as number) : v)));
    },
  };
}

function along(row: Float64Array, mean: Float64Array, axis: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += ((row[j] as number) - (mean[j] as number)) * (axis[j] as number);
  return sum;
}

function columnMeans(rows: readonly Float64Array[], p: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(p);
  for (const row of rows) for (let j = 0; j < p; j++) mean[j] = (mean[j] as number) + (row[j] as number) / rows.length;
  return mean;
}

function covarianceOf(rows: readonly Float64Array[], mean: Float64Array): Float64Array[] {
  const p = mean.length;
  const matrix = Array.from({ length: p }, () => new Float64Array(p));
  for (const row of rows) {
    for (let i = 0; i < p; i++) {
      const a = (row[i] as number) - (mean[i] as number);
      const line = matrix[i] as Float64Array;
      for (let j = 0; j < p; j++)
        line[j] = (line[j] as number) + (a * ((row[j] as number) - (mean[j] as number))) / rows.length;
    }
  }
  return matrix;
}

/** Eigenvalues (descending) and vectors of a small symmetric matrix by Jacobi rotations. */
function symmetricEigen(source: readonly Float64Array[]): { values: Float64Array; vectors: Float64Array[] } {
  const p = source.length;
  const a = source.map((row) => row.slice());
  const v = Array.from({ length: p }, (_, i) => Float64Array.from({ length: p }, (__, j) => (i === j ? 1 : 0)));
  const at = (i: number, j: number): number => (a[i] as Float64Array)[j] as number;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < p; i++) {
      diagonal += at(i, i) ** 2;
      for (let j = i + 1; j < p; j++) off += at(i, j) ** 2;
    }
    if (off <= 1e-30 * diagonal || off === 0) break;
    for (let i = 0; i < p; i++) {
      for (let j = i + 1; j < p; j++) {
        if (at(i, j) === 0) continue;
        const theta = (at(j, j) - at(i, i)) / (2 * at(i, j));
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < p; k++) {
          const row = a[k] as Float64Array;
          const x = row[i] as number;
          const y = row[j] as number;
          row[i] = c * x - s * y;
          row[j] = s * x + c * y;
        }
        const first = a[i] as Float64Array;
        const second = a[j] as Float64Array;
        for (let k = 0; k < p; k++) {
          const x = first[k] as number;
          const y = second[k] as number;
          first[k] = c * x - s * y;
          second[k] = s * x + c * y;
          const row = v[k] as Float64Array;
          const m = row[i] as number;
          const q = row[j] as number;
          row[i] = c * m - s * q;
          row[j] = s * m + c * q;
        }
      }
    }
  }
  const order = Array.from({ length: p }, (_, i) => i).sort((i, j) => at(j, j) - at(i, i));
  return {
    values: Float64Array.from(order, (i) => at(i, i)),
    vectors: order.map((i) => Float64Array.from({ length: p }, (_, k) => (v[k] as Float64Array)[i] as number)),
  };
}
