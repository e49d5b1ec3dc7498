/**
 * Dense quasi-Newton descent (BFGS) for the few-parameter objectives of the laws: a full inverse Hessian, a strong-Wolfe
 * line search and a stop rule relative to the objective itself. Laws hand in centred coordinates and, where they have one,
 * a first inverse Hessian; robust objectives of size 1e-3 are divided by their switch point before they come here, because
 * absolute tolerances would otherwise stop at once.
 */

/** Value at x; must also write the gradient. May return Infinity where the point is not allowed, never NaN by contract. */
export type ObjectiveWithGradient = (x: Float64Array, gradient: Float64Array) => number;

interface BfgsOptions {
  /** Largest absolute gradient component at which the point counts as stationary. Default 1e-10. */
  readonly gradientTolerance?: number;
  /** Relative decrease of the value below which, twice in a row, the descent has ended. Default 1e-15. */
  readonly valueTolerance?: number;
  readonly maxIterations?: number;
  /** Row-major k × k first inverse Hessian; identity scaled by the first step when absent. */
  readonly inverseHessian?: Float64Array;
  /** Asked once per iteration: true stops with the best point so far. */
  readonly stop?: () => boolean;
}

type BfgsStop = 'gradient' | 'value' | 'line-search' | 'iterations' | 'stopped' | 'not-finite';

interface BfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** False when iterations or time ran out, or the objective was not finite at the start. */
  readonly converged: boolean;
  readonly stop: BfgsStop;
  /** Row-major inverse Hessian as built up; a good start for a neighbouring problem. */
  readonly inverseHessian: Float64Array;
}

/** Wolfe constants of Nocedal & Wright, Numerical Optimization, §3.1. */
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_LINE_STEPS = 30;

/**
 * Minimises a smooth function of k variables from x0 (Nocedal & Wright, algorithms 6.1, 3.5, 3.6).
 *
 * A line search that can no longer find decrease ends the descent: at double precision that is the normal end of a
 * robust objective, so it counts as converged when the predicted decrease is below the rounding of the value.
 */
export function minimizeBfgs(
  objective: ObjectiveWithGradient,
  x0: Float64Array,
  options: BfgsOptions = {},
): BfgsResult {
  const k = x0.length;
  const gradientTolerance = options.gradientTolerance ?? 1e-10;
  const valueTolerance = options.valueTolerance ?? 1e-15;
  const maxIterations = options.maxIterations ?? 200;
  const x = Float64Array.from(x0);
  const gradient = new Float64Array(k);
  let value = objective(x, gradient);
  let evaluations = 1;
  const inverse = options.inverseHessian ? Float64Array.from(options.inverseHessian) : identity(k);
  let scaled = options.inverseHessian !== undefined;
  if (!Number.isFinite(value) || !allFinite(gradient)) {
    return {
      x,
      value: Number.POSITIVE_INFINITY,
      iterations: 0,
      evaluations,
      converged: false,
      stop: 'not-finite',
      inverseHessian: inverse,
    };
  }
  const direction = new Float64Array(k);
  const step = new Float64Array(k);
  const change = new Float64Array(k);
  const product = new Float64Array(k);
  const trial = new Float64Array(k);
  const trialGradient = new Float64Array(k);
  const best = { x: new Float64Array(k), gradient: new Float64Array(k) };
  let quiet = 0;
  let iterations = 0;
  let stop: BfgsStop = 'iterations';
  let converged = false;

  for (; iterations < maxIterations; iterations++) {
    if (maxAbs(gradient) <= gradientTolerance) {
      stop = 'gradient';
      converged = true;
      break;
    }
    if (options.stop?.()) {
      stop = 'stopped';
      break;
    }
    let slope = descent(inverse, gradient, direction);
    if (!(slope < 0)) {
      inverse.set(identity(k));
      scaled = false;
      slope = descent(inverse, gradient, direction);
    }
    const first = scaled ? 1 : Math.min(1, 1 / (norm(gradient) || 1));
    const search = lineSearch(first, slope);
    if (!search.found) {
      // One more chance along steepest descent with a fresh metric, unless nothing is to be gained beyond rounding.
      if (Math.abs(slope) <= 1e-13 * Math.max(Math.abs(value), 1e-300) || quiet === -1) {
        stop = 'line-search';
        converged = Math.abs(slope) <= 1e-9 * Math.max(Math.abs(value), 1e-300);
        break;
      }
      inverse.set(identity(k));
      scaled = false;
      quiet = -1;
      continue;
    }
    let sy = 0;
    let yy = 0;
    for (let i = 0; i < k; i++) {
      step[i] = best.x[i]! - x[i]!;
      change[i] = best.gradient[i]! - gradient[i]!;
      sy += step[i]! * change[i]!;
      yy += change[i]! * change[i]!;
    }
    const decrease = value - search.value;
    x.set(best.x);
    gradient.set(best.gradient);
    value = search.value;
    quiet = decrease <= valueTolerance * Math.abs(value) ? Math.max(quiet, 0) + 1 : 0;
    if (quiet >= 2) {
      iterations++;
      stop = 'value';
      converged = true;
      break;
    }
    if (sy > 1e-300 && sy > 1e-14 * Math.sqrt(yy) * norm(step)) {
      if (!scaled) {
        const scale = sy / yy;
        for (let i = 0; i < k; i++) inverse[i * k + i] = scale;
        scaled = true;
      }
      updateInverse(inverse, step, change, sy, product);
    }
  }
  return {
    x,
    value,
    iterations,
    evaluations,
    converged,
    stop,
    inverseHessian: inverse,
  };

  function evaluate(alpha: number): { value: number; slope: number } {
    for (let i = 0; i < k; i++) trial[i] = x[i]! + alpha * direction[i]!;
    const at = objective(trial, trialGradient);
    evaluations++;
    if (!Number.isFinite(at)) return { value: Number.POSITIVE_INFINITY, slope: Number.POSITIVE_INFINITY };
    let slope = 0;
    for (let i = 0; i < k; i++) slope += trialGradient[i]! * direction[i]!;
    return { value: at, slope: Number.isFinite(slope) ? slope : Number.POSITIVE_INFINITY };
  }

  /** Keeps the trial point as the best of this search (buffers are swapped back at once). */
  function keep(): void {
    best.x.set(trial);
    best.gradient.set(trialGradient);
  }

  /** Strong-Wolfe search: bracket by doubling, then zoom with safeguarded cubic steps. */
  function lineSearch(first: number, slope0: number): { found: boolean; value: number } {
    const value0 = value;
    let low = { alpha: 0, value: value0, slope: slope0 };
    let kept = Number.POSITIVE_INFINITY;
    let alpha = first;
    let high: { alpha: number; value: number; slope: number } | null = null;
    let steps = 0;
    for (; steps < MAX_LINE_STEPS && high === null; steps++) {
      const at = evaluate(alpha);
      if (at.value > value0 + SUFFICIENT_DECREASE * alpha * slope0 || (steps > 0 && at.value >= low.value)) {
        high = { alpha, ...at };
        break;
      }
      if (at.value < kept) {
        kept = at.value;
        keep();
      }
      if (Math.abs(at.slope) <= -CURVATURE * slope0) return { found: kept < value0, value: kept };
      if (at.slope >= 0) {
        high = low;
        low = { alpha, ...at };
        break;
      }
      low = { alpha, ...at };
      alpha *= 2;
    }
    if (high === null) return { found: kept < value0, value: kept };
    for (; steps < MAX_LINE_STEPS; steps++) {
      const width = Math.abs(high.alpha - low.alpha);
      if (width <= 1e-16 * Math.max(1, Math.abs(low.alpha))) break;
      alpha = cubicStep(low, high);
      const at = evaluate(alpha);
      if (at.value > value0 + SUFFICIENT_DECREASE * alpha * slope0 || at.value >= low.value) {
        high = { alpha, ...at };
      } else {
        if (at.value < kept) {
          kept = at.value;
          keep();
        }
        if (Math.abs(at.slope) <= -CURVATURE * slope0) break;
        if (at.slope * (high.alpha - low.alpha) >= 0) high = low;
        low = { alpha, ...at };
      }
    }
    return { found: kept < value0, value: kept };
  }
}

