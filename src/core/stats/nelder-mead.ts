/**
 * Downhill simplex search (Nelder & Mead 1965) for the objectives that have no gradient worth the name: the two-exponent
 * outer problem of variable projection, the steep sigmoid from loss to accuracy. Small dimension only.
 */

/** First simplex: each coordinate of the start in turn moved by this share of itself. */
const RELATIVE_STEP = 0.05;
/** Used for a coordinate that is exactly zero (the convention of the public implementations). */
const ZERO_STEP = 0.00025;

interface NelderMeadOptions {
  /** Stop when every vertex agrees with the best within this, coordinate by coordinate. Default 1e-10. */
  readonly pointTolerance?: number;
  /** … and every value with the best within this. Default 1e-15. */
  readonly valueTolerance?: number;
  readonly maxIterations?: number;
  readonly stop?: () => boolean;
}

interface NelderMeadResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/**
 * Minimises f from x0 without derivatives. Non-finite values count as +Infinity, so forbidden regions are walked around.
 * Stops when both tolerances hold; `converged` is false when iterations or time ran out.
 */
export function minimizeNelderMead(
  f: (x: Float64Array) => number,
  x0: Float64Array,
  options: NelderMeadOptions = {},
): NelderMeadResult {
  const k = x0.length;
  const pointTolerance = options.pointTolerance ?? 1e-10;
  const valueTolerance = options.valueTolerance ?? 1e-15;
  const maxIterations = options.maxIterations ?? 10_000;
  let evaluations = 0;
  const at = (x: Float64Array): number => {
    evaluations++;
    const value = f(x);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const first = Float64Array.from(x0);
  const simplex: { x: Float64Array; value: number }[] = [{ x: first, value: at(first) }];
  for (let i = 0; i < k; i++) {
    const x = Float64Array.from(x0);
    x[i] = x[i] === 0 ? ZERO_STEP : x[i]! * (1 + RELATIVE_STEP);
    simplex.push({ x, value: at(x) });
  }
  simplex.sort(byValue);
  const centre = new Float64Array(k);
  let iterations = 0;
  let converged = k === 0;

  while (!converged && iterations < maxIterations) {
    if (agree(simplex, pointTolerance, valueTolerance)) {
      converged = true;
      break;
    }
    if (options.stop?.()) break;
    iterations++;
    centre.fill(0);
    for (let v = 0; v < k; v++) for (let i = 0; i < k; i++) centre[i]! += simplex[v]!.x[i]! / k;
    const worst = simplex[k]!;
    const reflected = along(1);
    if (reflected.value < simplex[0]!.value) {
      const expanded = along(2);
      simplex[k] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[k - 1]!.value) {
      simplex[k] = reflected;
    } else {
      const contracted = reflected.value < worst.value ? along(0.5) : along(-0.5);
      if (contracted.value <= Math.min(reflected.value, worst.value)) {
        simplex[k] = contracted;
      } else {
        const best = simplex[0]!.x;
        for (let v = 1; v <= k; v++) {
          const x = simplex[v]!.x;
          for (let i = 0; i < k; i++) x[i] = best[i]! + 0.5 * (x[i]! - best[i]!);
          simplex[v] = { x, value: at(x) };
        }
      }
    }
    simplex.sort(byValue);
  }
  const best = simplex[0]!;
  return { x: best.x, value: best.value, iterations, evaluations, converged };

  function along(t: number): { x: Float64Array; value: number } {
    const worst = simplex[k]!.x;
    const x = new Float64Array(k);
    for (let i = 0; i < k; i++) x[i] = centre[i]! + t * (centre[i]! - worst[i]!);
    return { x, value: at(x) };
  }
}

function byValue(a: { value: number }, b: { value: number }): number {
  // Infinity - Infinity is NaN, which would leave the order undefined.
  return a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
}

function agree(
  simplex: readonly { x: Float64Array; value: number }[],
  pointTolerance: number,
  valueTolerance: number,
): boolean {
  const best = simplex[0]!;
  for (let v = 1; v < simplex.length; v++) {
    const vertex = simplex[v]!;
    if (!(Math.abs(vertex.value - best.value) <= valueTolerance)) return false;
    for (let i = 0; i < best.x.length; i++) if (Math.abs(vertex.x[i]! - best.x[i]!) > pointTolerance) return false;
  }
  return true;
}
