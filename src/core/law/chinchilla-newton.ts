/**
 * Newton's method on the N, D surface. One pass over the points gives the objective, its gradient and its exact matrix of
 * second derivatives, so that a descent takes a dozen passes where a quasi-Newton one takes a hundred, and a first fit in
 * a process compiles one hot loop instead of five. Steps are damped as in Levenberg–Marquardt on the diagonal of the
 * reweighted (majorising) matrix, which is positive where the exact one is not.
 */
import { choleskyDescent, choleskyFactor } from '../stats/cholesky.ts';
import { expand, type SurfaceData, type SurfaceLossKind, type SurfaceMap } from './chinchilla-surface.ts';

interface NewtonResult {
  /** Free coordinates. */
  readonly z: Float64Array;
  /** Σ w rho(r). */
  readonly value: number;
  readonly converged: boolean;
  readonly evaluations: number;
}

interface NewtonOptions {
  /** Share of the value that a step must promise to be worth taking. */
  readonly tolerance: number;
  readonly maxEvaluations?: number;
  readonly stop: () => boolean;
}

/** Places of the centred coordinates a', b', e, alpha, beta (chinchilla-surface.ts). */
const A = 0;
const B = 1;
const E = 2;
const ALPHA = 3;
const BETA = 4;

/** What one pass leaves behind, in centred coordinates. */
interface Pass {
  value: number;
  readonly gradient: Float64Array;
  /** 5 × 5, lower triangle. */
  readonly hessian: Float64Array;
  /** Diagonal of the majorising matrix. */
  readonly diagonal: Float64Array;
}

const newPass = (): Pass => ({
  value: 0,
  gradient: new Float64Array(5),
  hessian: new Float64Array(25),
  diagonal: new Float64Array(5),
});

/**
 * Value, gradient and second derivatives at theta (five centred coordinates). With p_k = t_k/s on the log scale and t_k on
 * the plain one, x_k the derivative of the exponent of term k and q = Σ p_k x_k the gradient of the prediction,
 * ∇J = -Σ w psi q and ∇²J = Σ w [(psi' + psi) q q' - psi Σ p_k x_k x_k'], without the psi in the bracket on the plain scale.
 */
