/**
 * The surface L(N, D) = E + A N^-alpha + B D^-beta as the optimisers see it: centred logarithms, one vector of free
 * coordinates, and an objective with its exact gradient. Everything that fits this surface (robust fit, variable
 * projection, over-training's special case, the two-step ladder) shares these rooms.
 */
import type { ObjectiveWithGradient } from '../stats/bfgs.ts';

export const SURFACE_PARAMETERS = ['E', 'A', 'B', 'alpha', 'beta'] as const;
export type SurfaceParameter = (typeof SURFACE_PARAMETERS)[number];

/** Parameters in natural units: A in loss·params^alpha, B in loss·tokens^beta. */
export interface Surface {
  readonly E: number;
  readonly A: number;
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}

/** n points, logarithms centred on their (unweighted) means. Arrays may be longer than n: only the first n count. */
export interface SurfaceData {
  n: number;
  /** lnN - meanLnN. */
  readonly u: Float64Array;
  /** lnD - meanLnD. */
  readonly v: Float64Array;
  readonly y: Float64Array;
  readonly lnY: Float64Array;
  readonly weight: Float64Array;
  readonly meanLnN: number;
  readonly meanLnD: number;
}

/** Builds the centred arrays; the caller has checked that all values are positive and finite. */
export function surfaceData(
  params: ArrayLike<number>,
  tokens: ArrayLike<number>,
  loss: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): SurfaceData {
  const n = params.length;
  const u = new Float64Array(n);
  const v = new Float64Array(n);
  const y = new Float64Array(n);
  const lnY = new Float64Array(n);
  const weight = new Float64Array(n);
  let meanLnN = 0;
  let meanLnD = 0;
  for (let i = 0; i < n; i++) {
    u[i] = Math.log(params[i]!);
    v[i] = Math.log(tokens[i]!);
    meanLnN += u[i]!;
    meanLnD += v[i]!;
    y[i] = loss[i]!;
    lnY[i] = Math.log(loss[i]!);
    weight[i] = weights ? weights[i]! : 1;
  }
  meanLnN /= n || 1;
  meanLnD /= n || 1;
  for (let i = 0; i < n; i++) {
    u[i]! -= meanLnN;
    v[i]! -= meanLnD;
  }
  return { n, u, v, y, lnY, weight, meanLnN, meanLnD };
}

/** Predicted loss at N parameters and D tokens, by logarithms throughout (never N^alpha itself). */
export function surfaceLoss(s: Surface, params: number, tokens: number): number {
  return term(s.A, s.alpha, Math.log(params)) + term(s.B, s.beta, Math.log(tokens)) + s.E;
}

function term(coefficient: number, exponent: number, lnX: number): number {
  if (coefficient === 0) return 0;
  return Math.exp(clampExponent(Math.log(coefficient) - exponent * lnX));
}

/** Exponents are held within ±700, where exp neither overflows nor vanishes. */
function clampExponent(t: number): number {
  return t > 700 ? 700 : t < -700 ? -700 : t;
}

/** Indices of the centred coordinates a' = lnA - alpha meanLnN, b' = lnB - beta meanLnD, e = lnE, alpha, beta. */
const A = 0;
const B = 1;
const E = 2;
const ALPHA = 3;
const BETA = 4;
const INDEX: Readonly<Record<SurfaceParameter, number>> = { A, B, E, alpha: ALPHA, beta: BETA };

/** theta' = offset + matrix z: which of the five centred coordinates are free, tied or held. */
export interface SurfaceMap {
  /** Number of free coordinates. */
  readonly k: number;
  readonly offset: Float64Array;
  /** 5 × k, row-major. */
  readonly matrix: Float64Array;
  /** Per natural parameter its free coordinate, or -1 when held. */
  readonly coordinate: Readonly<Record<SurfaceParameter, number>>;
  readonly fixed: Readonly<Partial<Record<SurfaceParameter, number>>>;
  readonly ties: readonly (readonly [SurfaceParameter, SurfaceParameter])[];
  readonly meanLnN: number;
  readonly meanLnD: number;
}

