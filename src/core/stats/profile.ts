/**
 * Profile-likelihood intervals: a parameter is held at a value, the others are refitted, and the interval holds the values
 * at which the fit is not significantly worse. Unlike standard errors they know about curvature and bounds.
 */
import { tQuantile } from './distribution.ts';
import type { LeastSquaresProblem } from './levenberg-marquardt.ts';
import { createRefitSolver } from './refit.ts';

export interface ProfileInterval {
  /** In the parameter's transform; the bound where the fit never gets bad enough on that side. */
  readonly low: number;
  readonly high: number;
  /** True where the side is limited by the parameter's bound (or by `reach`), not by the data. */
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

/** Iterations of a refit along the profile. */
const ITERATIONS = 60;
/** Doublings of the step before a side counts as open. */
const DOUBLINGS = 24;
const BISECTIONS = 30;

/**
 * Interval of one parameter at a level: cost(v) <= cost_min (1 + t²/(n-k)), the likelihood ratio of a normal error of
 * unknown variance (Bates & Watts 1988, ch. 6).
 *
 * @param problem squared loss
 * @param optimum parameters at the optimum (columns of the problem)
 * @param j which column
 * @param step first step away from the optimum, e.g. its standard error
 * @returns null without degrees of freedom or for an exact fit
 */
export function profileInterval(
  problem: LeastSquaresProblem,
  optimum: Float64Array,
  j: number,
  step: number,
  level: number,
): ProfileInterval | null {
  const { n, p } = problem;
  const df = n - p;
  if (df <= 0 || !(step > 0) || !Number.isFinite(step)) return null;
  const solver = createRefitSolver(n, p);
  const lower = problem.lower.slice();
  const upper = problem.upper.slice();
  const held: LeastSquaresProblem = { ...problem, lower, upper };
  const centre = optimum[j] as number;
  const costWith = (value: number, start: Float64Array): number => {
    lower[j] = value;
    upper[j] = value;
    const refit = solver.solve(held, start, ITERATIONS);
    if (Number.isFinite(refit.cost)) start.set(refit.theta);
    return refit.cost;
  };
  const least = costWith(centre, optimum.slice());
  if (!(least > 0)) return null;
  const t = tQuantile((1 + level) / 2, df);
  const bar = least * (1 + (t * t) / df);

  const side = (direction: -1 | 1): { place: number; open: boolean } => {
    const limit = (direction < 0 ? problem.lower[j] : problem.upper[j]) as number;
    const warm = optimum.slice();
    let inside = centre;
    let stride = step;
    for (let i = 0; i < DOUBLINGS; i++) {
      let outside = centre + direction * stride;
      const atLimit = direction < 0 ? outside <= limit : outside >= limit;
      if (atLimit) outside = limit;
      if (outside === inside) return { place: limit, open: true };
      if (costWith(outside, warm) > bar) {
        for (let k = 0; k < BISECTIONS && Math.abs(outside - inside) > 1e-4 * Math.abs(outside - centre); k++) {
          const middle = (inside + outside) / 2;
          if (costWith(middle, warm) > bar) outside = middle;
          else inside = middle;
        }
        return { place: (inside + outside) / 2, open: false };
      }
      if (atLimit) return { place: limit, open: true };
      inside = outside;
      stride *= 2;
    }
    return { place: inside, open: true };
  };
  const low = side(-1);
  const high = side(1);
  return { low: low.place, high: high.place, openLow: low.open, openHigh: high.open };
}
