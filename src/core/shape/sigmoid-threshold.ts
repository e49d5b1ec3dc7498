/** The sigmoid definition of a threshold: c + (u - c) / (1 + e^(-k (x - x0))), fitted on a grid with c and u solved exactly. */

/** A fitted sigmoid; x0 in log10 of the scale, k per decade. */
export interface SigmoidShape {
  readonly floor: number;
  readonly top: number;
  readonly k: number;
  readonly x0: number;
  readonly sse: number;
}

const PLACES = 41;
const STEEPNESS = 17;
const ROUNDS = 5;

/** Least squares of y on (1 - s, s) for given s, the floor held where it is known; both ends kept inside the limits. */
function ends(
  y: ArrayLike<number>,
  w: ArrayLike<number>,
  s: Float64Array,
  floor: number | null,
  best: number | null,
): { readonly floor: number; readonly top: number; readonly sse: number } | null {
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ay = 0;
  let by = 0;
  for (let i = 0; i < s.length; i++) {
    const b = s[i] as number;
    const a = 1 - b;
    const m = w[i] as number;
    aa += m * a * a;
    ab += m * a * b;
    bb += m * b * b;
    ay += m * a * (y[i] as number);
    by += m * b * (y[i] as number);
  }
  let c = floor;
  let u: number;
  if (c === null) {
    const det = aa * bb - ab * ab;
    if (!(det > 1e-12 * aa * bb)) return null;
    c = (ay * bb - by * ab) / det;
    u = (by * aa - ay * ab) / det;
  } else {
    if (!(bb > 0)) return null;
    u = (by - ab * c) / bb;
  }
  if (best !== null && u > best) {
    u = best;
    if (floor === null && aa > 0) c = (ay - ab * u) / aa;
  }
  let sse = 0;
  for (let i = 0; i < s.length; i++) {
    const b = s[i] as number;
    sse += (w[i] as number) * ((y[i] as number) - c * (1 - b) - u * b) ** 2;
  }
  return { floor: c, top: u, sse };
}

/**
 * Fits the sigmoid to sorted points with multiplicities `w`. The grid over place and steepness is narrowed around the best
 * cell five times. Null where nothing rises.
 */
export function fitSigmoidShape(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  w: ArrayLike<number>,
  floor: number | null,
  best: number | null,
): SigmoidShape | null {
  const n = x.length;
  const from = x[0] as number;
  const to = x[n - 1] as number;
  let found: SigmoidShape | null = null;
  let centre = (from + to) / 2;
  let half = (to - from) / 2 + 0.5;
  let lnK = Math.log(4);
  let halfK = Math.log(16);
  const s = new Float64Array(n);
  for (let round = 0; round < ROUNDS; round++) {
    for (let p = 0; p < PLACES; p++) {
      const x0 = centre + half * ((2 * p) / (PLACES - 1) - 1);
      for (let q = 0; q < STEEPNESS; q++) {
        const k = Math.exp(lnK + halfK * ((2 * q) / (STEEPNESS - 1) - 1));
        for (let i = 0; i < n; i++) s[i] = 1 / (1 + Math.exp(-k * ((x[i] as number) - x0)));
        const fit = ends(y, w, s, floor, best);
        if (fit === null || fit.top <= fit.floor) continue;
        if (found === null || fit.sse < found.sse) found = { ...fit, k, x0 };
      }
    }
    if (found === null) return null;
    centre = found.x0;
    lnK = Math.log(found.k);
    half *= 4 / (PLACES - 1);
    halfK *= 4 / (STEEPNESS - 1);
  }
  return found;
}