interface LinePoint {
  readonly alpha: number;
  readonly value: number;
  readonly slope: number;
}

/** Minimum of the cubic through two points with slopes, held inside the middle of the bracket. */
function cubicStep(low: LinePoint, high: LinePoint): number {
  const span = high.alpha - low.alpha;
  let at = low.alpha + span / 2;
  if (Number.isFinite(high.value) && Number.isFinite(high.slope)) {
    const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / span;
    const root = d1 * d1 - low.slope * high.slope;
    if (root >= 0) {
      const d2 = Math.sign(span) * Math.sqrt(root);
      const cubic = high.alpha - (span * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
      if (Number.isFinite(cubic)) at = cubic;
    }
  } else {
    at = low.alpha + span / 10;
  }
  const lowest = Math.min(low.alpha, high.alpha);
  const width = Math.abs(span);
  return Math.min(lowest + 0.95 * width, Math.max(lowest + 0.05 * width, at));
}

/** direction = -H g; returns the slope g·direction. */
function descent(inverse: Float64Array, gradient: Float64Array, direction: Float64Array): number {
  const k = gradient.length;
  let slope = 0;
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum -= inverse[i * k + j]! * gradient[j]!;
    direction[i] = sum;
    slope += sum * gradient[i]!;
  }
  return slope;
}

/** H ← (I - s yᵀ/sy) H (I - y sᵀ/sy) + s sᵀ/sy. */
function updateInverse(
  inverse: Float64Array,
  step: Float64Array,
  change: Float64Array,
  sy: number,
  product: Float64Array,
): void {
  const k = step.length;
  let yHy = 0;
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += inverse[i * k + j]! * change[j]!;
    product[i] = sum;
    yHy += sum * change[i]!;
  }
  const factor = (1 + yHy / sy) / sy;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      inverse[i * k + j]! += factor * step[i]! * step[j]! - (product[i]! * step[j]! + step[i]! * product[j]!) / sy;
    }
  }
}

function identity(k: number): Float64Array {
  const matrix = new Float64Array(k * k);
  for (let i = 0; i < k; i++) matrix[i * k + i] = 1;
  return matrix;
}

function maxAbs(v: Float64Array): number {
  let most = 0;
  for (let i = 0; i < v.length; i++) most = Math.max(most, Math.abs(v[i]!));
  return most;
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i]! * v[i]!;
  return Math.sqrt(sum);
}

function allFinite(v: Float64Array): boolean {
  for (let i = 0; i < v.length; i++) if (!Number.isFinite(v[i]!)) return false;
  return true;
}
