/**
 * Fits that look at the lower edge of the data on purpose. The lower envelope (kyo-takano/chinchilla): a prediction above a
 * measured loss costs ten times one below, so the surface slides under the points. The frontier loss: ln L of the best runs
 * against compute, with an irreducible part. Both are biased low and must be labelled so.
 */
import { minimizeBfgs, type ObjectiveWithGradient } from '../stats/bfgs.ts';
import { invertSpd } from './chinchilla-robust.ts';
import {
  expand,
  fromSurface,
  NO_CONSTRAINTS,
  type Surface,
  type SurfaceData,
  type SurfaceMap,
  surfaceCurvature,
  surfaceMap,
  toSurface,
} from './chinchilla-surface.ts';
import { fitVpnls, surfaceProfile, typical } from './chinchilla-vpnls.ts';

/** What a prediction above the measured loss costs, relative to one below. */
export const ENVELOPE_WEIGHT = 10;

interface EnvelopeFit {
  readonly surface: Surface;
  /** Mean over points of e where e = L - L_hat >= 0, else 10 |e|. */
  readonly value: number;
  readonly converged: boolean;
  readonly starts: { readonly tried: number; readonly atOptimum: number };
}

/** Lower-envelope fit; null when the points do not determine a surface. */
export function fitEnvelope(data: SurfaceData, stop: () => boolean = () => false): EnvelopeFit | null {
  const map = surfaceMap(NO_CONSTRAINTS, data.meanLnN, data.meanLnD);
  if (typeof map === 'string') return null;
  const vpnls = fitVpnls(data, map, stop);
  if (vpnls === null) return null;
  const middle = typical(data);
  const begins = [fromSurface(map, vpnls.surface, middle)];
  const profile = surfaceProfile(data, map);
  for (const [alpha, beta] of [
    [0.25, 0.25],
    [0.3, 0.45],
    [0.5, 0.3],
  ] as const) {
    if (Number.isFinite(profile.rss(alpha, beta))) {
      begins.push(fromSurface(map, { ...profile.coefficients(), alpha, beta }, middle));
    }
  }
  let best: { z: Float64Array; value: number; converged: boolean } | null = null;
  const ends: number[] = [];
  for (const begin of begins) {
    let z: Float64Array = begin;
    let converged = false;
    for (const width of [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]) {
      const curvature = invertSpd(
        surfaceCurvature(data, map, { scale: 'y', kind: 'huber', delta: width }, z, width * data.n),
        map.k,
      );
      const end = minimizeBfgs(envelopeObjective(data, map, width), z, {
        stop,
        gradientTolerance: 1e-10,
        valueTolerance: 1e-14,
        ...(curvature === null ? {} : { inverseHessian: curvature }),
      });
      if (!Number.isFinite(end.value)) break;
      z = end.x;
      converged = end.converged;
    }
    const value = envelopeObjective(data, map, 1e-13)(z, new Float64Array(map.k));
    if (!Number.isFinite(value)) continue;
    ends.push(value);
    if (best === null || value < best.value) best = { z, value, converged };
  }
  if (best === null) return null;
  const lowest = best.value;
  return {
    surface: toSurface(map, best.z),
    value: best.value,
    converged: best.converged,
    starts: { tried: ends.length, atOptimum: ends.filter((value) => value <= lowest * (1 + 1e-4)).length },
  };
}

/** Mean asymmetric absolute error, rounded to parabolas within `width` of zero; exact gradient. */
function envelopeObjective(data: SurfaceData, map: SurfaceMap, width: number): ObjectiveWithGradient {
  const theta = new Float64Array(5);
  const full = new Float64Array(5);
  const { n } = data;
  return (z, gradient) => {
    expand(map, z, theta);
    const [a = 0, b = 0, e = 0, alpha = 0, beta = 0] = theta;
    const tE = Math.exp(e > 700 ? 700 : e);
    full.fill(0);
    let value = 0;
    for (let i = 0; i < n; i++) {
      const pA = a - alpha * data.u[i]!;
      const pB = b - beta * data.v[i]!;
      const tA = Math.exp(pA > 700 ? 700 : pA);
      const tB = Math.exp(pB > 700 ? 700 : pB);
      const miss = data.y[i]! - tA - tB - tE;
      const side = miss >= 0 ? 1 : ENVELOPE_WEIGHT;
      const size = Math.abs(miss);
      let slope = Math.sign(miss) * side;
      if (size < width) {
        value += (side * size * size) / (2 * width);
        slope = (side * miss) / width;
      } else {
        value += side * (size - width / 2);
      }
      const g = -slope / n;
      full[0]! += g * tA;
      full[1]! += g * tB;
      full[2]! += g * tE;
      full[3]! -= g * tA * data.u[i]!;
      full[4]! -= g * tB * data.v[i]!;
    }
    for (let j = 0; j < map.k; j++) {
      let sum = 0;
      for (let t = 0; t < 5; t++) sum += map.matrix[t * map.k + j]! * full[t]!;
      gradient[j] = sum;
    }
    return Number.isFinite(value) ? value / n : Number.POSITIVE_INFINITY;
  };
}

