/**
 * Which runs to add next: of all sets of up to three runs within a FLOP budget, the one after which the interval of the
 * forecast at the target is expected to be narrowest. Candidates are ranked on the bootstrap posterior of the fitted law
 * (a measurement at one place narrows the answer at another as far as the resamples move together); the best set is then
 * simulated: new measurements drawn, the law refitted, the interval measured.
 */

import type { At, FitOptions, FittedLaw, Law } from '../law/law.ts';
import { placeAt } from '../place-at.ts';
import { formatScale } from '../render/number.ts';
import { err, ok, type Result } from '../result.ts';
import { choleskyDescent, choleskyFactor } from '../stats/cholesky.ts';
import { normalQuantile } from '../stats/distribution.ts';
import { mean } from '../stats/moments.ts';
import { median, quantile } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import type { Point, Study, StudySeries } from '../study/study.ts';
import { clamp } from './clamp.ts';
import { designWarnings, sixNd, yamlOf } from './plan-design.ts';
import { reachOf, withinReach } from './reach.ts';

export interface PlannedRun {
  readonly params: number | null;
  readonly tokens: number | null;
  readonly compute: number;
}

export interface PlanCandidate extends PlannedRun {
  /** Expected width at the target after this run alone, as a share of the width now. */
  readonly widthShare: number;
}

export interface Plan {
  readonly series: string;
  readonly law: string;
  /** In the unit of the series' x. */
  readonly target: number;
  /** FLOP. */
  readonly budget: number;
  /** What is spent. */
  readonly spent: number;
  readonly runs: readonly PlannedRun[];
  /** Width of the interval at the target in units of y, at the level asked: now, and expected after the runs. */
  readonly widthNow: number;
  readonly widthAfter: number;
  readonly level: number;
  readonly simulations: number;
  /** Best first. */
  readonly candidates: readonly PlanCandidate[];
  readonly warnings: readonly string[];
  /** Lines for scaling.yaml. */
  readonly yaml: string;
}

export interface PlanRequest {
  readonly target: number;
  readonly budget: number;
  readonly level: number;
  readonly seed: number;
  /** Runs to add; default 3. */
  readonly most?: number;
  /** Simulated futures; default 24. */
  readonly simulations?: number;
}

const RATIOS = [5, 10, 20, 40, 80, 160];
const SHARES = [1, 0.7, 0.5, 1 / 3, 0.25, 1 / 6, 0.1, 0.05];
const DRAWS = 200;
const REFIT_DRAWS = 60;
const FEWEST_DRAWS = 40;
const DEFAULT_RATIO = 20;
/** Share of the width now above which runs bring nothing. */
const WORTH_IT = 0.98;
/** Variance of a measurement of a law without scatter: keeps sets of like runs solvable. */
const LEAST_NOISE = 1e-18;

/**
 * @param law the law to forecast with; it is fitted here, with a bootstrap
 * @returns a refusal in one sentence with what would be needed
 */
export function planRuns(
  series: StudySeries,
  law: Law,
  study: Study,
  request: PlanRequest,
): Result<Plan, { readonly message: string }> {
  const points = series.points.filter((p) => p.x > 0 && Number.isFinite(p.y));
  const refusal = refuse(series, points, request);
  if (refusal !== null) return err({ message: refusal });
  const options: FitOptions = { bootstrap: DRAWS, seed: request.seed, level: request.level };
  const outcome = law.fit({ series, points, study }, options);
  if (!outcome.ok) return err({ message: `${law.title} cannot be fitted: ${outcome.error.message}` });
  const model = outcome.value;
  const goal = placeAt(series, points, request.target);
  const log = series.isLoss;
  const scale = (values: Float64Array): Float64Array => (log ? values.map((v) => Math.log(v)) : values);
  const atTarget = scale(model.draws(goal));
  const usable = atTarget.length >= FEWEST_DRAWS && atTarget.every(Number.isFinite);
  if (!usable)
    return err({
      message: `${law.title} has too few resamples at the target to plan by: more points that determine it are needed.`,
    });
  const noise = noiseOf(model, log);
  const offered = candidates(series, points, request);
  if (offered.length === 0)
    return err({ message: 'No run fits in the budget: it is below a hundredth of the smallest run measured.' });
  const anomalies = offered.map((c) => centred(scale(model.draws(c.at))));
  const target = centred(atTarget);
  const now = variance(target);
  const covariances = anomalies.map((a) => dot(a, target));
  const variances = anomalies.map((a, i) => anomalies.map((b, j) => (j < i ? 0 : dot(a, b))));
  const between = (i: number, j: number): number => variances[Math.min(i, j)]?.[Math.max(i, j)] ?? 0;
  const after = (set: readonly number[]): number => now - explained(set, covariances, between, noise * noise);

  const best = bestSet(offered, request, after);
  const share = (v: number): number => Math.sqrt(Math.max(0, v) / now);
  const ranked = offered
    .map((c, i): PlanCandidate => ({ ...c.run, widthShare: now > 0 ? share(after([i])) : 1 }))
    .sort((a, b) => a.widthShare - b.widthShare);
  const chosen = best.map((i) => offered[i] as Candidate);
  const widthNow = widthOf(series, points, model, goal, request.level);
  const simulated = simulate(series, law, study, points, model, chosen, goal, noise, request);
  const runs = chosen.map((c) => c.run).sort((a, b) => a.compute - b.compute);
  const widthAfter = simulated.width ?? widthNow * share(after(best));
  return ok({
    series: series.id,
    law: law.id,
    target: request.target,
    budget: request.budget,
    spent: runs.reduce((s, r) => s + r.compute, 0),
    runs,
    widthNow,
    widthAfter,
    level: request.level,
    simulations: simulated.count,
    candidates: ranked.slice(0, 20),
    warnings: [
      ...(widthAfter > WORTH_IT * widthNow
        ? ['No runs within this budget are expected to tighten the forecast: scatter, not the law, makes its width.']
        : []),
      ...designWarnings(series, points, runs, request),
    ],
    yaml: yamlOf(series, runs, request),
  });
}

