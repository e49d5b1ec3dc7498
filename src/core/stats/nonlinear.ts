/**
 * The fitting engine behind every law of one variable and behind custom formulas: parameters with names, transforms and
 * bounds, held or tied at will; residuals in y or ln y; weights; robust objectives in stages; multi-start; and warm
 * refits for the bootstrap.
 */
import type { Deadline } from './deadline.ts';
import {
  createSolver,
  type LeastSquaresProblem,
  type LmOptions,
  type LmOutcome,
  type LmSolver,
  type Prior,
} from './levenberg-marquardt.ts';
import { multistart } from './multistart.ts';
import { median } from './quantile.ts';
import { deltaStages, LAD_SMOOTHING, type Loss, SQUARED } from './robust.ts';

/** A parameter as the engine sees it. Values and bounds in natural units; `log` ones are fitted as logarithms. */
export interface ParameterSpec {
  readonly name: string;
  readonly transform: 'identity' | 'log';
  readonly lower: number;
  readonly upper: number;
  /** Held at this value. */
  readonly fixed?: number;
}

export interface CurveProblem {
  readonly parameters: readonly ParameterSpec[];
  /** Names held equal, pairwise. */
  readonly ties: readonly (readonly [string, string])[];
  /** Measured values. */
  readonly y: Float64Array;
  /**
   * Predictions in units of y at all points and, unless null, derivatives with respect to all parameters in their
   * transforms (column-major n × parameters). False where undefined.
   */
  evaluate(theta: Float64Array, values: Float64Array, jacobian: Float64Array | null): boolean;
  readonly scale: 'y' | 'ln y';
  readonly loss: Loss;
  /** Weights of the squared residuals, or null. */
  readonly weights: Float64Array | null;
  /** Penalties on parameters in their transforms, indices into `parameters`. */
  readonly priors: readonly Prior[];
}

export interface FitSettings {
  /** Starts in the parameters' transforms, full length. */
  readonly starts: readonly Float64Array[];
  readonly explore: number;
  readonly exploreIterations: number;
  readonly finish: number;
  readonly lm: Partial<LmOptions>;
  readonly deadline: Deadline;
  /** See multistart.ts. */
  readonly careful?: boolean;
}

export interface CurveOutcome {
  /** Full length, in transforms. */
  readonly theta: Float64Array;
  /** Minimised cost: weighted sum of r² or 2 Huber(r), plus priors. */
  readonly cost: number;
  readonly converged: boolean;
  readonly timedOut: boolean;
  readonly iterations: number;
  readonly tried: number;
  readonly atOptimum: number;
  /** Indices into `parameters`. */
  readonly atBound: readonly number[];
  readonly rival: Float64Array | null;
  /** Free parameters. */
  readonly free: number;
}

/** A refusal of the engine: why the settings make no problem. */
export type CurveRefusal =
  | { readonly kind: 'unknown-parameter'; readonly name: string }
  | { readonly kind: 'bad-value'; readonly name: string; readonly why: string }
  | { readonly kind: 'bad-tie'; readonly names: readonly [string, string]; readonly why: string };

/** A problem reduced to its free parameters, ready to be solved again and again with other targets and weights. */
export interface ReducedProblem {
  readonly size: number;
  readonly free: number;
  /** For each parameter the column of the reduced problem, -1 when held. */
  readonly column: Int32Array;
  /** For each parameter the index of the one it follows, or -1. */
  readonly follows: Int32Array;
  expand(reduced: Float64Array, full?: Float64Array): Float64Array;
  reduce(full: Float64Array): Float64Array;
  /** Least-squares problem on targets (residual scale) with weights. */
  with(target: Float64Array, weights: Float64Array | null, loss: Loss): LeastSquaresProblem;
  /** y on the residual scale. */
  readonly target: Float64Array;
  solver(): LmSolver;
}

function inTransform(spec: ParameterSpec, value: number): number {
  return spec.transform === 'log' ? Math.log(value) : value;
}

