/**
 * Curvature at the level of instances: every instance keeps its own line F = ln c − α ln N, and all share one bend b,
 * F = ln c − α ln N + b (ln N − m)². Difficulty may then differ as it likes without passing for a bend, which is what
 * misleads the dataset's own curve (emergence.md §5.3). The test compares the likelihood with and without b.
 */
import { chiSquareCdf } from '../stats/distribution.ts';
import { fitInstance, type InstancePoint } from './instance-law.ts';

export interface SharedBend {
  /** b: negative is concave (accelerated), positive convex (sub-scaling). */
  readonly b2: number;
  /** 2 (ln L(b) − ln L(0)). */
  readonly statistic: number;
  /** Against χ² with one degree of freedom. */
  readonly p: number;
  /** Instances that can say something about a bend: at least three sizes with both a pass and a fail. */
  readonly instances: number;
}

/** |b| beyond this is no law of anything: F would change by more than its whole range within a decade. */
const LIMIT = 3;

/** The bend common to all instances; null when fewer than five of them can show one. */
export function sharedBend(groups: readonly (readonly InstancePoint[])[]): SharedBend | null {
  const used = groups.filter(
    (points) => points.filter((p) => p.passes > 0 && p.passes < p.trials).length >= 3 && fitInstance(points, null),
  );
  if (used.length < 5) return null;
  const sizes = [...new Set(used.flatMap((points) => points.map((p) => Math.log(p.params))))];
  const middle = sizes.reduce((s, u) => s + u, 0) / sizes.length;
  const straight = used.map((points) => fitInstance(points, null));
  const cost = (b: number): number => {
    let sum = 0;
    for (const [i, points] of used.entries()) {
      const fit = fitInstance(points, null, (params) => b * (Math.log(params) - middle) ** 2, straight[i]);
      sum += fit?.value ?? Number.POSITIVE_INFINITY;
    }
    return sum;
  };
  const flat = cost(0);
  const b2 = lowest(cost, flat);
  const statistic = Math.max(0, 2 * (flat - cost(b2)));
  return { b2, statistic, p: 1 - chiSquareCdf(statistic, 1), instances: used.length };
}

/** Minimum of the profile: parabolas through three points, which the profile nearly is; golden section where they stray. */
function lowest(cost: (b: number) => number, atZero: number): number {
  let step = 0.02;
  let [a, m, c] = [-step, 0, step];
  let [fa, fm, fc] = [cost(a), atZero, cost(c)];
  while (fm > Math.min(fa, fc) && Math.abs(m) < LIMIT) {
    step *= 2;
    if (fa < fc) {
      [c, fc, m, fm] = [m, fm, a, fa];
      a = m - step;
      fa = cost(a);
    } else {
      [a, fa, m, fm] = [m, fm, c, fc];
      c = m + step;
      fc = cost(c);
    }
  }
  for (let i = 0; i < 12; i++) {
    const left = (m - a) * (fm - fc);
    const right = (m - c) * (fm - fa);
    const denominator = 2 * (left - right);
    let next = denominator === 0 ? m : m - ((m - a) * left - (m - c) * right) / denominator;
    if (!(next > a && next < c) || Math.abs(next - m) < 1e-7) {
      if (Math.abs(next - m) < 1e-7) break;
      next = c - m > m - a ? m + 0.381966 * (c - m) : m - 0.381966 * (m - a);
    }
    const value = cost(next);
    if (value < fm) {
      if (next > m) [a, fa] = [m, fm];
      else [c, fc] = [m, fm];
      const gain = fm - value;
      [m, fm] = [next, value];
      if (gain < 1e-6) break;
    } else if (next > m) [c, fc] = [next, value];
    else [a, fa] = [next, value];
  }
  return m;
}