interface Candidate {
  readonly run: PlannedRun;
  readonly at: At;
}

/** Why no plan can be made, with what would be needed; null when one can. */
function refuse(series: StudySeries, points: readonly Point[], request: PlanRequest): string | null {
  if (!['compute', 'params', 'tokens'].includes(series.scale))
    return `Runs are planned in FLOP, parameters or tokens; ${series.id} is measured over ${series.scale}. Pin --x compute, params or tokens.`;
  const sizes = new Set(points.map((p) => p.x));
  if (sizes.size < 4)
    return `${series.id} has ${sizes.size} distinct ${sizes.size === 1 ? 'scale' : 'scales'}; at least four are needed before the next run can be planned.`;
  const last = Math.max(...points.map((p) => p.x));
  if (request.target <= last)
    return `The target ${formatScale(request.target, series.scale)} is not beyond the data (largest ${formatScale(last, series.scale)}): interpolate instead, or name a larger target.`;
  return null;
}

/** Runs within the budget: shares of it at several tokens per parameter where N and D are known, else at the study's own ratio. */
function candidates(series: StudySeries, points: readonly Point[], request: PlanRequest): Candidate[] {
  const known = points.filter((p) => p.params !== null && p.tokens !== null);
  const computes = points.map((p) => p.compute ?? sixNd(p)).filter((c): c is number => c !== null && c > 0);
  const smallest = computes.length > 0 ? Math.min(...computes) : 0;
  // The study's own ratio first: a law of x alone does not care, and the earlier of equal candidates is taken.
  const own = known.length > 0 ? median(known.map((p) => (p.tokens as number) / (p.params as number))) : DEFAULT_RATIO;
  const distance = (ratio: number): number => Math.abs(Math.log(ratio / own));
  const ratios = known.length > 0 ? [...RATIOS].sort((a, b) => distance(a) - distance(b)) : [DEFAULT_RATIO];
  const list: Candidate[] = [];
  for (const share of SHARES) {
    const compute = share * request.budget;
    if (compute < 0.01 * smallest) continue;
    for (const ratio of ratios) {
      const params = Math.sqrt(compute / (6 * ratio));
      const tokens = ratio * params;
      const x = series.scale === 'compute' ? compute : series.scale === 'params' ? params : tokens;
      list.push({
        run: { params: rounded(params), tokens: rounded(tokens), compute },
        at: { x, params, tokens, compute },
      });
    }
  }
  return list;
}

function rounded(v: number): number {
  return Number(v.toPrecision(3));
}

/** Exhaustive over sets of up to three of the candidates that alone narrow most, within the budget. */
function bestSet(
  all: readonly Candidate[],
  request: PlanRequest,
  after: (set: readonly number[]) => number,
): readonly number[] {
  const most = request.most ?? 3;
  const limit = request.budget * (1 + 1e-9);
  let best: readonly number[] = [];
  let least = Number.POSITIVE_INFINITY;
  const consider = (set: readonly number[], spent: number, from: number): void => {
    if (set.length > 0) {
      const value = after(set);
      if (least === Number.POSITIVE_INFINITY || value < least - 1e-9 * Math.abs(least)) {
        least = value;
        best = [...set];
      }
    }
    if (set.length === most) return;
    for (let i = from; i < all.length; i++) {
      const cost = (all[i] as Candidate).run.compute;
      if (spent + cost <= limit) consider([...set, i], spent + cost, i);
    }
  };
  consider([], 0, 0);
  return best;
}

