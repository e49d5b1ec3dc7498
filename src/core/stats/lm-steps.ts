/**
 * The linear algebra of one Levenberg–Marquardt step (levenberg-marquardt.ts chooses the damping and judges the result):
 * damped Gauss–Newton steps from a QR of the weighted Jacobian, which never squares its condition number, and damped
 * Newton steps for the last phase of robust losses, whose matrix is not a square of anything.
 */
import { choleskyDescent, choleskyFactor } from './cholesky.ts';
import type { LeastSquaresProblem } from './levenberg-marquardt.ts';
import { qrInPlace } from './linear.ts';
import { robustWeight } from './robust.ts';

/** The place where a step is to be taken, in arrays of the solver. */
export interface LmPlace {
  readonly theta: Float64Array;
  readonly values: Float64Array;
  /** Column-major n × p. */
  readonly jacobian: Float64Array;
}

export interface LmSteps {
  /** 1 for each coordinate that may move; written by the solver. */
  readonly free: Uint8Array;
  /** Largest norm of each column so far; written by the solver. */
  readonly scale: Float64Array;
  /** The step last found. */
  readonly step: Float64Array;
  /** Prepares {@link gaussNewton} at a place. */
  factorise(problem: LeastSquaresProblem, place: LmPlace): void;
  /** Damped Gauss–Newton step; returns the decrease of the cost that the linear model predicts. */
  gaussNewton(damping: number): number;
  /** Prepares {@link newton} at a place. */
  buildHessian(problem: LeastSquaresProblem, place: LmPlace): void;
  /** Damped Newton step and its predicted decrease; 0 where the matrix is not positive definite. */
  newton(damping: number, gradient: Float64Array): number;
}