function pass(data: SurfaceData, loss: SurfaceLossKind, theta: Float64Array, out: Pass): void {
  const { u, v, y, lnY, weight, n } = data;
  const log = loss.scale === 'ln y';
  const squared = loss.kind === 'squared';
  const delta = loss.delta;
  const a = theta[A] as number;
  const b = theta[B] as number;
  const alpha = theta[ALPHA] as number;
  const beta = theta[BETA] as number;
  const e = theta[E] as number;
  const tE = e === Number.NEGATIVE_INFINITY ? 0 : Math.exp(e > 700 ? 700 : e < -700 ? -700 : e);
  let value = 0;
  let gA = 0;
  let gB = 0;
  let gE = 0;
  let gAu = 0;
  let gBv = 0;
  // Σ c q_i q_j by terms and powers of u and v, and Σ d p_k x_k x_k'.
  let aa = 0;
  let aau = 0;
  let aauu = 0;
  let ab = 0;
  let abu = 0;
  let abv = 0;
  let abuv = 0;
  let ae = 0;
  let aeu = 0;
  let bb = 0;
  let bbv = 0;
  let bbvv = 0;
  let be = 0;
  let bev = 0;
  let ee = 0;
  let dA = 0;
  let dAu = 0;
  let dAuu = 0;
  let dB = 0;
  let dBv = 0;
  let dBvv = 0;
  let dE = 0;
  let mA = 0;
  let mAuu = 0;
  let mB = 0;
  let mBvv = 0;
  let mE = 0;
  for (let i = 0; i < n; i++) {
    const ui = u[i] as number;
    const vi = v[i] as number;
    const lA = a - alpha * ui;
    const lB = b - beta * vi;
    let pA = Math.exp(lA > 700 ? 700 : lA < -700 ? -700 : lA);
    let pB = Math.exp(lB > 700 ? 700 : lB < -700 ? -700 : lB);
    let pE = tE;
    const s = pA + pB + pE;
    const yi = y[i] as number;
    let r = yi - s;
    if (log) {
      const inverse = 1 / s;
      pA *= inverse;
      pB *= inverse;
      pE *= inverse;
      // Near the surface ln(y/s) by its series in (y-s)/(y+s): the same digits as Math.log at a third of the time.
      const h = r / (yi + s);
      if (h < 0.05 && h > -0.05) {
        const q = h * h;
        r = 2 * h * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13))))));
      } else r = (lnY[i] as number) - Math.log(s);
    }
    const w = weight[i] as number;
    // psi, psi' and psi/r, all times the weight.
    let psi: number;
    let bend: number;
    let share: number;
    if (squared) {
      value += w * r * r;
      share = 2 * w;
      psi = share * r;
      bend = share;
    } else if (r > delta || r < -delta) {
      const size = r < 0 ? -r : r;
      value += w * delta * (size - 0.5 * delta);
      psi = r < 0 ? -w * delta : w * delta;
      bend = 0;
      share = (w * delta) / size;
    } else {
      value += 0.5 * w * r * r;
      psi = w * r;
      bend = w;
      share = w;
    }
    gA -= psi * pA;
    gB -= psi * pB;
    gE -= psi * pE;
    const psiAu = psi * pA * ui;
    const psiBv = psi * pB * vi;
    gAu += psiAu;
    gBv += psiBv;
    dA += psi * pA;
    dAu += psiAu;
    dAuu += psiAu * ui;
    dB += psi * pB;
    dBv += psiBv;
    dBvv += psiBv * vi;
    dE += psi * pE;
    const c = log ? bend + psi : bend;
    const cA = c * pA;
    const cB = c * pB;
    const cAA = cA * pA;
    const cBB = cB * pB;
    const cAB = cA * pB;
    const cAE = cA * pE;
    const cBE = cB * pE;
    aa += cAA;
    aau += cAA * ui;
    aauu += cAA * ui * ui;
    ab += cAB;
    abu += cAB * ui;
    abv += cAB * vi;
    abuv += cAB * ui * vi;
    ae += cAE;
    aeu += cAE * ui;
    bb += cBB;
    bbv += cBB * vi;
    bbvv += cBB * vi * vi;
    be += cBE;
    bev += cBE * vi;
    ee += c * pE * pE;
    const sAA = share * pA * pA;
    const sBB = share * pB * pB;
    mA += sAA;
    mAuu += sAA * ui * ui;
    mB += sBB;
    mBvv += sBB * vi * vi;
    mE += share * pE * pE;
  }
  out.value = value === value ? value : Number.POSITIVE_INFINITY;
  const g = out.gradient;
  g[A] = gA;
  g[B] = gB;
  g[E] = gE;
  g[ALPHA] = gAu;
  g[BETA] = gBv;
  // x_A = (1, 0, 0, -u, 0), x_B = (0, 1, 0, 0, -v), x_E = (0, 0, 1, 0, 0).
  const h = out.hessian;
  h[A * 5 + A] = aa - dA;
  h[B * 5 + A] = ab;
  h[B * 5 + B] = bb - dB;
  h[E * 5 + A] = ae;
  h[E * 5 + B] = be;
  h[E * 5 + E] = ee - dE;
  h[ALPHA * 5 + A] = dAu - aau;
  h[ALPHA * 5 + B] = -abu;
  h[ALPHA * 5 + E] = -aeu;
  h[ALPHA * 5 + ALPHA] = aauu - dAuu;
  h[BETA * 5 + A] = -abv;
  h[BETA * 5 + B] = dBv - bbv;
  h[BETA * 5 + E] = -bev;
  h[BETA * 5 + ALPHA] = abuv;
  h[BETA * 5 + BETA] = bbvv - dBvv;
  const m = out.diagonal;
  m[A] = mA;
  m[B] = mB;
  m[E] = mE;
  m[ALPHA] = mAuu;
  m[BETA] = mBvv;
}