export interface SurfaceConstraints {
  readonly fixed: Readonly<Partial<Record<SurfaceParameter, number>>>;
  readonly ties: readonly (readonly [SurfaceParameter, SurfaceParameter])[];
}

export const NO_CONSTRAINTS: SurfaceConstraints = { fixed: {}, ties: [] };

/**
 * Turns held and tied parameters into an affine map. Coefficients (A, B, E) may be tied with each other, exponents with
 * each other; a held coefficient may be zero, which removes its term. Returns a sentence when a request makes no sense.
 */
export function surfaceMap(constraints: SurfaceConstraints, meanLnN: number, meanLnD: number): SurfaceMap | string {
  const leader: number[] = [0, 1, 2, 3, 4];
  const value: (number | null)[] = [null, null, null, null, null];
  for (const [p, q] of constraints.ties) {
    const i = INDEX[p];
    const j = INDEX[q];
    if (i >= ALPHA !== j >= ALPHA) return `${p} cannot be tied to ${q}: one is a coefficient, the other an exponent.`;
    const from = leader[j]!;
    for (let t = 0; t < 5; t++) if (leader[t] === from) leader[t] = leader[i]!;
  }
  for (const name of SURFACE_PARAMETERS) {
    const held = constraints.fixed[name];
    if (held === undefined) continue;
    if (!Number.isFinite(held)) return `${name} cannot be held at ${held}.`;
    const i = INDEX[name];
    if (i < ALPHA && held < 0) return `${name} cannot be held at ${held}: coefficients are not negative.`;
    const plain = i < ALPHA ? Math.log(held) : held;
    for (let t = 0; t < 5; t++) {
      if (leader[t] !== leader[i]) continue;
      if (value[t] !== null && value[t] !== plain) return `${name} is held at two different values.`;
      value[t] = plain;
    }
  }
  const coordinateOf: number[] = [-1, -1, -1, -1, -1];
  let k = 0;
  for (let t = 0; t < 5; t++) {
    if (value[t] !== null) continue;
    const sibling = leader.findIndex((l, s) => s < t && l === leader[t]);
    coordinateOf[t] = sibling >= 0 ? coordinateOf[sibling]! : k++;
  }
  const offset = new Float64Array(5);
  const matrix = new Float64Array(5 * k);
  const shared = (t: number): boolean => leader.filter((l) => l === leader[t]).length > 1;
  for (let t = 0; t < 5; t++) {
    if (value[t] !== null) offset[t] = value[t]!;
    else matrix[t * k + coordinateOf[t]!] = 1;
  }
  // A held or shared coefficient is the uncentred one: take its exponent's share of the centring off again.
  for (const [c, exponent, mean] of [
    [A, ALPHA, meanLnN],
    [B, BETA, meanLnD],
  ] as const) {
    if (value[c] === null && !shared(c)) continue;
    if (value[exponent] !== null) offset[c]! -= value[exponent]! * mean;
    else matrix[c * k + coordinateOf[exponent]!]! -= mean;
  }
  const coordinate: Record<SurfaceParameter, number> = {
    E: coordinateOf[E]!,
    A: coordinateOf[A]!,
    B: coordinateOf[B]!,
    alpha: coordinateOf[ALPHA]!,
    beta: coordinateOf[BETA]!,
  };
  return { k, offset, matrix, coordinate, fixed: constraints.fixed, ties: constraints.ties, meanLnN, meanLnD };
}

/** Fills theta (5 centred coordinates) from the free ones. */
export function expand(map: SurfaceMap, z: Float64Array, theta: Float64Array): void {
  for (let t = 0; t < 5; t++) {
    let sum = map.offset[t]!;
    for (let j = 0; j < map.k; j++) sum += map.matrix[t * map.k + j]! * z[j]!;
    theta[t] = sum;
  }
}

