/**
 * Curvature at the level of instances: every instance keeps its own line F = ln c − α ln N, and all share one bend b,
 * F = ln c − α ln N + b (ln N − m)². Difficulty may then differ as it likes without passing for a bend, which is what
 * misleads the dataset's own curve (emergence.md §5.3). The test compares the likelihood with and without b.
 *
 * With two parameters per instance and few passes each, b itself is biased (Neyman & Scott 1948): χ² alone rejects
 * straight laws in 7–24 % of cases where it should in 5 % (60 instances, 4 sizes, r = 2 being the worst). So a promising
 * b is held against its distribution under the instances' own straight laws, drawn by the same plan.
 */
import { normalCdf, tCdf } from '../stats/distribution.ts';
import { mean } from '../stats/moments.ts';
import { createRandom, type Random } from '../stats/random.ts';
import type { Draw } from './estimators.ts';
import { fitInstance, type InstanceFit, type InstancePoint } from './instance-law.ts';
import { puAt } from './task-law.ts';

/** A draw at a size. */
export type PlannedPoint = InstancePoint & Draw;

export interface SharedBend {
  /** b: negative is concave (accelerated), positive convex (sub-scaling). */
  readonly b2: number;
  /** 2 (ln L(b) − ln L(0)). */
  readonly statistic: number;
  /** Two-sided; by simulation where χ² with one degree of freedom is below PROMISING, else that. */
  readonly p: number;
  readonly method: 'chi-square' | 'simulated';
  /** Instances that can say something about a bend: at least three sizes with both a pass and a fail. */
  readonly instances: number;
}

/** |b| beyond this is no law of anything: F would change by more than its whole range within a decade. */
const LIMIT = 3;
const PROMISING = 0.2;
const SIMULATIONS = 40;
/** Trials after which a simulated draw ends where the plan shows no cap: none was ever reached. */
const NO_CAP = 1e9;
/** More instances than this add time and nothing else: a sample of them is tested. */
const MOST = 120;

/**
 * The bend common to all instances; null when fewer than five of them can show one.
 * @param laws a straight law per instance, in the order of `groups`, for the simulations
 */
export function sharedBend(
  groups: readonly (readonly PlannedPoint[])[],
  laws: readonly (InstanceFit | null)[],
  seed: number,
): SharedBend | null {
  const chosen =
    groups.length <= MOST ? groups.map((_, i) => i) : sample(groups.length, createRandom(seed, 'bend/sample'));
  const points = chosen.map((i) => groups[i] as readonly PlannedPoint[]);
  const own = chosen.map((i) => laws[i] ?? null);
  const found = estimate(points);
  if (found === null) return null;
  const { b2, statistic, instances } = found;
  // Chi-square with one degree of freedom is a squared normal.
  const p = 2 * normalCdf(-Math.sqrt(statistic));
  const simulated = p < PROMISING ? simulate(points, own, createRandom(seed, 'bend')) : [];
  const among = simulated.length < SIMULATIONS / 2 ? null : pAmong(b2, simulated);
  if (among === null) return { b2, statistic, p, method: 'chi-square', instances };
  return { b2, statistic, p: among, method: 'simulated', instances };
}

/**
 * Two-sided p of a value that should be one more of a normal sample: t with m − 1 degrees of freedom on
 * (b − mean)/(sd √(1 + 1/m)); null where the sample does not vary.
 */
export function pAmong(value: number, sample: readonly number[]): number | null {
  const m = sample.length;
  const middle = mean(sample);
  const variance = sample.reduce((s, b) => s + (b - middle) ** 2, 0) / (m - 1);
  if (!(variance > 0)) return null;
  return 2 * tCdf(-Math.abs(value - middle) / Math.sqrt(variance * (1 + 1 / m)), m - 1);
}

function sample(n: number, random: Random): number[] {
  const left = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < MOST; i++) {
    const j = i + random.integer(n - i);
    [left[i], left[j]] = [left[j] as number, left[i] as number];
  }
  return left.slice(0, MOST);
}

function estimate(
  groups: readonly (readonly InstancePoint[])[],
): { b2: number; statistic: number; instances: number } | null {
  const used: { points: readonly InstancePoint[]; straight: InstanceFit }[] = [];
  for (const points of groups) {
    const telling = points.filter((p) => p.passes > 0 && p.passes < p.trials);
    if (new Set(telling.map((p) => p.params)).size < 3) continue;
    const straight = fitInstance(points, null);
    if (straight !== null) used.push({ points, straight });
  }
  if (used.length < 5) return null;
  const sizes = [...new Set(used.flatMap(({ points }) => points.map((p) => Math.log(p.params))))];
  const middle = sizes.reduce((s, u) => s + u, 0) / sizes.length;
  const cost = (b: number): number => {
    let sum = 0;
    for (const { points, straight } of used) {
      const fit = fitInstance(points, null, (params) => b * (Math.log(params) - middle) ** 2, straight);
      sum += fit?.value ?? Number.POSITIVE_INFINITY;
    }
    return sum;
  };
  const flat = used.reduce((s, { straight }) => s + straight.value, 0);
  const b2 = lowest(cost, flat);
  return { b2, statistic: Math.max(0, 2 * (flat - cost(b2))), instances: used.length };
}

/** b of each simulation in which every instance is straight; fewer than asked for where one gave none. */
function simulate(
  groups: readonly (readonly PlannedPoint[])[],
  laws: readonly (InstanceFit | null)[],
  random: Random,
): number[] {
  const draws = groups.flat();
  const fixed = draws.every((d) => d.capped);
  const largest = draws.reduce((most, d) => (d.capped ? Math.max(most, d.trials) : most), 0);
  const cap = largest > 0 ? largest : NO_CAP;
  const found: number[] = [];
  for (let s = 0; s < SIMULATIONS; s++) {
    const again = groups.map((points, i) => {
      const law = laws[i] ?? null;
      if (law === null) return points;
      return points.map((point) => {
        const p = puAt(law.lnC, law.alpha, Math.log(point.params));
        const wanted = fixed ? Number.POSITIVE_INFINITY : point.wanted;
        return { params: point.params, ...drawUntil(p, wanted, point.capped ? point.trials : cap, random) };
      });
    });
    const one = estimate(again);
    if (one !== null) found.push(one.b2);
  }
  return found;
}

/** Trials until `wanted` passes or the cap, by geometric steps. */
function drawUntil(p: number, wanted: number, cap: number, random: Random): { passes: number; trials: number } {
  let trials = 0;
  let passes = 0;
  const lnQ = Math.log1p(-p);
  while (passes < wanted) {
    const step = lnQ === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(Math.log1p(-random.uniform()) / lnQ));
    if (trials + step > cap) return { passes, trials: cap };
    trials += step;
    passes++;
  }
  return { passes, trials };
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