/** Workspace for problems of n points, p parameters and at most `priors` penalties. */
export function createSteps(n: number, p: number, priors: number): LmSteps {
  const rows = Math.max(n + priors, p);
  const a = new Float64Array(rows * p);
  const rhs = new Float64Array(rows);
  const triangle = new Float64Array(p * p);
  const damped = new Float64Array(p * p);
  const dampedRhs = new Float64Array(p);
  const extra = new Float64Array(p);
  const scale = new Float64Array(p);
  const step = new Float64Array(p);
  const free = new Uint8Array(p);
  const hessian = new Float64Array(p * p);
  const added = new Float64Array(p);

  const factorise = (problem: LeastSquaresProblem, { theta, values, jacobian }: LmPlace): void => {
    const { target, weights, loss, priors: penalties } = problem;
    const total = Math.max(n + penalties.length, p);
    if (weights === null && loss.kind === 'squared') {
      for (let i = 0; i < n; i++) rhs[i] = (values[i] as number) - (target[i] as number);
      for (let j = 0; j < p; j++) {
        const to = j * total;
        const from = j * n;
        if (free[j] === 0) a.fill(0, to, to + total);
        else {
          for (let i = 0; i < n; i++) a[to + i] = jacobian[from + i] as number;
          a.fill(0, to + n, to + total);
        }
      }
    } else {
      for (let i = 0; i < n; i++) {
        const residual = (values[i] as number) - (target[i] as number);
        const weight = weights === null ? 1 : (weights[i] as number);
        const root = Math.sqrt(weight * robustWeight(loss.kind, loss.delta, residual));
        rhs[i] = root === 0 ? 0 : root * residual;
        for (let j = 0; j < p; j++)
          a[j * total + i] = free[j] === 0 || root === 0 ? 0 : root * (jacobian[j * n + i] as number);
      }
      for (let j = 0; j < p; j++) a.fill(0, j * total + n, j * total + total);
    }
    for (let i = n; i < total; i++) rhs[i] = 0;
    for (let k = 0; k < penalties.length; k++) {
      const prior = penalties[k] as (typeof penalties)[number];
      const root = Math.sqrt(prior.weight);
      rhs[n + k] = root * ((theta[prior.index] as number) - prior.centre);
      if (free[prior.index] === 1) a[prior.index * total + n + k] = root;
    }
    qrInPlace(a, total, p, rhs);
    for (let j = 0; j < p; j++) for (let i = 0; i <= j; i++) triangle[i * p + j] = a[j * total + i] as number;
  };

  /**
   * Solves [R; √λ D] δ = -[Q'r; 0] by Givens rotations, one diagonal row of D at a time (Moré 1978, §3): a third of the
   * work of a fresh QR.
   */
  const gaussNewton = (damping: number): number => {
    damped.set(triangle);
    for (let j = 0; j < p; j++) dampedRhs[j] = -(rhs[j] as number);
    const root = Math.sqrt(damping);
    for (let j = 0; j < p; j++) {
      const held = free[j] === 0 || scale[j] === 0;
      extra.fill(0, j, p);
      // A frozen or dead column gets a unit row, so that its step is zero.
      extra[j] = held ? 1 : root * (scale[j] as number);
      if (extra[j] === 0) continue;
      let extraRhs = 0;
      for (let k = j; k < p; k++) {
        const below = extra[k] as number;
        if (below === 0) continue;
        const row = k * p;
        const above = damped[row + k] as number;
        const length = Math.sqrt(above * above + below * below);
        const cosine = above / length;
        const sine = below / length;
        damped[row + k] = length;
        for (let l = k + 1; l < p; l++) {
          const up = damped[row + l] as number;
          const down = extra[l] as number;
          damped[row + l] = cosine * up + sine * down;
          extra[l] = cosine * down - sine * up;
        }
        const up = dampedRhs[k] as number;
        dampedRhs[k] = cosine * up + sine * extraRhs;
        extraRhs = cosine * extraRhs - sine * up;
      }
    }
    for (let j = p - 1; j >= 0; j--) {
      const row = j * p;
      let value = dampedRhs[j] as number;
      for (let k = j + 1; k < p; k++) value -= (damped[row + k] as number) * (step[k] as number);
      const diagonal = damped[row + j] as number;
      step[j] = free[j] === 0 || diagonal === 0 ? 0 : value / diagonal;
    }
    // |Jδ|² + 2 λ |Dδ|², which the damped step promises (Madsen et al., eq. 3.14, times two).
    let decrease = 0;
    for (let i = 0; i < p; i++) {
      let value = 0;
      for (let j = i; j < p; j++) value += (triangle[i * p + j] as number) * (step[j] as number);
      const size = (scale[i] as number) * (step[i] as number);
      decrease += value * value + 2 * damping * size * size;
    }
    return decrease;
  };

  /** J' W psi' J + priors. */
  const buildHessian = (problem: LeastSquaresProblem, { values, jacobian }: LmPlace): void => {
    const { target, weights, loss, priors: penalties } = problem;
    hessian.fill(0);
    for (let i = 0; i < n; i++) {
      const residual = (values[i] as number) - (target[i] as number);
      const weight = weights === null ? 1 : (weights[i] as number);
      if (weight === 0 || Math.abs(residual) > loss.delta) continue;
      for (let j = 0; j < p; j++) {
        const slope = weight * (jacobian[j * n + i] as number);
        for (let k = 0; k <= j; k++)
          hessian[j * p + k] = (hessian[j * p + k] as number) + slope * (jacobian[k * n + i] as number);
      }
    }
    for (const prior of penalties) {
      const at = prior.index * p + prior.index;
      hessian[at] = (hessian[at] as number) + prior.weight;
    }
  };

  const newton = (damping: number, gradient: Float64Array): number => {
    for (let j = 0; j < p; j++) added[j] = damping * (scale[j] as number) * (scale[j] as number);
    if (!choleskyFactor(hessian, p, free, added, 0, damped)) return 0;
    choleskyDescent(damped, p, free, gradient, step);
    // Cost is Σ r²: decrease = -2 g'δ - δ'Hδ.
    let decrease = 0;
    for (let j = 0; j < p; j++) {
      decrease -= 2 * (gradient[j] as number) * (step[j] as number) * (free[j] as number);
      for (let k = 0; k < p; k++) {
        const h = j >= k ? (hessian[j * p + k] as number) : (hessian[k * p + j] as number);
        decrease -= h * (step[j] as number) * (step[k] as number);
      }
    }
    return decrease;
  };

  return { free, scale, step, factorise, gaussNewton, buildHessian, newton };
}
