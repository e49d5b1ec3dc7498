/**
 * Descents on the N, D surface by Newton's method: at once for squared objectives, in stages for Huber ones (switch point
 * 100, 10 and 1 times the asked one, each from the last), and least absolute deviation as the limit of small switch points followed by
 * an exact step to the vertex where as many residuals vanish as there are parameters.
 */
import { choleskyDescent, choleskyFactor } from '../stats/cholesky.ts';
import { descendNewton } from './chinchilla-newton.ts';
import { type SurfaceData, type SurfaceLossKind, type SurfaceMap, surfaceObjective } from './chinchilla-surface.ts';

export interface Descent {
  /** Free coordinates. */
  readonly z: Float64Array;
  /** Σ w rho(r), not divided by anything. */
  readonly value: number;
  readonly converged: boolean;
  readonly evaluations: number;
}

/** `refit` stops where a bootstrap replicate has six digits, which is far below its sampling error. */
export type Precision = 'full' | 'refit';

/** Share of the value that the next step must promise. */
const TOLERANCES = { full: 1e-15, refit: 1e-10, passing: 1e-5 } as const;

const never = (): boolean => false;

/** Squared objectives: one descent to the end. */
export function descendSurface(
  data: SurfaceData,
  map: SurfaceMap,
  loss: SurfaceLossKind,
  start: Float64Array,
  stop: () => boolean = never,
): Descent {
  return descendNewton(data, map, loss, start, { tolerance: TOLERANCES.full, stop });
}

/** Switch points from coarse to fine: 100, 10 and 1 times delta, none above 0.1 but delta itself. */
export function huberStages(delta: number): number[] {
  return [100 * delta, 10 * delta].filter((d) => d <= 0.1 + 1e-12).concat(delta);
}

/** The largest switch point on the way to least absolute deviation. */
export const LAD_COARSEST = 0.1;

/** The smallest switch point on the way to least absolute deviation, on the residual scale. */
export const LAD_SMOOTHING = 1e-7;

/** Newton's method through the given switch points, each stage starting from the last; the value is the last stage's. */
export function descendHuber(
  data: SurfaceData,
  map: SurfaceMap,
  scale: SurfaceLossKind['scale'],
  stages: readonly number[],
  start: Float64Array,
  stop: () => boolean = never,
  precision: Precision = 'full',
): Descent {
  let z: Float64Array = Float64Array.from(start);
  let value = Number.POSITIVE_INFINITY;
  let converged = false;
  let evaluations = 0;
  for (const delta of stages) {
    const result = descendNewton(data, map, { scale, kind: 'huber', delta }, z, {
      stop,
      // Only the last stage is the answer; the others hand on a start.
      tolerance: TOLERANCES[delta === stages.at(-1) ? precision : 'passing'],
    });
    evaluations += result.evaluations;
    if (!Number.isFinite(result.value)) continue;
    z = result.z;
    value = result.value;
    converged = result.converged;
  }
  return { z, value, converged, evaluations };
}

/**
 * Least absolute deviation: Huber stages from the coarsest switch point down to 1e-7, then the exact vertex. `value` is
 * Σ w |r|.
 */
export function descendLad(
  data: SurfaceData,
  map: SurfaceMap,
  start: Float64Array,
  stop: () => boolean = never,
  coarsest = LAD_COARSEST,
  precision: Precision = 'full',
): Descent {
  const coarse = [1e-1, 1e-2, 1e-3, 1e-4].filter((delta) => delta <= coarsest);
  let smooth = descendHuber(data, map, 'ln y', coarse, start, stop, 'refit');
  let evaluations = smooth.evaluations;
  const fine = precision === 'full' ? [1e-5, 1e-6, LAD_SMOOTHING] : [1e-5, 1e-6];
  for (const delta of fine) {
    smooth = descendHuber(data, map, 'ln y', [delta], smooth.z, stop, precision);
    evaluations += smooth.evaluations;
  }
  let z = smooth.z;
  let value = sumAbsolute(data, map, z);
  for (let round = 0; round < 3; round++) {
    const vertex = toVertex(data, map, z);
    if (vertex === null) break;
    const there = sumAbsolute(data, map, vertex);
    if (!(there < value)) break;
    z = vertex;
    value = there;
  }
  return { z, value, converged: smooth.converged, evaluations };
}

