/**
 * Objectives: how a residual becomes a cost. The report gives the weighted sum over points of exactly these, on the
 * residual scale of the objective: `squared` and `huber` in y, `log-squared` and `log-huber` in ln y, `lad` in ln y for
 * losses and in y for bounded scores.
 */
import type { ObjectiveName } from '../law/law.ts';

/** What the optimiser minimises per residual. */
export type LossKind = 'squared' | 'huber' | 'absolute';

export interface Loss {
  readonly kind: LossKind;
  /** Huber switch point on the residual scale; for `absolute` the width of its smoothing. */
  readonly delta: number;
}

export const SQUARED: Loss = { kind: 'squared', delta: Number.POSITIVE_INFINITY };

/** Huber switch point of the Chinchilla protocol (Hoffmann et al. 2022, Approach 3), in ln units. */
export const DEFAULT_DELTA = 1e-3;

/**
 * Least absolute deviation is minimised as a Huber loss with this switch point times the scale of the residuals (their
 * median absolute value at the staged start), divided by it: within the switch point |r| is rounded to a parabola. The
 * value reported is the exact sum of |r|.
 */
export const LAD_SMOOTHING = 1e-6;

/** The loss behind an objective's name. */
export function lossOf(name: ObjectiveName, delta: number = DEFAULT_DELTA): Loss {
  if (name === 'huber' || name === 'log-huber') return { kind: 'huber', delta };
  if (name === 'lad') return { kind: 'absolute', delta: 0 };
  return SQUARED;
}

/** Whether the residual of the objective is taken in ln y. */
export function isLogObjective(name: ObjectiveName, isLoss: boolean): boolean {
  return name === 'log-squared' || name === 'log-huber' || (name === 'lad' && isLoss);
}

/**
 * Contribution of one residual to the objective as reported: r², Huber's H(r) (r²/2, then delta (|r| - delta/2)), |r|.
 */
export function objectiveTerm(loss: Loss, residual: number): number {
  const size = Math.abs(residual);
  if (loss.kind === 'squared') return residual * residual;
  if (loss.kind === 'absolute') return size;
  return size <= loss.delta ? (residual * residual) / 2 : loss.delta * (size - loss.delta / 2);
}

/** Weighted sum of {@link objectiveTerm}: `objective.value` of the report. */
export function objectiveValue(loss: Loss, residuals: ArrayLike<number>, weights: ArrayLike<number> | null): number {
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) {
    const weight = weights === null ? 1 : (weights[i] as number);
    if (weight > 0) sum += weight * objectiveTerm(loss, residuals[i] as number);
  }
  return sum;
}

/** Cost inside the optimiser, equal to r² near zero: r², or 2 H(r). */
export function robustCost(kind: LossKind, delta: number, residual: number): number {
  if (kind === 'squared') return residual * residual;
  const size = Math.abs(residual);
  return size <= delta ? residual * residual : delta * (2 * size - delta);
}

/** Weight of a residual in iteratively reweighted least squares: psi(r)/r, 1 inside the switch point. */
export function robustWeight(kind: LossKind, delta: number, residual: number): number {
  if (kind === 'squared') return 1;
  const size = Math.abs(residual);
  return size <= delta ? 1 : delta / size;
}

/**
 * Switch points from wide to narrow: a robust fit starts as nearly least squares and narrows step by step, each stage
 * from the last solution (0.1 → 0.01 → target, as for the Chinchilla protocol).
 *
 * @param target the switch point asked for
 * @param scale typical size of the residuals at the start; the first stage is at least this wide
 */
export function deltaStages(target: number, scale: number): number[] {
  const stages: number[] = [];
  for (let delta = Math.max(0.1 * Math.min(1, scale * 100), scale); delta > target * 1.5; delta /= 10)
    stages.push(delta);
  stages.push(target);
  return stages;
}