/** Natural parameters of a point in free coordinates. */
export function toSurface(map: SurfaceMap, z: Float64Array): Surface {
  const theta = new Float64Array(5);
  expand(map, z, theta);
  const held = (name: SurfaceParameter, otherwise: number): number => map.fixed[name] ?? otherwise;
  const alpha = theta[ALPHA]!;
  const beta = theta[BETA]!;
  return {
    E: held('E', Math.exp(clampExponent(theta[E]!))),
    A: held('A', Math.exp(clampExponent(theta[A]! + alpha * map.meanLnN))),
    B: held('B', Math.exp(clampExponent(theta[B]! + beta * map.meanLnD))),
    alpha,
    beta,
  };
}

/**
 * Free coordinates of given natural parameters (held ones are ignored, of tied ones the first speaks). A zero coefficient
 * has no logarithm: it enters as the `small` share of the loss at the centre of the data.
 */
export function fromSurface(map: SurfaceMap, s: Surface, typicalLoss: number, small = 0.01): Float64Array {
  const z = new Float64Array(map.k);
  const floor = Math.log(small * typicalLoss);
  const set = (name: SurfaceParameter, row: number, theta: number): void => {
    const j = map.coordinate[name];
    if (j < 0) return;
    let rest = 0;
    for (let i = 0; i < map.k; i++) if (i !== j) rest += map.matrix[row * map.k + i]! * z[i]!;
    z[j] = theta - rest - map.offset[row]!;
  };
  const log = (coefficient: number, shift: number): number =>
    coefficient > 0 ? Math.max(Math.log(coefficient) - shift, floor - 20) : floor;
  // Last to first, so that of tied parameters the first named stands; exponents before the coefficients that lean on them.
  set('beta', BETA, s.beta);
  set('alpha', ALPHA, s.alpha);
  const theta = new Float64Array(5);
  expand(map, z, theta);
  set('E', E, log(s.E, 0));
  set('B', B, log(s.B, theta[BETA]! * map.meanLnD));
  set('A', A, log(s.A, theta[ALPHA]! * map.meanLnN));
  return z;
}

/** Residual scale and loss per point; delta is used by huber alone. */
export interface SurfaceLossKind {
  readonly scale: 'ln y' | 'y';
  readonly kind: 'squared' | 'huber';
  readonly delta: number;
}

/**
 * J(z) = divisor⁻¹ Σ w rho(r) with its gradient; r = lnL - lnL_hat or L - L_hat; rho = r² or Huber's r²/2 | delta(|r| - delta/2).
 * Gradient as in Hoffmann et al.'s robust fit: with the terms t_A, t_B, t_E and their sum s, dJ/da' = Σ g t_A,
 * dJ/dalpha = -Σ g t_A (lnN - mean), …, g = -psi(r)/s on the log scale and -psi(r) on the plain one.
 */
