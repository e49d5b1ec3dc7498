/**
 * Quick fits: bounded Levenberg–Marquardt on normal equations. The bootstrap starts it at the optimum of the data
 * themselves and stops as soon as the step still promised is small against the statistical error; multi-start explores
 * with it. The careful
 * counterpart for point estimates is levenberg-marquardt.ts.
 */
import { choleskyDescent, choleskyFactor } from './cholesky.ts';
import type { Deadline } from './deadline.ts';
import { costOf, type LeastSquaresProblem } from './levenberg-marquardt.ts';
import { robustWeight } from './robust.ts';

export interface Refit {
  /** Owned by the solver: copy it before the next call. */
  readonly theta: Float64Array;
  readonly cost: number;
  readonly converged: boolean;
}

export interface RefitSolver {
  /** @param enough share of the residual variance below which a step is not worth taking; default {@link ENOUGH} */
  solve(problem: LeastSquaresProblem, start: Float64Array, maxIterations: number, enough?: number): Refit;
}

/**
 * A step is not worth taking when it promises less than this share of the residual variance, cost/(n-p): it would move the
 * parameters by about a tenth of their standard error.
 */
const ENOUGH = 1e-2;
const FIRST_DAMPING = 1e-4;

/** Points from which a single iteration is worth a look at the clock. */
const LONG = 10_000;

/**
 * A refit solver for problems of this size; all arrays are reused.
 *
 * @param deadline ends a refit of many points between iterations, unconverged
 */
export function createRefitSolver(n: number, p: number, deadline: Deadline | null = null): RefitSolver {
  const clock = n >= LONG ? deadline : null;
  let values = new Float64Array(n);
  let trialValues = new Float64Array(n);
  let jacobian = new Float64Array(n * p);
  let trialJacobian = new Float64Array(n * p);
  const residual = new Float64Array(n);
  const omega = new Float64Array(n);
  const column = new Float64Array(n);
  const theta = new Float64Array(p);
  const trial = new Float64Array(p);
  const gradient = new Float64Array(p);
  const hessian = new Float64Array(p * p);
  const factor = new Float64Array(p * p);
  const added = new Float64Array(p);
  const step = new Float64Array(p);
  const free = new Uint8Array(p);

  /** Gradient J'Wr and J'WJ at the current place. */
  const linearise = (problem: LeastSquaresProblem): void => {
    const { target, weights, loss, priors } = problem;
    const plain = weights === null && loss.kind === 'squared';
    for (let i = 0; i < n; i++) residual[i] = (values[i] as number) - (target[i] as number);
    if (!plain) {
      const squared = loss.kind === 'squared';
      for (let i = 0; i < n; i++) {
        const w = weights === null ? 1 : (weights[i] as number);
        omega[i] = squared ? w : w * robustWeight(loss.kind, loss.delta, residual[i] as number);
      }
    }
    for (let j = 0; j < p; j++) {
      const a = j * n;
      let g = 0;
      for (let i = 0; i < n; i++) {
        const slope = plain ? (jacobian[a + i] as number) : (omega[i] as number) * (jacobian[a + i] as number);
        column[i] = slope;
        g += slope * (residual[i] as number);
      }
      gradient[j] = g;
      for (let k = 0; k <= j; k++) {
        const b = k * n;
        let h = 0;
        for (let i = 0; i < n; i++) h += (column[i] as number) * (jacobian[b + i] as number);
        hessian[j * p + k] = h;
      }
    }
    for (const prior of priors) {
      const j = prior.index;
      gradient[j] = (gradient[j] as number) + prior.weight * ((theta[j] as number) - prior.centre);
      hessian[j * p + j] = (hessian[j * p + j] as number) + prior.weight;
    }
    for (let j = 0; j < p; j++) {
      const at = theta[j] as number;
      const g = gradient[j] as number;
      const low = at <= (problem.lower[j] as number);
      const high = at >= (problem.upper[j] as number);
      free[j] = (low && high) || (low && g >= 0) || (high && g <= 0) || !((hessian[j * p + j] as number) > 0) ? 0 : 1;
    }
  };

  /** Solves (H + λ diag H) δ = -g; the promised decrease of the cost, or -1 if not positive definite. */
  const newStep = (damping: number): number => {
    for (let j = 0; j < p; j++) added[j] = damping * (hessian[j * p + j] as number);
    if (!choleskyFactor(hessian, p, free, added, 1e-15, factor)) return -1;
    // |L^-1 g|² = δ'(H + λD)δ, and the decrease lies between it and twice it.
    return choleskyDescent(factor, p, free, gradient, step);
  };

  const outcome: { theta: Float64Array; cost: number; converged: boolean } = { theta, cost: 0, converged: false };
  return {
    solve: (problem, start, maxIterations, enough = ENOUGH) => {
      const { lower, upper } = problem;
      const bar = enough / Math.max(1, n - p);
      for (let j = 0; j < p; j++)
        theta[j] = Math.min(Math.max(start[j] as number, lower[j] as number), upper[j] as number);
      outcome.cost = Number.POSITIVE_INFINITY;
      outcome.converged = false;
      if (!problem.evaluate(theta, values, jacobian)) return outcome;
      let cost = costOf(problem, theta, values);
      let damping = FIRST_DAMPING;
      let growth = 2;
      let fresh = true;
      for (let iteration = 0; iteration < maxIterations; iteration++) {
        if (clock?.expired() === true) break;
        if (fresh) linearise(problem);
        const promised = newStep(damping);
        if (promised < 0) {
          damping = Math.max(damping * 10, 1e-8);
          fresh = false;
          continue;
        }
        if (promised <= bar * cost) {
          outcome.converged = true;
          break;
        }
        for (let j = 0; j < p; j++) {
          const to = (theta[j] as number) + (step[j] as number);
          trial[j] =
            to < (lower[j] as number) ? (lower[j] as number) : to > (upper[j] as number) ? (upper[j] as number) : to;
        }
        const trialCost = problem.evaluate(trial, trialValues, trialJacobian)
          ? costOf(problem, trial, trialValues)
          : Number.POSITIVE_INFINITY;
        const actual = cost - trialCost;
        if (actual > 0) {
          theta.set(trial);
          cost = trialCost;
          const oldValues = values;
          values = trialValues;
          trialValues = oldValues;
          const oldJacobian = jacobian;
          jacobian = trialJacobian;
          trialJacobian = oldJacobian;
          fresh = true;
          const swing = (2 * actual) / promised - 1;
          damping *= Math.max(0.1, 1 - swing * swing * swing);
          damping = Math.min(Math.max(damping, 1e-12), 1e8);
          growth = 2;
          if (actual <= 0.1 * bar * cost) {
            outcome.converged = true;
            break;
          }
        } else {
          if (damping > 1e10) {
            outcome.converged = true;
            break;
          }
          fresh = false;
          damping *= growth;
          growth *= 2;
        }
      }
      outcome.cost = cost;
      return outcome;
    },
  };
}
