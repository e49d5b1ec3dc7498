/**
 * The task scaling law PU(N) = exp(−c N^−α) at the level of a dataset: F = ln(−ln PU) is a line in ln N, fitted by
 * (weighted) least squares, with a test of its curvature (Hu et al., Eq. 4 and Definition 1; emergence.md §5.2, §5.3).
 *
 * Lines and curvature are fitted about the mean of ln N; results are given for N in plain parameters.
 */
import { tCdf } from '../stats/distribution.ts';
import { fitLine } from '../stats/linear.ts';

export interface SizeEstimate {
  /** N, parameters. */
  readonly params: number;
  readonly pu: number;
  readonly stderr: number | null;
}

export interface TaskLine {
  /** ln c for N in plain parameters. */
  readonly lnC: number;
  readonly alpha: number;
  readonly n: number;
  /** F at ln N, for prediction. */
  readonly at: (params: number) => number;
}

export interface Curvature {
  /** Coefficient of (ln N)² in F. */
  readonly b2: number;
  readonly t: number;
  /** Two-sided, t with n − 3 degrees of freedom. */
  readonly p: number;
  /** 'accelerated' (concave), 'sub-scaling' (convex) or 'law', at p < 0.05. */
  readonly label: 'accelerated' | 'sub-scaling' | 'law';
}

/** F = ln(−ln PU); null where PU is not strictly between 0 and 1. */
export function logLogPu(pu: number): number | null {
  return pu > 0 && pu < 1 ? Math.log(-Math.log(pu)) : null;
}

/** PU of the law at a size; the exponent is clamped to [−30, 8] so that nothing overflows. */
export function puAt(lnC: number, alpha: number, lnParams: number): number {
  return Math.exp(-Math.exp(Math.min(8, Math.max(-30, lnC - alpha * lnParams))));
}

/**
 * The line F = ln c − α ln N.
 * @param weighted weights 1/var F, var F = (SE/(PU ln PU))²; sizes without a standard error are left out then
 * @returns null with fewer than two usable sizes
 */
export function fitTaskLine(sizes: readonly SizeEstimate[], weighted: boolean): TaskLine | null {
  const rows = usable(sizes, weighted);
  if (new Set(rows.map((r) => r.u)).size < 2) return null;
  const line = fitLine(
    rows.map((r) => r.u),
    rows.map((r) => r.f),
    rows.map((r) => r.w),
  );
  return {
    lnC: line.intercept,
    alpha: -line.slope,
    n: rows.length,
    at: (params) => line.intercept + line.slope * Math.log(params),
  };
}

/** Test of the quadratic term of F in ln N; null with fewer than four usable sizes. */
export function curvatureTest(sizes: readonly SizeEstimate[]): Curvature | null {
  const rows = usable(sizes, false);
  const n = rows.length;
  if (n < 4 || new Set(rows.map((r) => r.u)).size < 3) return null;
  const mean = rows.reduce((s, r) => s + r.u, 0) / n;
  // Orthogonal polynomials of the centred u: the quadratic coefficient is a plain ratio, without a normal matrix.
  const c = rows.map((r) => r.u - mean);
  const s2 = c.reduce((s, v) => s + v * v, 0);
  const s3 = c.reduce((s, v) => s + v ** 3, 0);
  const q = c.map((v) => v * v - (s3 / s2) * v - s2 / n);
  const qq = q.reduce((s, v) => s + v * v, 0);
  const mf = rows.reduce((s, r) => s + r.f, 0) / n;
  const b1 = rows.reduce((s, r, i) => s + (c[i] as number) * r.f, 0) / s2;
  const b2 = rows.reduce((s, r, i) => s + (q[i] as number) * r.f, 0) / qq;
  let sse = 0;
  for (const [i, r] of rows.entries()) sse += (r.f - mf - b1 * (c[i] as number) - b2 * (q[i] as number)) ** 2;
  const df = n - 3;
  const se = Math.sqrt(sse / df / qq);
  const t = b2 / se;
  const p = se > 0 ? 2 * tCdf(-Math.abs(t), df) : b2 === 0 ? 1 : 0;
  const label = p < 0.05 ? (b2 < 0 ? 'accelerated' : 'sub-scaling') : 'law';
  return { b2, t, p, label };
}

function usable(sizes: readonly SizeEstimate[], weighted: boolean): { u: number; f: number; w: number }[] {
  const rows: { u: number; f: number; w: number }[] = [];
  for (const { params, pu, stderr } of sizes) {
    const f = logLogPu(pu);
    if (f === null || !(params > 0)) continue;
    if (!weighted) rows.push({ u: Math.log(params), f, w: 1 });
    else if (stderr !== null && stderr > 0) {
      rows.push({ u: Math.log(params), f, w: ((pu * Math.log(pu)) / stderr) ** 2 });
    }
  }
  return rows;
}
