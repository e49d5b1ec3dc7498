/**
 * Step two of the ladder (OLMo-ladder, arXiv 2412.04403): accuracy from task loss, acc = b + a s(k (L - L0)) with a in [-1, 0],
 * b in [0, 1], k and L0 >= 0, anchored at (loss 0, accuracy 1). For given (k, L0) the best bounded (a, b) is exact, so two
 * variables are searched.
 */
import { logistic } from '../stats/logistic.ts';
import { minimizeNelderMead } from '../stats/nelder-mead.ts';
import { quantileSorted, sortedCopy } from '../stats/quantile.ts';

interface AccuracyData {
  readonly loss: Float64Array;
  /** As a share of the best score. */
  readonly accuracy: Float64Array;
  /** Per point; the anchor has weight one. */
  readonly weights: Float64Array | null;
}

/** (a, b, k, L0). */
type AccuracyTheta = Float64Array;

export interface AccuracyFit {
  readonly theta: AccuracyTheta;
  /** Σ w (acc - acc_hat)², the anchor included. */
  readonly rss: number;
  readonly converged: boolean;
  readonly tried: number;
  readonly atOptimum: number;
  readonly atBound: readonly ('a' | 'b' | 'k' | 'L0')[];
}

/** Accuracy at a task loss. */
export function accuracyAtLoss(theta: AccuracyTheta, loss: number): number {
  return theta[1]! + theta[0]! * logistic(theta[2]! * (loss - theta[3]!));
}

/** d accuracy / d (a, b, k, L0). */
export function accuracyGradient(theta: AccuracyTheta, loss: number, out: Float64Array): void {
  const [a = 0, , k = 0, L0 = 0] = theta;
  const s = logistic(k * (loss - L0));
  const slope = a * s * (1 - s);
  out[0] = s;
  out[1] = 1;
  out[2] = slope * (loss - L0);
  out[3] = -slope * k;
}

/**
 * Bounded least squares with the anchor. `start` (k, L0) skips the grid of starts: a warm refit. Null when no start has a
 * finite value.
 */
export function solveAccuracy(data: AccuracyData, start: readonly [number, number] | null = null): AccuracyFit | null {
  const profile = accuracyProfile(data);
  let best: Descent | null = null;
  const ends: number[] = [];
  if (start !== null) best = descend(data, profile, start[0], start[1]);
  else {
    const sorted = sortedCopy(data.loss);
    const middle = quantileSorted(sorted, 0.5);
    const span = Math.max(quantileSorted(sorted, 0.95) - quantileSorted(sorted, 0.05), 1e-3 * middle);
    const begins: (readonly [number, number])[] = [[3 / Math.max(middle, 1e-6), 0.9 * middle]];
    for (const steep of [2, 8]) for (const p of [0.05, 0.5]) begins.push([steep / span, quantileSorted(sorted, p)]);
    for (const [k, L0] of begins) {
      const rough = minimizeNelderMead((x) => profile(Math.exp(x[0]!), x[1]!).rss, Float64Array.of(Math.log(k), L0), {
        pointTolerance: 1e-2,
        valueTolerance: Number.POSITIVE_INFINITY,
        maxIterations: 80,
      });
      if (!Number.isFinite(rough.value)) continue;
      const end = descend(data, profile, Math.exp(rough.x[0]!), rough.x[1]!);
      ends.push(end.inner.rss);
      if (best === null || end.inner.rss < best.inner.rss) best = end;
    }
  }
  if (best === null || !Number.isFinite(best.inner.rss)) return null;
  const { k, L0, inner } = best;
  const theta = Float64Array.of(inner.a, inner.b, k, L0);
  if (!theta.every(Number.isFinite)) return null;
  const atBound: ('a' | 'b' | 'k' | 'L0')[] = [];
  if (inner.a === 0 || inner.a === -1) atBound.push('a');
  if (inner.b === 0 || inner.b === 1) atBound.push('b');
  if (L0 < 1e-9) atBound.push('L0');
  if (k < 1e-6) atBound.push('k');
  return {
    theta,
    rss: inner.rss,
    converged: best.converged,
    tried: Math.max(1, ends.length),
    atOptimum: start === null ? ends.filter((value) => value <= inner.rss * (1 + 1e-6) + 1e-15).length : 1,
    atBound,
  };
}

interface Inner {
  readonly a: number;
  readonly b: number;
  readonly rss: number;
}

interface Descent {
  readonly k: number;
  readonly L0: number;
  readonly inner: Inner;
  readonly converged: boolean;
}

/**
 * Levenberg–Marquardt in (ln k, L0) on the projected problem: the Gauss–Newton step of all free parameters is solved, its
 * nonlinear part taken, (a, b) solved exactly again.
 */
function descend(data: AccuracyData, profile: (k: number, L0: number) => Inner, k0: number, L00: number): Descent {
  let k = k0;
  let L0 = Math.max(L00, 0);
  let inner = profile(k, L0);
  let damping = 1e-4;
  for (let round = 0; round < 60 && Number.isFinite(inner.rss); round++) {
    const normal = normalEquations(data, k, L0, inner);
    let moved = false;
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = solveStep(normal, damping);
      if (step !== null) {
        const nextK = k * Math.exp(Math.max(-2, Math.min(2, step[0])));
        const nextL0 = Math.max(0, L0 + step[1]);
        const next = profile(nextK, nextL0);
        const size = Math.max(Math.abs(Math.log(nextK / k)), Math.abs(nextL0 - L0) / Math.max(L0, 1e-12));
        if (next.rss <= inner.rss) {
          const gain = inner.rss - next.rss;
          [k, L0, inner] = [nextK, nextL0, next];
          damping = Math.max(damping / 10, 1e-12);
          if (size < 1e-10 || gain <= 1e-14 * inner.rss) return { k, L0, inner, converged: true };
          moved = true;
          break;
        }
        if (size < 1e-9) return { k, L0, inner, converged: true };
      }
      damping *= 10;
    }
    if (!moved) return { k, L0, inner, converged: true };
  }
  return { k, L0, inner, converged: false };
}

