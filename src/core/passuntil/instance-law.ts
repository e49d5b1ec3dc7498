/**
 * The task law of a single instance by maximum likelihood, Σ s ln p + (K−s) ln(1−p) with p = exp(−exp(ln c − α ln N)):
 * the same likelihood serves stopped and capped draws, zeros and ones (emergence.md §5.2). A normal prior on (ln c, α)
 * makes every instance fittable; its empirical form shares what the instances have in common.
 *
 * ln c and α are strongly correlated for N in plain parameters, so the work is done with N in units of `unit`.
 */
import { fitLine } from '../stats/linear.ts';
import { minimiseNewton } from './newton.ts';

export interface InstancePoint {
  /** N, parameters. */
  readonly params: number;
  readonly passes: number;
  readonly trials: number;
}

/** Normal prior on (ln c, α), ln c for N in units of `unit` parameters. */
export interface InstancePrior {
  readonly unit: number;
  readonly lnC: { readonly mean: number; readonly sd: number };
  readonly alpha: { readonly mean: number; readonly sd: number };
}

export interface InstanceFit {
  /** ln c for N in plain parameters. */
  readonly lnC: number;
  readonly alpha: number;
  readonly method: 'likelihood' | 'prior';
  readonly converged: boolean;
  /** Negative log-likelihood (plus prior) at the optimum. */
  readonly value: number;
}

const UNIT = 1e9;

/**
 * Fits one instance.
 * @param offset added to F at a size (parameters): what the line leaves over, e.g. a bend common to all instances
 * @param near a fit of nearly the same problem: the search starts there, and nowhere else if it converges
 * @returns null without a prior when fewer than two sizes have a pass (the likelihood has no interior maximum)
 */
export function fitInstance(
  points: readonly InstancePoint[],
  prior: InstancePrior | null,
  offset?: (params: number) => number,
  near?: InstanceFit | null,
): InstanceFit | null {
  const rows = points.filter((p) => p.trials > 0 && p.params > 0);
  const withPass = new Set(rows.filter((p) => p.passes > 0).map((p) => p.params)).size;
  if (prior === null && withPass < 2) return null;
  if (rows.length === 0 && prior === null) return null;
  const unit = prior?.unit ?? UNIT;
  const u = rows.map((p) => Math.log(p.params / unit));
  const shift = offset === undefined ? null : rows.map((p) => offset(p.params));
  const objective = (a: number, alpha: number) => evaluate(rows, u, shift, a, alpha, prior);
  let best: { a: number; alpha: number; value: number; converged: boolean } | null = null;
  if (near !== undefined && near !== null) {
    const end = minimiseNewton(objective, near.lnC - near.alpha * Math.log(unit), near.alpha);
    if (end.converged) best = end;
  }
  for (const [a, alpha] of best === null ? startPoints(rows, u, prior) : []) {
    const end = minimiseNewton(objective, a, alpha);
    if (best === null || end.value < best.value) best = end;
  }
  if (best === null) return null;
  return {
    lnC: best.a + best.alpha * Math.log(unit),
    alpha: best.alpha,
    method: prior === null ? 'likelihood' : 'prior',
    converged: best.converged,
    value: best.value,
  };
}

/** Value, gradient and Hessian of the penalised negative log-likelihood in (a = ln c, α). */
function evaluate(
  rows: readonly InstancePoint[],
  u: readonly number[],
  shift: readonly number[] | null,
  a: number,
  alpha: number,
  prior: InstancePrior | null,
): readonly [value: number, ga: number, gAlpha: number, haa: number, haAlpha: number, hAlphaAlpha: number] {
  let value = 0;
  let ga = 0;
  let gb = 0;
  let haa = 0;
  let hab = 0;
  let hbb = 0;
  for (let i = 0; i < rows.length; i++) {
    const { passes: s, trials: k } = rows[i] as InstancePoint;
    const x = u[i] as number;
    const eta = a - alpha * x + (shift?.[i] ?? 0);
    const clamped = Math.min(8, Math.max(-30, eta));
    const m = Math.exp(clamped);
    // 1 − p = −expm1(−m) keeps its digits when p is near 1.
    const q = -Math.expm1(-m);
    const failures = k - s;
    value += s * m - (failures > 0 ? failures * Math.log(q) : 0);
    if (clamped !== eta) continue;
    const p = Math.exp(-m);
    const ratio = q > 0 ? (m * p) / q : 1;
    const g = s * m - failures * ratio;
    // d ratio / d eta = ratio (1 − m − ratio)
    const h = s * m - failures * ratio * (1 - m - ratio);
    ga += g;
    gb -= g * x;
    haa += h;
    hab -= h * x;
    hbb += h * x * x;
  }
  if (prior !== null) {
    const da = (a - prior.lnC.mean) / prior.lnC.sd;
    const db = (alpha - prior.alpha.mean) / prior.alpha.sd;
    value += (da * da + db * db) / 2;
    ga += da / prior.lnC.sd;
    gb += db / prior.alpha.sd;
    haa += 1 / prior.lnC.sd ** 2;
    hbb += 1 / prior.alpha.sd ** 2;
  }
  return [value, ga, gb, haa, hab, hbb];
}

/** The line through the sizes' own F, and a few plain guesses. */
function startPoints(
  rows: readonly InstancePoint[],
  u: readonly number[],
  prior: InstancePrior | null,
): [number, number][] {
  const starts: [number, number][] = [];
  if (new Set(u).size > 1) {
    const f = rows.map(({ passes, trials }) => Math.log(-Math.log((passes + 0.25) / (trials + 0.5))));
    const line = fitLine(u, f);
    starts.push([line.intercept, -line.slope]);
  }
  if (prior !== null) starts.push([prior.lnC.mean, prior.alpha.mean]);
  starts.push([1, 0.4], [0, 0.2]);
  return starts;
}