/** Variance at the target explained by noisy measurements of a set: c' (S + s² I)⁻¹ c; 0 where they say the same thing. */
function explained(
  set: readonly number[],
  covariances: readonly number[],
  between: (i: number, j: number) => number,
  noise2: number,
): number {
  const n = set.length;
  const shared = Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    return between(set[row] as number, set[column] as number) + (row === column ? Math.max(noise2, LEAST_NOISE) : 0);
  });
  const factor = new Float64Array(n * n);
  if (!choleskyFactor(shared, n, null, null, 0, factor)) return 0;
  const toTarget = Float64Array.from(set, (i) => covariances[i] as number);
  return choleskyDescent(factor, n, null, toTarget, new Float64Array(n));
}

/** Draws futures from the posterior, measures the planned runs in each, refits, and takes the mean width. */
function simulate(
  series: StudySeries,
  law: Law,
  study: Study,
  points: readonly Point[],
  model: FittedLaw,
  chosen: readonly Candidate[],
  goal: At,
  noise: number,
  request: PlanRequest,
): { width: number | null; count: number } {
  const random = createRandom(request.seed, `${series.id}/plan`);
  const rounds = request.simulations ?? 24;
  const options: FitOptions = { bootstrap: REFIT_DRAWS, seed: request.seed, level: request.level, timeBudget: 400 };
  const anchor = points[points.length - 1] as Point;
  const measured = chosen.map((c) => model.draws(c.at));
  const started = performance.now();
  let sum = 0;
  let count = 0;
  for (let round = 0; round < rounds && performance.now() - started < 8000; round++) {
    const future = random.integer(Math.max(1, measured[0]?.length ?? 1));
    const added = chosen.map((c, i): Point => {
      const truth = measured[i]?.[future] ?? model.predict(c.at);
      const y = series.isLoss ? truth * Math.exp(noise * random.normal()) : truth + noise * random.normal();
      return {
        ...anchor,
        ...c.at,
        y: clamp(series, y),
        model: `planned-${i + 1}`,
        run: `planned-${i + 1}`,
        params: c.run.params,
        tokens: c.run.tokens,
        compute: c.run.compute,
        row: anchor.row + 1 + i,
      };
    });
    const all = [...points, ...added].sort((a, b) => a.x - b.x);
    const outcome = law.fit(
      { series: { ...series, points: all }, points: all, study },
      { ...options, seed: request.seed + round },
    );
    if (!outcome.ok) continue;
    const width = widthOf(series, points, outcome.value, goal, request.level);
    if (!Number.isFinite(width)) continue;
    sum += width;
    count++;
  }
  return { width: count === 0 ? null : sum / count, count };
}

/** Width of the interval of a new measurement at a place: resamples and scatter in quadrature, in units of y. */
function widthOf(series: StudySeries, points: readonly Point[], model: FittedLaw, at: At, level: number): number {
  const log = series.isLoss;
  // A resample that runs away says nothing about the place: it counts as the farthest that the points permit.
  const reach = reachOf(series, points, at);
  const draws = model.draws(at).map((d) => withinReach(reach, d));
  const values = log ? draws.map((d) => Math.log(Math.max(d, Number.MIN_VALUE))) : draws;
  if (values.length < FEWEST_DRAWS / 2) return Number.NaN;
  const tail = (1 - level) / 2;
  const spread = (quantile(values, 1 - tail) - quantile(values, tail)) / 2;
  const half = Math.hypot(spread, normalQuantile(1 - tail) * noiseOf(model, log));
  const y = withinReach(reach, model.predict(at));
  return log ? y * (Math.exp(half) - Math.exp(-half)) : 2 * half;
}

function noiseOf(model: FittedLaw, log: boolean): number {
  const { n, rmse, rmsle } = model.fit;
  return ((log ? rmsle : rmse) ?? 0) * Math.sqrt(n / Math.max(1, n - model.freeParameters));
}

function centred(values: Float64Array): Float64Array {
  const middle = mean(values);
  return values.map((v) => v - middle);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) sum += (a[i] as number) * (b[i] as number);
  return sum / Math.max(1, n - 1);
}

function variance(a: Float64Array): number {
  return dot(a, a);
}