export function surfaceObjective(
  data: SurfaceData,
  map: SurfaceMap,
  loss: SurfaceLossKind,
  divisor = 1,
): ObjectiveWithGradient {
  const theta = new Float64Array(5);
  const full = new Float64Array(5);
  const log = loss.scale === 'ln y';
  const squared = loss.kind === 'squared';
  const delta = loss.delta;
  const { u, v, y, weight } = data;
  const target = log ? data.lnY : data.y;
  return (z, gradient) => {
    expand(map, z, theta);
    const a = theta[A]!;
    const b = theta[B]!;
    const alpha = theta[ALPHA]!;
    const beta = theta[BETA]!;
    const tE = theta[E] === Number.NEGATIVE_INFINITY ? 0 : Math.exp(clampExponent(theta[E]!));
    let value = 0;
    let gA = 0;
    let gB = 0;
    let gE = 0;
    let gAlpha = 0;
    let gBeta = 0;
    for (let i = 0, n = data.n; i < n; i++) {
      const ui = u[i]!;
      const vi = v[i]!;
      const pA = a - alpha * ui;
      const pB = b - beta * vi;
      const tA = Math.exp(pA > 700 ? 700 : pA < -700 ? -700 : pA);
      const tB = Math.exp(pB > 700 ? 700 : pB < -700 ? -700 : pB);
      const s = tA + tB + tE;
      let r: number;
      if (log) {
        // Near the surface ln(s/y) by its series in (s-y)/(s+y): the same digits as Math.log at a third of the time.
        const yi = y[i]!;
        const h = (yi - s) / (yi + s);
        if (h < 0.05 && h > -0.05) {
          const q = h * h;
          r = 2 * h * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13))))));
        } else {
          r = target[i]! - Math.log(s);
        }
      } else {
        r = target[i]! - s;
      }
      const w = weight[i]!;
      let psi: number;
      if (squared) {
        value += w * r * r;
        psi = 2 * r;
      } else if (r > delta) {
        value += w * delta * (r - 0.5 * delta);
        psi = delta;
      } else if (r < -delta) {
        value -= w * delta * (r + 0.5 * delta);
        psi = -delta;
      } else {
        value += 0.5 * w * r * r;
        psi = r;
      }
      const g = log ? (-w * psi) / s : -w * psi;
      const gtA = g * tA;
      const gtB = g * tB;
      gA += gtA;
      gB += gtB;
      gE += g;
      gAlpha -= gtA * ui;
      gBeta -= gtB * vi;
    }
    full[A] = gA;
    full[B] = gB;
    full[E] = gE * tE;
    full[ALPHA] = gAlpha;
    full[BETA] = gBeta;
    const k = map.k;
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let t = 0; t < 5; t++) sum += map.matrix[t * k + j]! * full[t]!;
      gradient[j] = sum / divisor;
    }
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value / divisor;
  };
}

/**
 * Gauss–Newton matrix Σ w (psi(r)/r) ∇ ∇ᵀ of the same objective in free coordinates (k × k, row-major), the quadratic that
 * majorises a robust loss at z (iteratively reweighted least squares). Its inverse is BFGS's first metric.
 */
export function surfaceCurvature(
  data: SurfaceData,
  map: SurfaceMap,
  loss: SurfaceLossKind,
  z: Float64Array,
  divisor = 1,
): Float64Array {
  const theta = new Float64Array(5);
  expand(map, z, theta);
  const k = map.k;
  const h = new Float64Array(25);
  const row = new Float64Array(5);
  const log = loss.scale === 'ln y';
  const tE = theta[E] === Number.NEGATIVE_INFINITY ? 0 : Math.exp(clampExponent(theta[E]!));
  for (let i = 0; i < data.n; i++) {
    const ui = data.u[i]!;
    const vi = data.v[i]!;
    const tA = Math.exp(clampExponent(theta[A]! - theta[ALPHA]! * ui));
    const tB = Math.exp(clampExponent(theta[B]! - theta[BETA]! * vi));
    const s = tA + tB + tE;
    const r = log ? data.lnY[i]! - Math.log(s) : data.y[i]! - s;
    const size = Math.abs(r);
    const omega = loss.kind === 'squared' ? 2 : size <= loss.delta ? 1 : loss.delta / size;
    const factor = data.weight[i]! * omega * (log ? 1 / (s * s) : 1);
    row[A] = tA;
    row[B] = tB;
    row[E] = tE;
    row[ALPHA] = -tA * ui;
    row[BETA] = -tB * vi;
    for (let p = 0; p < 5; p++) for (let q = 0; q <= p; q++) h[p * 5 + q]! += factor * row[p]! * row[q]!;
  }
  for (let p = 0; p < 5; p++) for (let q = p + 1; q < 5; q++) h[p * 5 + q] = h[q * 5 + p]!;
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let p = 0; p < 5; p++) {
        const mp = map.matrix[p * k + i]!;
        if (mp === 0) continue;
        for (let q = 0; q < 5; q++) sum += mp * h[p * 5 + q]! * map.matrix[q * k + j]!;
      }
      out[i * k + j] = sum / divisor;
    }
  }
  return out;
}