/** Checks holds and ties and builds the reduced problem. */
export function reduceProblem(problem: CurveProblem): ReducedProblem | CurveRefusal {
  const { parameters, y } = problem;
  const n = y.length;
  const size = parameters.length;
  const held = new Float64Array(size).fill(Number.NaN);
  for (const [j, spec] of parameters.entries()) {
    const value = spec.fixed ?? (spec.lower === spec.upper ? spec.lower : undefined);
    if (value === undefined) continue;
    const inside = inTransform(spec, value);
    if (!Number.isFinite(inside))
      return { kind: 'bad-value', name: spec.name, why: `${value} is not a value that ${spec.name} can take` };
    held[j] = inside;
  }
  const leader = Int32Array.from({ length: size }, (_, j) => j);
  const root = (j: number): number => {
    let at = j;
    while (leader[at] !== at) at = leader[at] as number;
    return at;
  };
  for (const names of problem.ties) {
    const [a, b] = names.map((name) => parameters.findIndex((spec) => spec.name === name)) as [number, number];
    if (a < 0) return { kind: 'unknown-parameter', name: names[0] };
    if (b < 0) return { kind: 'unknown-parameter', name: names[1] };
    if ((parameters[a] as ParameterSpec).transform !== (parameters[b] as ParameterSpec).transform)
      return { kind: 'bad-tie', names, why: 'they are fitted on different scales' };
    const [first, second] = [root(a), root(b)].sort((p, q) => p - q) as [number, number];
    leader[second] = first;
  }
  const column = new Int32Array(size).fill(-1);
  const follows = new Int32Array(size).fill(-1);
  const lower: number[] = [];
  const upper: number[] = [];
  let free = 0;
  for (let j = 0; j < size; j++) {
    const head = root(j);
    if (head !== j) follows[j] = head;
    const group = parameters.map((_, i) => i).filter((i) => root(i) === head);
    const fixed = group.find((i) => !Number.isNaN(held[i] as number));
    if (fixed !== undefined) {
      held[j] = held[fixed] as number;
      continue;
    }
    if (head === j) {
      column[j] = free++;
      lower.push(
        Math.max(
          ...group.map((i) => inTransform(parameters[i] as ParameterSpec, (parameters[i] as ParameterSpec).lower)),
        ),
      );
      upper.push(
        Math.min(
          ...group.map((i) => inTransform(parameters[i] as ParameterSpec, (parameters[i] as ParameterSpec).upper)),
        ),
      );
    } else column[j] = column[head] as number;
  }
  // ln of a zero or negative lower bound: as low as doubles go.
  const low = Float64Array.from(lower, (value) => (Number.isFinite(value) ? value : -Number.MAX_VALUE));
  const high = Float64Array.from(upper, (value) => (Number.isFinite(value) ? value : Number.MAX_VALUE));

  const full = new Float64Array(size);
  const direct = free === size;
  const wide = direct ? null : new Float64Array(n * size);
  const logScale = problem.scale === 'ln y';
  const target = logScale ? y.map(Math.log) : y;
  const expand = (reduced: Float64Array, out: Float64Array = new Float64Array(size)): Float64Array => {
    for (let j = 0; j < size; j++)
      out[j] = (column[j] as number) < 0 ? (held[j] as number) : (reduced[column[j] as number] as number);
    return out;
  };
  const evaluate = (reduced: Float64Array, values: Float64Array, jacobian: Float64Array | null): boolean => {
    const theta = direct ? reduced : expand(reduced, full);
    const slopes = jacobian === null ? null : (wide ?? jacobian);
    if (!problem.evaluate(theta, values, slopes)) return false;
    if (jacobian !== null && wide !== null) {
      jacobian.fill(0);
      for (let j = 0; j < size; j++) {
        const to = (column[j] as number) * n;
        if (to < 0) continue;
        for (let i = 0; i < n; i++) jacobian[to + i] = (jacobian[to + i] as number) + (wide[j * n + i] as number);
      }
    }
    if (logScale) {
      for (let i = 0; i < n; i++) {
        const value = values[i] as number;
        if (!(value > 0)) return false;
        values[i] = Math.log(value);
        if (jacobian !== null) {
          const inverse = 1 / value;
          for (let j = i; j < free * n; j += n) jacobian[j] = (jacobian[j] as number) * inverse;
        }
      }
    }
    return true;
  };
  const priors = problem.priors
    .filter((prior) => (column[prior.index] as number) >= 0)
    .map((prior) => ({ ...prior, index: column[prior.index] as number }));
  return {
    size,
    free,
    column,
    follows,
    target,
    expand,
    reduce: (theta) => {
      const out = new Float64Array(free);
      for (let j = size - 1; j >= 0; j--) if ((column[j] as number) >= 0) out[column[j] as number] = theta[j] as number;
      return out;
    },
    with: (others, weights, loss) => ({
      n,
      p: free,
      evaluate,
      target: others,
      weights,
      lower: low,
      upper: high,
      loss,
      priors,
    }),
    solver: () => createSolver(n, free, priors.length),
  };
}