/** Σ w |lnL - lnL_hat|: Huber's loss over delta as delta goes to nothing. */
function sumAbsolute(data: SurfaceData, map: SurfaceMap, z: Float64Array): number {
  const delta = 1e-14;
  return surfaceObjective(data, map, { scale: 'ln y', kind: 'huber', delta }, delta)(z, new Float64Array(map.k));
}

/** Newton's method on the k residuals nearest to zero: where an L1 optimum lies. Null when the system is singular. */
function toVertex(data: SurfaceData, map: SurfaceMap, z0: Float64Array): Float64Array | null {
  const k = map.k;
  const one: SurfaceData = {
    ...data,
    n: 1,
    u: new Float64Array(1),
    v: new Float64Array(1),
    y: new Float64Array(1),
    lnY: new Float64Array(1),
    weight: Float64Array.of(1),
  };
  // On one point the squared objective's gradient is -2 r ∇lnL_hat: both r and ∇ come from the shared code.
  const value = surfaceObjective(one, map, { scale: 'ln y', kind: 'huber', delta: 1e300 });
  const gradient = new Float64Array(k);
  const residual = (i: number, z: Float64Array): number => {
    one.u[0] = data.u[i]!;
    one.v[0] = data.v[i]!;
    one.y[0] = data.y[i]!;
    one.lnY[0] = data.lnY[i]!;
    return Math.sqrt(2 * value(z, gradient));
  };
  const order: { i: number; r: number }[] = [];
  for (let i = 0; i < data.n; i++) if (data.weight[i]! > 0) order.push({ i, r: residual(i, z0) });
  order.sort((p, q) => p.r - q.r);
  const active = order.slice(0, k).map((o) => o.i);
  if (active.length < k || order[k - 1]!.r > 1e-3) return null;
  const z = Float64Array.from(z0);
  for (let round = 0; round < 8; round++) {
    const matrix = new Float64Array(k * k);
    const right = new Float64Array(k);
    for (let row = 0; row < k; row++) {
      // Shifting the target by one makes the residual's sign and the gradient's scale plain even where r is zero.
      const i = active[row]!;
      residual(i, z);
      one.lnY[0] = data.lnY[i]! + 1;
      const r = Math.sqrt(2 * value(z, gradient)) - 1;
      for (let j = 0; j < k; j++) matrix[row * k + j] = -gradient[j]! / (1 + r);
      right[row] = r;
    }
    const step = solveSquare(matrix, right, k);
    if (step === null) return null;
    let size = 0;
    for (let j = 0; j < k; j++) {
      z[j]! += step[j]!;
      size = Math.max(size, Math.abs(step[j]!));
    }
    if (!Number.isFinite(size) || size > 1) return null;
    if (size < 1e-14) break;
  }
  return z;
}

/** Inverse of a symmetric positive definite matrix (row-major), with a ridge of 1e-12; null when it is not one. */
export function invertSpd(h: Float64Array, k: number): Float64Array | null {
  const ridge = new Float64Array(k);
  for (let i = 0; i < k; i++) ridge[i] = 1e-12 * h[i * k + i]!;
  const factor = new Float64Array(k * k);
  if (!choleskyFactor(h, k, null, ridge, 1e-15, factor)) return null;
  const inverse = new Float64Array(k * k);
  const unit = new Float64Array(k);
  const column = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    unit.fill(0);
    unit[j] = -1;
    choleskyDescent(factor, k, null, unit, column);
    for (let i = 0; i < k; i++) inverse[i * k + j] = column[i]!;
  }
  return inverse;
}

/** Gaussian elimination with row pivoting; null when singular. */
function solveSquare(matrix: Float64Array, right: Float64Array, k: number): Float64Array | null {
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(right);
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(a[r * k + c]!) > Math.abs(a[pivot * k + c]!)) pivot = r;
    if (!(Math.abs(a[pivot * k + c]!) > 1e-14)) return null;
    if (pivot !== c) {
      for (let j = 0; j < k; j++) [a[c * k + j], a[pivot * k + j]] = [a[pivot * k + j]!, a[c * k + j]!];
      [x[c], x[pivot]] = [x[pivot]!, x[c]!];
    }
    for (let r = c + 1; r < k; r++) {
      const f = a[r * k + c]! / a[c * k + c]!;
      for (let j = c; j < k; j++) a[r * k + j]! -= f * a[c * k + j]!;
      x[r]! -= f * x[c]!;
    }
  }
  for (let c = k - 1; c >= 0; c--) {
    for (let j = c + 1; j < k; j++) x[c]! -= a[c * k + j]! * x[j]!;
    x[c]! /= a[c * k + c]!;
  }
  return x;
}
