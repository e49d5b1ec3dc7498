/**
 * Quick fits: bounded Levenberg–Marquardt on normal equations. The bootstrap starts it at the optimum of the data
 * themselves and stops as soon as the step still promised is small against the statistical error; multi-start explores
 * with it. The careful counterpart for point estimates is levenberg-marquardt.ts.
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
  /**
   * Prepares refits from one place: the law and its slopes are evaluated there once, for least squares with weights that
   * stay so are the normal equations.
   *
   * @param constant the weights array will not change
   */
  anchor(problem: LeastSquaresProblem, start: Float64Array, constant: boolean): void;
  /**
   * Solves from the anchor, with the targets and weights that the problem has now. Without an anchor, or where the law has
   * no finite value there: unconverged, at infinite cost.
   */
  refit(problem: LeastSquaresProblem, maxIterations: number): Refit;
}

/**
 * A step is not worth taking when it promises less than this share of the residual variance, cost/(n-p): it would move the
 * parameters by about a tenth of their standard error.
 */
const ENOUGH = 1e-2;
/**
 * A step of Gauss–Newton (damped no more than this) that promises less than so much, a quarter of a standard error, is a
 * refit's last: what remains after it is of second order, and the slopes where it ends are not asked for.
 */
const STRAIGHT = 1e-2;
const LAST = 6e-2;
const FIRST_DAMPING = 1e-4;
/** Where the damping is larger, small promises are the damping's own: steps go on down to this share of the usual bar. */
const CREEPING = 1e-2;
/** Growth of the damping after a refused step, and of that growth with each further one. */
const GROWTH = 8;
const FASTER = 4;
/** The place that refits start from, never written to by trials. Only the bootstrap anchors. */
interface Anchor {
  readonly theta: Float64Array;
  readonly values: Float64Array;
  readonly jacobian: Float64Array;
  /** J'WJ there with the priors; null where weights or a robust loss change it from refit to refit. */
  readonly hessian: Float64Array | null;
}

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
  const moving = new Uint8Array(p);
  const shift = new Float64Array(p);
  const shifted = new Float64Array(p);
  let anchor: Anchor | null = null;

  /** Gradient J'Wr and J'WJ at the current place; `known` is J'WJ where it is known already. */
  const linearise = (problem: LeastSquaresProblem, known: Float64Array | null): void => {
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
    if (known !== null) {
      if (!plain) for (let i = 0; i < n; i++) residual[i] = (residual[i] as number) * (omega[i] as number);
      for (let j = 0; j < p; j++) {
        const a = j * n;
        let g = 0;
        for (let i = 0; i < n; i++) g += (jacobian[a + i] as number) * (residual[i] as number);
        gradient[j] = g;
      }
      hessian.set(known);
    } else {
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
    }
    for (let k = 0; k < priors.length; k++) {
      const prior = priors[k] as (typeof priors)[number];
      const j = prior.index;
      gradient[j] = (gradient[j] as number) + prior.weight * ((theta[j] as number) - prior.centre);
      if (known === null) hessian[j * p + j] = (hessian[j * p + j] as number) + prior.weight;
    }
    for (let j = 0; j < p; j++) {
      const at = theta[j] as number;
      const g = gradient[j] as number;
      const low = at <= (problem.lower[j] as number);
      const high = at >= (problem.upper[j] as number);
      free[j] = (low && high) || (low && g >= 0) || (high && g <= 0) || !((hessian[j * p + j] as number) > 0) ? 0 : 1;
    }
  };

  /** Solves (H + λ diag H) δ = -g over all free coordinates; the promised decrease, or -1 if not positive definite. */
  const plainStep = (): number => {
    if (!choleskyFactor(hessian, p, free, added, 1e-15, factor)) return -1;
    // |L^-1 g|² = δ'(H + λD)δ, and the decrease lies between it and twice it.
    return choleskyDescent(factor, p, free, gradient, step);
  };

  /**
   * The damped step within the bounds: coordinates that would leave them go to the bound, and the others are solved again
   * with that given. A step that is merely cut off mostly leads uphill, since its coordinates lean on each other.
   */
  const newStep = ({ lower, upper }: LeastSquaresProblem, damping: number): number => {
    for (let j = 0; j < p; j++) added[j] = damping * (hessian[j * p + j] as number);
    const promised = plainStep();
    if (promised < 0) return promised;
    moving.set(free);
    let cut = false;
    for (let round = 0; round < p; round++) {
      let leaving = false;
      for (let j = 0; j < p; j++) {
        if (moving[j] === 0) continue;
        const at = theta[j] as number;
        const to = at + (step[j] as number);
        if (to >= (lower[j] as number) && to <= (upper[j] as number)) continue;
        moving[j] = 0;
        shift[j] = ((to > at ? upper[j] : lower[j]) as number) - at;
        leaving = true;
      }
      if (!leaving) break;
      cut = true;
      for (let j = 0; j < p; j++) {
        let g = gradient[j] as number;
        for (let k = 0; k < p; k++)
          if (moving[k] === 0 && free[k] === 1)
            g += (hessian[j >= k ? j * p + k : k * p + j] as number) * (shift[k] as number);
        shifted[j] = g;
      }
      if (!choleskyFactor(hessian, p, moving, added, 1e-15, factor)) return plainStep();
      choleskyDescent(factor, p, moving, shifted, step);
      for (let j = 0; j < p; j++) if (moving[j] === 0 && free[j] === 1) step[j] = shift[j] as number;
    }
    if (!cut) return promised;
    // -2 g'δ - δ'(H + λD)δ: the same promise for a step that does not solve the system.
    let decrease = 0;
    for (let j = 0; j < p; j++) {
      if (free[j] === 0) continue;
      const move = step[j] as number;
      let row = 2 * (gradient[j] as number) + (added[j] as number) * move;
      for (let k = 0; k < p; k++)
        if (free[k] === 1) row += (hessian[j >= k ? j * p + k : k * p + j] as number) * (step[k] as number);
      decrease -= move * row;
    }
    return decrease > 0 ? decrease : plainStep();
  };

  const moveTo = (problem: LeastSquaresProblem, place: Float64Array): void => {
    const { lower, upper } = problem;
    for (let j = 0; j < p; j++) {
      const to = (theta[j] as number) + (step[j] as number);
      place[j] =
        to < (lower[j] as number) ? (lower[j] as number) : to > (upper[j] as number) ? (upper[j] as number) : to;
    }
  };

  const outcome: { theta: Float64Array; cost: number; converged: boolean } = { theta, cost: 0, converged: false };

  /** Iterates from the current place, whose values and slopes are known. */
  const iterate = (problem: LeastSquaresProblem, maxIterations: number, enough: number, quick: boolean): Refit => {
    const usual = enough / Math.max(1, n - p);
    const lastBar = quick ? LAST / Math.max(1, n - p) : 0;
    let cost = costOf(problem, theta, values);
    let damping = FIRST_DAMPING;
    let growth = GROWTH;
    let fresh = true;
    let known = quick ? (anchor?.hessian ?? null) : null;
    outcome.converged = false;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      if (clock?.expired() === true) break;
      if (fresh) {
        linearise(problem, known);
        known = null;
      }
      const promised = newStep(problem, damping);
      if (promised < 0) {
        damping = Math.max(damping * 10, 1e-8);
        fresh = false;
        continue;
      }
      const bar = quick && damping > STRAIGHT ? CREEPING * usual : usual;
      if (promised <= bar * cost) {
        outcome.converged = true;
        break;
      }
      const last = promised <= lastBar * cost && damping <= STRAIGHT;
      moveTo(problem, trial);
      const trialCost = problem.evaluate(trial, trialValues, last ? null : trialJacobian)
        ? costOf(problem, trial, trialValues)
        : Number.POSITIVE_INFINITY;
      const actual = cost - trialCost;
      if (actual > 0) {
        theta.set(trial);
        cost = trialCost;
        if (last) {
          outcome.converged = true;
          break;
        }
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
        growth = GROWTH;
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
        growth *= FASTER;
      }
    }
    outcome.cost = cost;
    return outcome;
  };

  const place = (problem: LeastSquaresProblem, start: Float64Array): void => {
    const { lower, upper } = problem;
    for (let j = 0; j < p; j++)
      theta[j] = Math.min(Math.max(start[j] as number, lower[j] as number), upper[j] as number);
  };

  return {
    solve: (problem, start, maxIterations, enough = ENOUGH) => {
      place(problem, start);
      outcome.cost = Number.POSITIVE_INFINITY;
      outcome.converged = false;
      if (!problem.evaluate(theta, values, jacobian)) return outcome;
      return iterate(problem, maxIterations, enough, false);
    },
    anchor: (problem, start, constant) => {
      place(problem, start);
      anchor = null;
      if (!problem.evaluate(theta, values, jacobian)) return;
      const constantly = constant && problem.loss.kind === 'squared';
      if (constantly) linearise(problem, null);
      anchor = {
        theta: theta.slice(),
        values: values.slice(),
        jacobian: jacobian.slice(),
        hessian: constantly ? hessian.slice() : null,
      };
    },
    refit: (problem, maxIterations) => {
      outcome.cost = Number.POSITIVE_INFINITY;
      outcome.converged = false;
      if (anchor === null) return outcome;
      theta.set(anchor.theta);
      values.set(anchor.values);
      jacobian.set(anchor.jacobian);
      return iterate(problem, maxIterations, ENOUGH, true);
    },
  };
}