/** Gradient, matrix and diagonal in the map's free coordinates (k, k × k lower triangle, k). */
function reduce(map: SurfaceMap, at: Pass, gradient: Float64Array, h: Float64Array, diagonal: Float64Array): void {
  const { k, matrix } = map;
  for (let i = 0; i < k; i++) {
    let g = 0;
    let d = 0;
    for (let p = 0; p < 5; p++) {
      const m = matrix[p * k + i] as number;
      g += m * (at.gradient[p] as number);
      d += m * m * (at.diagonal[p] as number);
    }
    gradient[i] = g;
    diagonal[i] = d;
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < 5; p++) {
        const left = matrix[p * k + i] as number;
        if (left === 0) continue;
        for (let q = 0; q < 5; q++) {
          const right = matrix[q * k + j] as number;
          if (right === 0) continue;
          sum += left * right * ((p >= q ? at.hessian[p * 5 + q] : at.hessian[q * 5 + p]) as number);
        }
      }
      h[i * k + j] = sum;
    }
  }
}

/** Step accepted when the value falls by this share of the promise. */
const SUFFICIENT = 1e-4;
const FIRST_DAMPING = 1e-3;

/** Minimises Σ w rho(r) from `start`; `converged` where the next step would promise less than the tolerance. */
export function descendNewton(
  data: SurfaceData,
  map: SurfaceMap,
  loss: SurfaceLossKind,
  start: Float64Array,
  options: NewtonOptions,
): NewtonResult {
  const k = map.k;
  const theta = new Float64Array(5);
  const z = Float64Array.from(start);
  const next = new Float64Array(k);
  const step = new Float64Array(k);
  const gradient = new Float64Array(k);
  const h = new Float64Array(k * k);
  const diagonal = new Float64Array(k);
  const added = new Float64Array(k);
  const factor = new Float64Array(k * k);
  const limit = options.maxEvaluations ?? 150;
  let here = newPass();
  let there = newPass();
  expand(map, z, theta);
  pass(data, loss, theta, here);
  let evaluations = 1;
  let damping = FIRST_DAMPING;
  let growth = 4;
  let fresh = true;
  let converged = k === 0 || here.value === 0;
  while (!converged && evaluations < limit && Number.isFinite(here.value) && !options.stop()) {
    if (fresh) {
      reduce(map, here, gradient, h, diagonal);
      fresh = false;
    }
    for (let j = 0; j < k; j++) added[j] = damping * (diagonal[j] as number);
    if (!choleskyFactor(h, k, null, added, 0, factor)) {
      if (damping > 1e12) break;
      damping = Math.max(10 * damping, 1e-3);
      continue;
    }
    // -g'δ = δ'(H + λD)δ; the model promises half of it and half of λ δ'Dδ.
    let promised = choleskyDescent(factor, k, null, gradient, step);
    let size = 0;
    for (let j = 0; j < k; j++) {
      const move = step[j] as number;
      promised += (added[j] as number) * move * move;
      size = Math.max(size, Math.abs(move) / (1 + Math.abs(z[j] as number)));
      next[j] = (z[j] as number) + move;
    }
    promised /= 2;
    if (size < 1e-14 || (promised <= options.tolerance * here.value && damping <= 1)) {
      converged = true;
      break;
    }
    expand(map, next, theta);
    pass(data, loss, theta, there);
    evaluations++;
    const decrease = here.value - there.value;
    if (decrease > SUFFICIENT * promised) {
      z.set(next);
      const before = here;
      here = there;
      there = before;
      fresh = true;
      const swing = (2 * decrease) / promised - 1;
      damping *= Math.max(0.1, 1 - swing * swing * swing);
      if (decrease > 0.75 * promised) damping *= 0.3;
      damping = Math.max(damping, 1e-15);
      growth = 4;
      if (here.value === 0) converged = true;
    } else {
      // Nothing left but rounding: this is as low as the arithmetic sees.
      if (Math.abs(decrease) <= 1e-14 * here.value && promised <= 1e-11 * here.value) {
        converged = true;
        break;
      }
      if (damping > 1e14) break;
      damping = Math.max(damping * growth, 1e-8);
      growth *= 2;
    }
  }
  return { z, value: here.value, converged, evaluations };
}
