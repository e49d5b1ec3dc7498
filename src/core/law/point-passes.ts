/**
 * The last word of all points on a fit that is nearly settled: damped Gauss–Newton in passes, each of which linearises the
 * law block by block into a triangle, so that a million points need the memory of one block and no normal equations.
 */
import { type Deadline, earlier } from '../stats/deadline.ts';
import { createSolver, type LeastSquaresProblem } from '../stats/levenberg-marquardt.ts';
import {
  type CurveOutcome,
  type CurveProblem,
  isCurveRefusal,
  parameterIndices,
  type ReducedProblem,
  reduceProblem,
} from '../stats/nonlinear.ts';
import { SQUARED } from '../stats/robust.ts';
import { BLOCK_ROWS, createRowFold } from '../stats/row-fold.ts';
import type { CurveData } from './one-variable.ts';

/** A step that promises less than this share of the residual variance moves nothing by a hundredth of its standard error. */
const ENOUGH = 1e-4;
/** Passes that settle a fit at most. */
const MOST_PASSES = 30;
/** Kept steps that gain less than is worth it before a valley counts as settled though its straight steps promise more. */
const PATIENCE = 2;

/** A problem with its reduction. */
export interface Reduction {
  readonly problem: CurveProblem;
  readonly reduced: ReducedProblem;
}

/** The problem of some data, reduced; null where it is refused. */
export function reductionOf(problemOf: (data: CurveData) => CurveProblem, data: CurveData): Reduction | null {
  const problem = problemOf(data);
  const reduced = reduceProblem(problem);
  return isCurveRefusal(reduced) ? null : { problem, reduced };
}

/**
 * Least squares over all points from a place that is nearly the optimum. A step on the linearised law, bounds and penalties
 * included, is kept where the next pass finds a lower cost; the end is a step not worth taking ({@link ENOUGH}).
 *
 * @param reduced of all points, squared objective
 * @param start full length, in transforms
 * @returns null where the law has no finite value at the start
 */
export function settleByPasses(
  problemOf: (data: CurveData) => CurveProblem,
  data: CurveData,
  reduced: ReducedProblem,
  start: Float64Array,
  deadline: Deadline,
): CurveOutcome | null {
  const p = reduced.free;
  const n = data.u.length;
  const { lower, upper, priors } = reduced.with(reduced.target, null, SQUARED);
  const linearise = createPasses(problemOf, data, reduced);
  const started = performance.now();
  let theta: Float64Array = reduced
    .reduce(start)
    .map((value, j) => Math.min(Math.max(value, lower[j] as number), upper[j] as number));
  let here = linearise(theta);
  if (!Number.isFinite(here.cost)) return null;
  // The first pass is made in any case, a further one only if it can end in time.
  const until = earlier(deadline, performance.now() - started);
  const solver = createSolver(p, p, priors.length + p);
  let damping = 0;
  let passes = 1;
  let idle = 0;
  let converged = false;
  while (passes < MOST_PASSES) {
    const step = solver.solve(linearProblem(theta, here, damping, { lower, upper, priors }), theta);
    if (idle >= PATIENCE || here.within - step.cost <= (ENOUGH * here.cost) / n) {
      converged = true;
      break;
    }
    if (until.expired()) break;
    const next = linearise(step.theta);
    passes++;
    if (next.cost < here.cost) {
      idle = here.cost - next.cost <= (ENOUGH * here.cost) / n ? idle + 1 : 0;
      theta = step.theta;
      here = next;
      damping /= 10;
    } else damping = Math.max(10 * damping, 1e-6);
  }
  const atBound = Array.from(theta.keys()).filter((j) => {
    const [low, high] = [lower[j] as number, upper[j] as number];
    return low < high && ((theta[j] as number) <= low || (theta[j] as number) >= high);
  });
  return {
    theta: reduced.expand(theta),
    cost: here.cost,
    converged,
    timedOut: !converged && until.expired(),
    iterations: passes,
    tried: 1,
    atOptimum: 1,
    atBound: parameterIndices(reduced, atBound),
    rival: null,
    free: p,
  };
}

/** The law about a place. */
interface Linearised {
  readonly cost: number;
  /** R of the weighted Jacobian, p × p row-major. */
  readonly triangle: Float64Array;
  /** Q'r of the weighted residuals. */
  readonly rhs: Float64Array;
  /** What of the cost a step could change: |Q'r|² and the penalties. */
  readonly within: number;
}

function createPasses(
  problemOf: (data: CurveData) => CurveProblem,
  data: CurveData,
  reduced: ReducedProblem,
): (theta: Float64Array) => Linearised {
  const p = reduced.free;
  const n = data.u.length;
  const rows = Math.min(n, BLOCK_ROWS);
  // One problem of a block's size reads its places from here; a last block that is not full keeps some of the one before.
  const u = data.u.slice(0, rows);
  const block = reductionOf(problemOf, { ...data, u, y: data.y.slice(0, rows), weights: null });
  const values = new Float64Array(rows);
  const { evaluate, priors } = (block?.reduced ?? reduced).with(new Float64Array(rows), null, SQUARED);
  return (theta) => {
    const { block: slopes, blockRhs, fold, triangle, rhs } = createRowFold(p, rows);
    let cost = 0;
    let defined = block !== null;
    for (let from = 0; defined && from < n; from += rows) {
      const count = Math.min(rows, n - from);
      u.set(data.u.subarray(from, from + count));
      defined = evaluate(theta, values, slopes);
      for (let i = 0; i < count; i++) {
        const weight = data.weights === null ? 1 : (data.weights[from + i] as number);
        const residual = (values[i] as number) - (reduced.target[from + i] as number);
        const root = Math.sqrt(weight);
        blockRhs[i] = root * residual;
        cost += weight * residual * residual;
        if (root !== 1) for (let k = i; k < p * rows; k += rows) slopes[k] = root * (slopes[k] as number);
      }
      fold(count);
    }
    let penalties = 0;
    for (const prior of priors) penalties += prior.weight * ((theta[prior.index] as number) - prior.centre) ** 2;
    cost += penalties;
    return {
      cost: defined && Number.isFinite(cost) ? cost : Number.POSITIVE_INFINITY,
      triangle,
      rhs,
      within: rhs.reduce((sum, value) => sum + value * value, penalties),
    };
  };
}

/** min |R (theta - from) + Q'r|² with the law's bounds and penalties, and damping as penalties of its own. */
function linearProblem(
  from: Float64Array,
  { triangle, rhs }: Linearised,
  damping: number,
  { lower, upper, priors }: Pick<LeastSquaresProblem, 'lower' | 'upper' | 'priors'>,
): LeastSquaresProblem {
  const p = from.length;
  const damped = Array.from(from, (centre, index) => {
    let square = 0;
    for (let i = 0; i <= index; i++) square += (triangle[i * p + index] as number) ** 2;
    return { index, centre, weight: damping * square };
  });
  return {
    n: p,
    p,
    evaluate: (theta, values, jacobian) => {
      for (let i = 0; i < p; i++) {
        let value = rhs[i] as number;
        for (let j = i; j < p; j++)
          value += (triangle[i * p + j] as number) * ((theta[j] as number) - (from[j] as number));
        values[i] = value;
        if (jacobian === null) continue;
        for (let j = 0; j < p; j++) jacobian[j * p + i] = j >= i ? (triangle[i * p + j] as number) : 0;
      }
      return true;
    },
    target: new Float64Array(p),
    weights: null,
    lower,
    upper,
    loss: SQUARED,
    priors: damping > 0 ? [...priors, ...damped] : priors,
  };
}
