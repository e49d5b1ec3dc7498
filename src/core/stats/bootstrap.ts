/**
 * Bootstrap of a fitted curve: residual, case and group resampling (runs, families), each resample refitted warm from
 * the optimum, from other starts only where the warm refit does not converge; refits that fail are counted, not hidden.
 */
import { type Deadline, outOfTime } from './deadline.ts';
import type { CurveOutcome, CurveProblem, ReducedProblem } from './nonlinear.ts';
import { type Random, resampleCounts } from './random.ts';
import { createRefitSolver } from './refit.ts';
import { LAD_SMOOTHING, type Loss, SQUARED } from './robust.ts';

export type ResampleMethod = 'case' | 'residual' | 'run' | 'family';

export interface BootstrapSettings {
  readonly count: number;
  readonly method: ResampleMethod;
  /** Group of each point for `run` and `family`: numbers 0 … groups-1. */
  readonly groups: Int32Array | null;
  readonly random: Random;
  /**
   * Where the points are weighted means of many: standard deviation of an error of weight 1. Residuals are then drawn from
   * the normal distribution that such means have, not from those of the means, which would count what the law misses as
   * noise.
   */
  readonly deviation?: number;
  readonly deadline: Deadline;
  /** Fresh starts (full length, in transforms) for refits that do not converge. */
  readonly alternatives: readonly Float64Array[];
}

/** Refits, `count` parameter vectors one after the other. */
export interface Draws {
  readonly thetas: Float64Array;
  readonly count: number;
  readonly failed: number;
  readonly requested: number;
  readonly method: ResampleMethod;
  readonly stopped: string | null;
}

/** Draws of a resample that is too poor to be fitted before it counts as failed. */
const REDRAWS = 20;
/** Iterations of a warm refit, and of a look at another start where that has not converged. */
const PATIENT = 100;
const QUICK = 25;

/** Resamples and refits; stops early, and says so, when the time is up. */
export function bootstrapCurve(
  problem: CurveProblem,
  reduced: ReducedProblem,
  outcome: CurveOutcome,
  settings: BootstrapSettings,
): Draws {
  const n = problem.y.length;
  const { random, method, count, deviation, deadline } = settings;
  const solver = createRefitSolver(n, reduced.free, deadline);
  const best = new Float64Array(reduced.free);
  const start = reduced.reduce(outcome.theta);
  const alternatives = settings.alternatives.map((theta) => reduced.reduce(theta));
  const thetas = new Float64Array(count * reduced.size);
  const weights = problem.weights;

  const fitted = new Float64Array(n);
  reduced.with(reduced.target, null, SQUARED).evaluate(start, fitted, null);
  const pool = standardisedResiduals(fitted, reduced.target, weights, outcome.free);
  const loss: Loss =
    problem.loss.kind === 'absolute'
      ? { kind: 'absolute', delta: Math.max(LAD_SMOOTHING * 1e3 * meanSize(pool), 1e-12) }
      : problem.loss;

  const target = method === 'residual' ? new Float64Array(n) : reduced.target;
  const trialWeights = method === 'residual' ? weights : new Float64Array(n);
  const groups = settings.groups;
  const groupCount = groups === null ? n : groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const counts = new Float64Array(groupCount);
  const trial = reduced.with(target, trialWeights, loss);

  const draw = (): boolean => {
    if (method === 'residual') {
      for (let i = 0; i < n; i++) {
        const error = deviation === undefined ? (pool[random.integer(n)] as number) : deviation * random.normal();
        target[i] = (fitted[i] as number) + (weights === null ? error : error / Math.sqrt(weights[i] as number));
      }
      return true;
    }
    for (let attempt = 0; attempt < REDRAWS; attempt++) {
      resampleCounts(random, counts);
      let distinct = 0;
      const out = trialWeights as Float64Array;
      for (let i = 0; i < n; i++) {
        const times = counts[groups === null ? i : (groups[i] as number)] as number;
        if (times > 0) distinct++;
        out[i] = times * (weights === null ? 1 : (weights[i] as number));
      }
      if (distinct > outcome.free) return true;
    }
    return false;
  };

  solver.anchor(trial, start, method === 'residual');
  let used = 0;
  let failed = 0;
  let stopped: string | null = null;
  for (let b = 0; b < count; b++) {
    if (deadline.expired()) {
      stopped = outOfTime(b, count);
      break;
    }
    if (!draw()) {
      failed++;
      continue;
    }
    let run = solver.refit(trial, PATIENT);
    if (!run.converged && Number.isFinite(run.cost)) {
      best.set(run.theta);
      let bestCost = run.cost;
      for (const alternative of alternatives) {
        const other = solver.solve(trial, alternative, QUICK);
        if (other.cost < bestCost) {
          best.set(other.theta);
          bestCost = other.cost;
        }
      }
      run = solver.solve(trial, best, PATIENT);
    }
    if (!run.converged) {
      if (deadline.expired()) {
        stopped = outOfTime(b, count);
        break;
      }
      failed++;
      continue;
    }
    reduced.expand(run.theta, thetas.subarray(used * reduced.size, (used + 1) * reduced.size));
    used++;
  }
  return {
    thetas: used === count ? thetas : thetas.slice(0, used * reduced.size),
    count: used,
    failed,
    requested: count,
    method,
    stopped,
  };
}

/** Centred residuals of weight-1 points, scaled by sqrt(n/(n-k)) for the degrees of freedom that the fit used. */
function standardisedResiduals(
  fitted: Float64Array,
  target: Float64Array,
  weights: Float64Array | null,
  free: number,
): Float64Array {
  const n = fitted.length;
  const out = new Float64Array(n);
  let mean = 0;
  for (let i = 0; i < n; i++) {
    const root = weights === null ? 1 : Math.sqrt(weights[i] as number);
    out[i] = root * ((target[i] as number) - (fitted[i] as number));
    mean += (out[i] as number) / n;
  }
  const inflate = Math.sqrt(n / Math.max(1, n - free));
  for (let i = 0; i < n; i++) out[i] = ((out[i] as number) - mean) * inflate;
  return out;
}

function meanSize(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

/** Numbers labels 0, 1, 2… in order of appearance; every null is a group of its own. */
export function groupIndices(labels: readonly (string | null)[]): {
  readonly groups: Int32Array;
  readonly count: number;
} {
  const seen = new Map<string, number>();
  const groups = new Int32Array(labels.length);
  let count = 0;
  for (const [i, label] of labels.entries()) {
    const known = label === null ? undefined : seen.get(label);
    groups[i] = known ?? count;
    if (known !== undefined) continue;
    if (label !== null) seen.set(label, count);
    count++;
  }
  return { groups, count };
}