/** Whether {@link reduceProblem} refused. */
export function isCurveRefusal(value: object): value is CurveRefusal {
  return 'kind' in value;
}

/**
 * Fits a curve: least squares from all starts, then, for robust objectives, stage by stage to the switch point asked for
 * (the best two optima of least squares are both carried along).
 *
 * @returns null when no start has a finite cost
 */
export function fitNonlinear(
  problem: CurveProblem,
  reduced: ReducedProblem,
  settings: FitSettings,
): CurveOutcome | null {
  const solver = reduced.solver();
  const lm = { ...settings.lm, deadline: settings.deadline };
  const starts = settings.starts.map((start) => reduced.reduce(start));
  if (reduced.free === 0) return nothingFree(problem, reduced);
  const squared = reduced.with(reduced.target, problem.weights, SQUARED);
  const first = multistart(squared, starts, { ...settings, lm }, solver);
  if (first === null) return null;
  let best: LmOutcome = first.best;
  if (problem.loss.kind !== 'squared') {
    const candidates = [first.best, ...(first.rival === null ? [] : [first.rival])];
    let winner: LmOutcome | null = null;
    for (const candidate of candidates) {
      const run = descend(problem, reduced, solver, candidate.theta, lm);
      if (winner === null || run.cost < winner.cost) winner = run;
    }
    best = winner ?? best;
  }
  const theta = reduced.expand(best.theta);
  return {
    theta,
    cost: best.cost,
    converged: best.converged,
    timedOut: best.status === 'timeout' || settings.deadline.expired(),
    iterations: best.iterations,
    tried: first.tried,
    atOptimum: first.atOptimum,
    atBound: parameterIndices(reduced, best.atBound),
    rival: first.rival === null ? null : reduced.expand(first.rival.theta),
    free: reduced.free,
  };
}

/** Indices of parameters (full) for indices of columns; a tied one is named by the first of its group. */
export function parameterIndices(reduced: ReducedProblem, columns: readonly number[]): number[] {
  const out: number[] = [];
  reduced.column.forEach((column, j) => {
    if (column >= 0 && columns.includes(column) && (reduced.follows[j] as number) < 0) out.push(j);
  });
  return out;
}

/** Final switch point of a robust loss, given the residuals of the staged start. */
function targetDelta(loss: Loss, scale: number): number {
  return loss.kind === 'absolute' ? Math.max(LAD_SMOOTHING * scale, 1e-14) : loss.delta;
}

/** Narrows a robust loss in stages from a least-squares solution. */
function descend(
  problem: CurveProblem,
  reduced: ReducedProblem,
  solver: LmSolver,
  start: Float64Array,
  lm: Partial<LmOptions>,
): LmOutcome {
  const values = new Float64Array(problem.y.length);
  reduced.with(reduced.target, null, SQUARED).evaluate(start, values, null);
  const scale = median(values.map((value, i) => Math.abs(value - (reduced.target[i] as number)))) || 1e-12;
  const delta = targetDelta(problem.loss, scale);
  let theta = start;
  let run: LmOutcome | null = null;
  for (const stage of deltaStages(delta, scale)) {
    const loss: Loss = { kind: problem.loss.kind, delta: stage };
    run = solver.solve(reduced.with(reduced.target, problem.weights, loss), theta, lm);
    theta = run.theta;
  }
  return run as LmOutcome;
}

/** Everything is held: the cost of the place given. */
function nothingFree(problem: CurveProblem, reduced: ReducedProblem): CurveOutcome | null {
  const theta = reduced.expand(new Float64Array(0));
  const values = new Float64Array(problem.y.length);
  if (!reduced.with(reduced.target, problem.weights, SQUARED).evaluate(new Float64Array(0), values, null)) return null;
  let cost = 0;
  for (let i = 0; i < values.length; i++) {
    const miss = (values[i] as number) - (reduced.target[i] as number);
    cost += (problem.weights === null ? 1 : (problem.weights[i] as number)) * miss * miss;
  }
  return {
    theta,
    cost,
    converged: true,
    timedOut: false,
    iterations: 0,
    tried: 1,
    atOptimum: 1,
    atBound: [],
    rival: null,
    free: 0,
  };
}
