/**
 * Deterministic multi-start: many short runs, the best ones to the end, and an honest count of how many starts found the
 * optimum and whether a clearly different one is almost as good.
 */
import {
  costAt,
  createSolver,
  type LeastSquaresProblem,
  type LmOptions,
  type LmOutcome,
  type LmSolver,
} from './levenberg-marquardt.ts';

import { createRefitSolver, type Refit } from './refit.ts';

export interface MultistartOptions {
  /** Starts that are iterated at all, taken by their cost at the start. */
  readonly explore: number;
  /** Iterations of the first, short runs. */
  readonly exploreIterations: number;
  /** Best runs that are continued (the first start always is); the best of them, and those as good, to convergence. */
  readonly finish: number;
  readonly lm: Partial<LmOptions>;
  /** Explore with the careful solver too: for starts that may lie far from any optimum. */
  readonly careful?: boolean;
}

export interface MultistartOutcome {
  readonly best: LmOutcome;
  readonly tried: number;
  /** Starts whose run ended within 1e-6 (relative) of the best cost. */
  readonly atOptimum: number;
  /** Another optimum within 1 % of the best cost at a clearly different place; null when there is none. */
  readonly rival: LmOutcome | null;
}

/** Relative excess of the cost up to which a run counts as having found the optimum. */
const SAME_COST = 1e-6;
/** Relative difference of costs that is rounding: the earlier start wins, so that the user's own decides among equals. */
const EQUAL_COST = 1e-9;
/** Granted to a winner that has not converged; steps that gain a hundred-millionth of the cost end it. */
const PATIENT = { maxIterations: 1000, costTolerance: 1e-8 };
/** Precision of exploring runs: good enough to rank them and to count those at the optimum. */
const EXPLORED = 1e-8;
/** Further quick iterations of the best runs. */
const CONTINUED = 150;
/** Excess of the cost up to which a different place counts as a rival. */
const RIVAL_COST = 0.01;

/**
 * @param starts full starting points; order matters only for ties
 * @param solver made for the size of the problem
 * @param distinct says whether two solutions differ in what they mean; default: any parameter by 10 %
 */
export function multistart(
  problem: LeastSquaresProblem,
  starts: readonly Float64Array[],
  options: MultistartOptions,
  solver: LmSolver = createSolver(problem.n, problem.p, problem.priors.length),
  distinct: (a: Float64Array, b: Float64Array) => boolean = differs,
): MultistartOutcome | null {
  const scratch = new Float64Array(problem.n);
  const clamped = starts.map((start) => clampInto(problem, start));
  let chosen = clamped;
  if (clamped.length > options.explore) {
    chosen = clamped
      .map((start) => ({ start, cost: costAt(problem, start, scratch) }))
      .sort((a, b) => a.cost - b.cost)
      .slice(0, options.explore)
      .map((entry) => entry.start);
  }
  const runs: { run: LmOutcome; order: number }[] = [];
  // Many starts are explored by the quick solver, whose results are starts again; a single one goes straight to the end.
  const quick = chosen.length > 1 && options.careful !== true ? createRefitSolver(problem.n, problem.p) : null;
  for (const [order, start] of chosen.entries()) {
    const run =
      quick === null
        ? solver.solve(problem, start, { ...options.lm, maxIterations: options.exploreIterations })
        : explored(quick.solve(problem, start, options.exploreIterations, EXPLORED));
    if (Number.isFinite(run.cost)) runs.push({ run, order });
    if (options.lm.deadline?.expired() === true) break;
  }
  if (runs.length === 0) return null;
  const byCost = (a: { run: LmOutcome }, b: { run: LmOutcome }): number => a.run.cost - b.run.cost;
  runs.sort(byCost);
  const finishing = runs.filter(({ order }, rank) => rank < options.finish || order === 0);
  if (quick !== null) {
    for (const entry of finishing)
      if (!entry.run.converged && options.lm.deadline?.expired() !== true)
        entry.run = explored(quick.solve(problem, entry.run.theta, CONTINUED, EXPLORED));
    runs.sort(byCost);
  }
  // The careful solver settles the winner, and whoever may yet turn out to be it.
  const bound = (runs[0] as (typeof runs)[number]).run.cost * (1 + RIVAL_COST);
  for (const entry of finishing) {
    if (quick === null ? entry.run.converged : entry !== runs[0] && entry.run.cost > bound) continue;
    entry.run = solver.solve(problem, entry.run.theta, options.lm);
  }
  runs.sort(byCost);
  const lowest = (runs[0] as (typeof runs)[number]).run;
  const equals = runs.filter(
    ({ run }) => run.cost <= lowest.cost * (1 + EQUAL_COST) && run.converged === lowest.converged,
  );
  let best = equals.reduce((first, entry) => (entry.order < first.order ? entry : first)).run;
  // Narrow curved valleys (a break beyond the data) need many short steps; only the winner is worth them.
  if (!best.converged) best = solver.solve(problem, best.theta, { ...options.lm, ...PATIENT });
  const bar = best.cost * (1 + SAME_COST) + Number.MIN_VALUE;
  const rival = runs.find(
    ({ run }) => run.converged && run.cost <= best.cost * (1 + RIVAL_COST) && distinct(run.theta, best.theta),
  );
  return {
    best,
    tried: chosen.length,
    atOptimum: runs.filter(({ run }) => run.cost <= bar).length,
    rival: rival?.run ?? null,
  };
}

function explored(refit: Refit): LmOutcome {
  return {
    theta: refit.theta.slice(),
    cost: refit.cost,
    iterations: 0,
    converged: refit.converged,
    status: refit.converged ? 'converged' : 'iteration-limit',
    atBound: [],
  };
}

function clampInto(problem: LeastSquaresProblem, start: Float64Array): Float64Array {
  return start.map((value, j) => Math.min(Math.max(value, problem.lower[j] as number), problem.upper[j] as number));
}

function differs(a: Float64Array, b: Float64Array): boolean {
  return a.some((value, j) => {
    const other = b[j] as number;
    return Math.abs(value - other) > 0.1 * Math.max(Math.abs(value), Math.abs(other), 1e-12);
  });
}
