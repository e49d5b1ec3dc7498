/**
 * Bounded Levenberg–Marquardt for weighted, optionally robust nonlinear least squares with an analytic Jacobian. Steps
 * solve the damped linear problem by QR (no normal equations while the loss is quadratic), columns are scaled by their
 * largest norm so far (Moré 1978), damping follows Nielsen's gain ratio (Madsen, Nielsen & Tingleff 2004), parameters on
 * a bound that the gradient pushes outwards are frozen. All work is done on typed arrays owned by a solver of fixed size,
 * so that thousands of bootstrap refits allocate nothing.
 */
import type { Deadline } from './deadline.ts';
import { createSteps } from './lm-steps.ts';
import { type Loss, robustCost, robustWeight } from './robust.ts';

export interface LeastSquaresProblem {
  readonly n: number;
  readonly p: number;
  /**
   * Model values and, unless null, the Jacobian (column-major n × p).
   *
   * @returns false where the model is undefined; such a step is refused
   */
  evaluate(theta: Float64Array, values: Float64Array, jacobian: Float64Array | null): boolean;
  /** Residual = value - target. */
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly loss: Loss;
  /** Quadratic penalties weight · (theta[index] - centre)² added to the cost. */
  readonly priors: readonly Prior[];
}

export interface Prior {
  readonly index: number;
  readonly centre: number;
  readonly weight: number;
}

export interface LmOptions {
  readonly maxIterations: number;
  /** Relative change of the cost below which an accepted step ends the fit, if the gradient agrees. */
  readonly costTolerance: number;
  /** Largest cosine between the residuals and a column of the Jacobian at the end. */
  readonly gradientTolerance: number;
  readonly initialDamping: number;
  /** Steps with a change below the tolerance that are taken while the gradient still asks for more. */
  readonly patience: number;
  readonly deadline: Deadline | null;
}

const LM_DEFAULTS: LmOptions = {
  maxIterations: 200,
  costTolerance: 1e-12,
  gradientTolerance: 1e-6,
  initialDamping: 1e-3,
  patience: 6,
  deadline: null,
};

export type LmStatus = 'converged' | 'iteration-limit' | 'stalled' | 'timeout' | 'undefined-at-start';

export interface LmOutcome {
  readonly theta: Float64Array;
  /** Weighted sum of r² (or 2 Huber(r)) plus priors. */
  readonly cost: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly status: LmStatus;
  /** Indices of parameters that ended on a bound. */
  readonly atBound: readonly number[];
}

export interface LmSolver {
  solve(problem: LeastSquaresProblem, start: Float64Array, options?: Partial<LmOptions>): LmOutcome;
}

/** Cost at a place; Infinity where the model is undefined. `values` is scratch of length n. */
export function costAt(problem: LeastSquaresProblem, theta: Float64Array, values: Float64Array): number {
  if (!problem.evaluate(theta, values, null)) return Number.POSITIVE_INFINITY;
  return costOf(problem, theta, values);
}

/** Weighted cost of model values at theta, priors included; Infinity instead of NaN. */
export function costOf(problem: LeastSquaresProblem, theta: Float64Array, values: Float64Array): number {
  const { n, target, weights, loss, priors } = problem;
  let cost = 0;
  if (loss.kind === 'squared') {
    if (weights === null) {
      for (let i = 0; i < n; i++) {
        const residual = (values[i] as number) - (target[i] as number);
        cost += residual * residual;
      }
    } else {
      for (let i = 0; i < n; i++) {
        const residual = (values[i] as number) - (target[i] as number);
        if ((weights[i] as number) > 0) cost += (weights[i] as number) * residual * residual;
      }
    }
  } else {
    for (let i = 0; i < n; i++) {
      const weight = weights === null ? 1 : (weights[i] as number);
      if (weight > 0) cost += weight * robustCost(loss.kind, loss.delta, (values[i] as number) - (target[i] as number));
    }
  }
  for (const prior of priors) {
    const miss = (theta[prior.index] as number) - prior.centre;
    cost += prior.weight * miss * miss;
  }
  return cost === cost ? cost : Number.POSITIVE_INFINITY;
}