interface FrontierLoss {
  readonly A: number;
  readonly alpha: number;
  readonly E: number;
  /** Σ Huber(ln L - ln L_hat), delta 1e-3. */
  readonly value: number;
  readonly starts: { readonly tried: number; readonly atOptimum: number };
}

/**
 * ln L = logaddexp(ln A - alpha ln C, ln E), Huber with delta 1e-3 from the starts alpha {0, .1, .2, .3} × e {-1, -.5, 0, .5, 1} ×
 * a {0, 5, …, 25} (Porian et al., arXiv 2406.19146). Null for fewer than four points.
 */
export function fitFrontierLoss(compute: ArrayLike<number>, loss: ArrayLike<number>): FrontierLoss | null {
  const n = compute.length;
  if (n < 4) return null;
  const lnC = Float64Array.from(compute, Math.log);
  const lnL = Float64Array.from(loss, Math.log);
  if (!lnC.every(Number.isFinite) || !lnL.every(Number.isFinite)) return null;
  const mean = lnC.reduce((sum, value) => sum + value / n, 0);
  const objective =
    (delta: number): ObjectiveWithGradient =>
    (z, gradient) => {
      gradient.fill(0);
      let value = 0;
      for (let i = 0; i < n; i++) {
        const d = lnC[i]! - mean;
        const p = z[0]! - z[2]! * d;
        const q = z[1]!;
        const share = 1 / (1 + Math.exp(Math.min(700, q - p)));
        const r = lnL[i]! - Math.max(p, q) - Math.log1p(Math.exp(-Math.abs(p - q)));
        const size = Math.abs(r);
        value += size <= delta ? (r * r) / 2 : delta * (size - delta / 2);
        const g = -(size <= delta ? r : Math.sign(r) * delta) / delta;
        gradient[0]! += g * share;
        gradient[1]! += g * (1 - share);
        gradient[2]! -= g * share * d;
      }
      return Number.isFinite(value) ? value / delta : Number.POSITIVE_INFINITY;
    };
  let best: { z: Float64Array; value: number } | null = null;
  const ends: number[] = [];
  for (const alpha of [0, 0.1, 0.2, 0.3]) {
    for (const e of [-1, -0.5, 0, 0.5, 1]) {
      for (let a = 0; a <= 25; a += 5) {
        let z: Float64Array = Float64Array.of(a - alpha * mean, e, alpha);
        let value = Number.POSITIVE_INFINITY;
        for (const delta of [0.1, 0.01, 0.001]) {
          const end = minimizeBfgs(
            objective(delta),
            z,
            delta === 0.001 ? {} : { gradientTolerance: 1e-3, valueTolerance: 1e-5 },
          );
          if (!Number.isFinite(end.value)) break;
          z = end.x;
          value = end.value * delta;
        }
        if (!Number.isFinite(value)) continue;
        ends.push(value);
        if (best === null || value < best.value) best = { z, value };
      }
    }
  }
  if (best === null) return null;
  const lowest = best.value;
  const [a = 0, e = 0, alpha = 0] = best.z;
  const result = { A: Math.exp(a + alpha * mean), alpha, E: Math.exp(e), value: best.value };
  if (!Object.values(result).every(Number.isFinite)) return null;
  return {
    ...result,
    starts: { tried: ends.length, atOptimum: ends.filter((value) => value <= lowest * (1 + 1e-6) + 1e-16).length },
  };
}