/** Gram matrix and right side of [free of (a, b)] and (ln k, L0); held ones have a unit diagonal. */
function normalEquations(
  data: AccuracyData,
  k: number,
  L0: number,
  inner: Inner,
): { h: Float64Array; g: Float64Array } {
  const h = new Float64Array(16);
  const g = new Float64Array(4);
  const row = new Float64Array(4);
  const theta = Float64Array.of(inner.a, inner.b, k, L0);
  const add = (loss: number, accuracy: number, w: number): void => {
    accuracyGradient(theta, loss, row);
    row[2]! *= k;
    if (inner.a === 0 || inner.a === -1) row[0] = 0;
    if (inner.b === 0 || inner.b === 1) row[1] = 0;
    const r = accuracy - accuracyAtLoss(theta, loss);
    for (let i = 0; i < 4; i++) {
      g[i]! += w * r * row[i]!;
      for (let j = 0; j <= i; j++) h[i * 4 + j]! += w * row[i]! * row[j]!;
    }
  };
  for (let i = 0; i < data.loss.length; i++) {
    const w = data.weights === null ? 1 : data.weights[i]!;
    if (w > 0) add(data.loss[i]!, data.accuracy[i]!, w);
  }
  add(0, 1, 1);
  for (let i = 0; i < 2; i++) if (h[i * 4 + i] === 0) h[i * 4 + i] = 1;
  return { h, g };
}

/** (step in ln k, step in L0), damped on those two; null when singular. */
function solveStep({ h, g }: { h: Float64Array; g: Float64Array }, damping: number): [number, number] | null {
  const l = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = h[i * 4 + j]! * (i === j && i >= 2 ? 1 + damping : 1);
      for (let t = 0; t < j; t++) sum -= l[i * 4 + t]! * l[j * 4 + t]!;
      if (i === j) {
        if (!(sum > 1e-15 * h[i * 4 + i]!)) return null;
        l[i * 4 + i] = Math.sqrt(sum);
      } else {
        l[i * 4 + j] = sum / l[j * 4 + j]!;
      }
    }
  }
  const z = Float64Array.from(g);
  for (let i = 0; i < 4; i++) {
    for (let t = 0; t < i; t++) z[i]! -= l[i * 4 + t]! * z[t]!;
    z[i]! /= l[i * 4 + i]!;
  }
  for (let i = 3; i >= 0; i--) {
    for (let t = i + 1; t < 4; t++) z[i]! -= l[t * 4 + i]! * z[t]!;
    z[i]! /= l[i * 4 + i]!;
  }
  return [z[2]!, z[3]!];
}

/** The best (a, b) inside their bounds for given (k, L0): the convex 2 × 2 problem solved on every face. */
function accuracyProfile(data: AccuracyData): (k: number, L0: number) => Inner {
  const { loss, accuracy, weights } = data;
  const n = loss.length;
  const s = new Float64Array(n);
  return (k, L0) => {
    if (!(L0 >= 0) || !(k > 0) || !Number.isFinite(k))
      return { a: Number.NaN, b: Number.NaN, rss: Number.POSITIVE_INFINITY };
    const anchor = logistic(-k * L0);
    let w0 = 1;
    let w1 = anchor;
    let w2 = anchor * anchor;
    let y0 = 1;
    let y1 = anchor;
    for (let i = 0; i < n; i++) {
      const si = logistic(k * (loss[i]! - L0));
      s[i] = si;
      const w = weights === null ? 1 : weights[i]!;
      w0 += w;
      w1 += w * si;
      w2 += w * si * si;
      y0 += w * accuracy[i]!;
      y1 += w * si * accuracy[i]!;
    }
    const rss = (a: number, b: number): number => {
      let sum = (1 - b - a * anchor) ** 2;
      for (let i = 0; i < n; i++) {
        const r = accuracy[i]! - b - a * s[i]!;
        sum += (weights === null ? 1 : weights[i]!) * r * r;
      }
      return sum;
    };
    const determinant = w0 * w2 - w1 * w1;
    let best = { a: Number.NaN, b: Number.NaN, rss: Number.POSITIVE_INFINITY };
    const offer = (a: number, b: number): void => {
      if (!(a >= -1 && a <= 0 && b >= 0 && b <= 1)) return;
      const value = rss(a, b);
      if (value < best.rss) best = { a, b, rss: value };
    };
    if (determinant > 1e-14 * w0 * w2) {
      const a = (w0 * y1 - w1 * y0) / determinant;
      const b = (w2 * y0 - w1 * y1) / determinant;
      offer(a, b);
      if (Number.isFinite(best.rss)) return best;
    }
    const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
    for (const a of [-1, 0]) offer(a, clamp((y0 - a * w1) / w0, 0, 1));
    if (w2 > 0) for (const b of [0, 1]) offer(clamp((y1 - b * w1) / w2, -1, 0), b);
    return best;
  };
}