/** A solver for problems of at most this size; its arrays are reused from call to call. */
export function createSolver(n: number, p: number, priors = 0): LmSolver {
  let values = new Float64Array(n);
  let trialValues = new Float64Array(n);
  let jacobian = new Float64Array(n * p);
  // A trial is evaluated with its Jacobian at once: most are accepted, and values and slopes share their exponentials.
  let trialJacobian = new Float64Array(n * p);
  const theta = new Float64Array(p);
  const trial = new Float64Array(p);
  const gradient = new Float64Array(p);
  const columnNorm = new Float64Array(p);
  const steps = createSteps(n, p, priors);
  const { free, scale, step } = steps;

  const clamp = (problem: LeastSquaresProblem, place: Float64Array): void => {
    for (let j = 0; j < p; j++) {
      const low = problem.lower[j] as number;
      const high = problem.upper[j] as number;
      if (!((place[j] as number) >= low)) place[j] = low;
      else if ((place[j] as number) > high) place[j] = high;
    }
  };

  const solve = (problem: LeastSquaresProblem, start: Float64Array, overrides: Partial<LmOptions> = {}): LmOutcome => {
    const options: LmOptions = { ...LM_DEFAULTS, ...overrides };
    const { target, weights, loss, priors: penalties, lower, upper } = problem;
    theta.set(start);
    clamp(problem, theta);
    scale.fill(0);
    let iterations = 0;
    let status: LmStatus = 'iteration-limit';
    let cost = Number.POSITIVE_INFINITY;
    if (problem.evaluate(theta, values, jacobian)) cost = costOf(problem, theta, values);
    if (!Number.isFinite(cost)) return outcome(problem, cost, 0, 'undefined-at-start');
    let targetNorm = 0;
    for (let i = 0; i < n; i++) targetNorm += (target[i] as number) * (target[i] as number);
    const exactCost = targetNorm * 1e-30;

    let damping = options.initialDamping;
    let growth = 2;
    let quiet = 0;
    // Robust losses: first the weights psi/r (safe), near the end psi' (Newton: quadratic convergence).
    let newton = false;
    let fresh = true;
    while (iterations < options.maxIterations) {
      iterations++;
      if (options.deadline !== null && options.deadline.expired()) {
        status = 'timeout';
        break;
      }
      // Gradient J'W psi, column norms and free set.
      if (fresh) {
        let residualNorm = 0;
        for (let i = 0; i < n; i++) {
          const residual = (values[i] as number) - (target[i] as number);
          const weight = weights === null ? 1 : (weights[i] as number);
          residualNorm += weight > 0 ? weight * residual * residual * robustWeight(loss.kind, loss.delta, residual) : 0;
        }
        for (let j = 0; j < p; j++) {
          const column = j * n;
          let dot = 0;
          let norm = 0;
          for (let i = 0; i < n; i++) {
            const weight = weights === null ? 1 : (weights[i] as number);
            if (weight === 0) continue;
            const slope = jacobian[column + i] as number;
            const residual = (values[i] as number) - (target[i] as number);
            const omega = weight * robustWeight(loss.kind, loss.delta, residual);
            dot += omega * slope * residual;
            norm += omega * slope * slope;
          }
          gradient[j] = dot;
          columnNorm[j] = norm;
        }
        for (const prior of penalties) {
          const miss = (theta[prior.index] as number) - prior.centre;
          gradient[prior.index] = (gradient[prior.index] as number) + prior.weight * miss;
          columnNorm[prior.index] = (columnNorm[prior.index] as number) + prior.weight;
          residualNorm += prior.weight * miss * miss;
        }
        let cosine = 0;
        for (let j = 0; j < p; j++) {
          const norm = Math.sqrt(columnNorm[j] as number);
          if (!Number.isFinite(norm)) return outcome(problem, cost, iterations, 'stalled');
          scale[j] = Math.max(scale[j] as number, norm);
          const g = gradient[j] as number;
          const onLow = (theta[j] as number) <= (lower[j] as number);
          const onHigh = (theta[j] as number) >= (upper[j] as number);
          const frozen = (onLow && onHigh) || (onLow && g >= 0) || (onHigh && g <= 0) || norm === 0;
          free[j] = frozen ? 0 : 1;
          if (!frozen && residualNorm > 0) cosine = Math.max(cosine, Math.abs(g) / (norm * Math.sqrt(residualNorm)));
        }
        if (
          cost <= exactCost ||
          cosine < 1e-14 ||
          (quiet > 0 && cosine <= options.gradientTolerance) ||
          quiet >= options.patience
        ) {
          status = cost <= exactCost || cosine <= Math.max(1e-4, options.gradientTolerance) ? 'converged' : 'stalled';
          break;
        }
        if (!newton) steps.factorise(problem, { theta, values, jacobian });
        else steps.buildHessian(problem, { theta, values, jacobian });
        fresh = false;
      }

      let predicted = newton ? steps.newton(damping, gradient) : steps.gaussNewton(damping);
      if (!(predicted > 0)) {
        // No descent left at this damping (rounding): the last place is as good as arithmetic allows.
        if (newton) {
          newton = false;
          fresh = true;
          damping = Math.max(damping, 1e-3);
          quiet++;
          continue;
        }
        status = quiet > 0 || cost <= exactCost ? 'converged' : 'stalled';
        break;
      }
      let moved = 0;
      for (let j = 0; j < p; j++) {
        const from = theta[j] as number;
        let to = from + (step[j] as number);
        if (to < (lower[j] as number)) to = lower[j] as number;
        else if (to > (upper[j] as number)) to = upper[j] as number;
        trial[j] = to;
        moved = Math.max(moved, Math.abs(to - from) / (Math.abs(from) + 1e-300));
      }
      const defined = moved > 0 && problem.evaluate(trial, trialValues, trialJacobian);
      const trialCost = defined ? costOf(problem, trial, trialValues) : Number.POSITIVE_INFINITY;
      const actual = cost - trialCost;
      predicted = Math.max(predicted, 1e-300);
      if (actual > 0) {
        const relative = actual / cost;
        theta.set(trial);
        cost = trialCost;
        const oldValues = values;
        values = trialValues;
        trialValues = oldValues;
        const oldJacobian = jacobian;
        jacobian = trialJacobian;
        trialJacobian = oldJacobian;
        fresh = true;
        const gain = Math.min(actual / predicted, 10);
        const swing = 2 * gain - 1;
        damping *= Math.max(1 / 3, 1 - swing * swing * swing);
        if (gain > 0.9) damping *= 0.3;
        damping = Math.max(damping, 1e-16);
        growth = 2;
        if (relative < options.costTolerance) quiet++;
        else quiet = 0;
        if (loss.kind !== 'squared' && !newton && relative < 0.05) newton = true;
      } else {
        if (moved < 1e-15 || predicted < 1e-14 * options.costTolerance * cost || damping > 1e12) {
          // Nothing smaller to try.
          if (newton) {
            newton = false;
            fresh = true;
            damping = 1e-3;
            quiet++;
            if (quiet < options.patience) continue;
          }
          quiet = Math.max(quiet, 1);
          status = 'converged';
          break;
        }
        if (predicted < options.costTolerance * cost && defined && Math.abs(actual) <= 1e-11 * cost) quiet++;
        if (quiet >= options.patience) {
          status = 'converged';
          break;
        }
        damping *= growth;
        growth *= 2;
      }
    }
    return outcome(problem, cost, iterations, status);
  };

  const outcome = (problem: LeastSquaresProblem, cost: number, iterations: number, status: LmStatus): LmOutcome => {
    const atBound: number[] = [];
    for (let j = 0; j < p; j++) {
      const low = problem.lower[j] as number;
      const high = problem.upper[j] as number;
      if (low < high && ((theta[j] as number) <= low || (theta[j] as number) >= high)) atBound.push(j);
    }
    return { theta: theta.slice(), cost, iterations, converged: status === 'converged', status, atBound };
  };

  return {
    solve: (problem, start, options) => {
      if (problem.n !== n || problem.p !== p) throw new RangeError('problem and solver differ in size');
      if (problem.priors.length > priors) throw new RangeError('more priors than the solver was made for');
      return solve(problem, start, options);
    },
  };
}
