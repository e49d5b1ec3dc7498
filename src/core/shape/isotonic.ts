/**
 * Isotonic cross-check for short ladders: how much better a curve with one free turn fits than the best monotone curve,
 * with a p value by simulation from the known standard errors.
 */
import { createRandom } from '../stats/random.ts';

/** Best monotone fit of weighted points by pooling adjacent violators; `increasing` false fits a decreasing curve. */
export function isotonicFit(y: ArrayLike<number>, weight: ArrayLike<number>, increasing: boolean): Float64Array {
  const n = y.length;
  const sign = increasing ? 1 : -1;
  const level = new Float64Array(n);
  const mass = new Float64Array(n);
  const size = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    let value = sign * (y[i] as number);
    let w = weight[i] as number;
    let count = 1;
    while (blocks > 0 && (level[blocks - 1] as number) > value) {
      blocks--;
      const lw = mass[blocks] as number;
      value = (value * w + (level[blocks] as number) * lw) / (w + lw);
      w += lw;
      count += size[blocks] as number;
    }
    level[blocks] = value;
    mass[blocks] = w;
    size[blocks] = count;
    blocks++;
  }
  const fit = new Float64Array(n);
  let at = 0;
  for (let b = 0; b < blocks; b++)
    for (let c = 0; c < (size[b] as number); c++) fit[at++] = sign * (level[b] as number);
  return fit;
}

function sse(y: ArrayLike<number>, fit: Float64Array, weight: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < fit.length; i++) s += (weight[i] as number) * ((y[i] as number) - (fit[i] as number)) ** 2;
  return s;
}

/** Weighted sum of squares of the best unimodal curve (valley or peak) over all places of the turn. */
function unimodalSse(y: ArrayLike<number>, weight: ArrayLike<number>, valley: boolean): number {
  const n = y.length;
  const values = Float64Array.from(y);
  const weights = Float64Array.from(weight);
  let best = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= n; cut++) {
    const left = isotonicFit(values.subarray(0, cut), weights.subarray(0, cut), !valley);
    const right = isotonicFit(values.subarray(cut), weights.subarray(cut), valley);
    const total =
      sse(values.subarray(0, cut), left, weights.subarray(0, cut)) +
      sse(values.subarray(cut), right, weights.subarray(cut));
    best = Math.min(best, total);
  }
  return best;
}

/** Outcome of the cross-check. */
export interface IsotonicCheck {
  /** D = weighted SSE of the best monotone curve minus that of the best curve with one turn. */
  readonly gain: number;
  /** Share of simulations from the best monotone curve with a gain at least as large. */
  readonly p: number;
  readonly monotone: 'increasing' | 'decreasing';
  readonly turn: 'valley' | 'peak';
}

interface Gain {
  readonly gain: number;
  readonly increasing: boolean;
  readonly valley: boolean;
  readonly fit: Float64Array;
}

function gainOf(y: ArrayLike<number>, weight: ArrayLike<number>): Gain {
  const up = isotonicFit(y, weight, true);
  const down = isotonicFit(y, weight, false);
  const upSse = sse(y, up, weight);
  const downSse = sse(y, down, weight);
  const increasing = upSse <= downSse;
  const valleySse = unimodalSse(y, weight, true);
  const peakSse = unimodalSse(y, weight, false);
  return {
    gain: Math.max(0, Math.min(upSse, downSse) - Math.min(valleySse, peakSse)),
    increasing,
    valley: valleySse <= peakSse,
    fit: increasing ? up : down,
  };
}

/**
 * Cross-check for five to seven oriented points with standard errors; null where an error is zero (no weight exists).
 *
 * @param simulations draws from the best monotone curve
 */
export function isotonicCheck(
  y: ArrayLike<number>,
  se: ArrayLike<number>,
  seed: number,
  simulations = 999,
): IsotonicCheck | null {
  const n = y.length;
  const weight = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const s = se[i] as number;
    if (!(s > 0)) return null;
    weight[i] = 1 / (s * s);
  }
  const seen = gainOf(y, weight);
  const random = createRandom(seed, 'isotonic');
  const draw = new Float64Array(n);
  let atLeast = 1;
  for (let b = 0; b < simulations; b++) {
    for (let i = 0; i < n; i++) draw[i] = (seen.fit[i] as number) + (se[i] as number) * random.normal();
    if (gainOf(draw, weight).gain >= seen.gain) atLeast++;
  }
  return {
    gain: seen.gain,
    p: atLeast / (simulations + 1),
    monotone: seen.increasing ? 'increasing' : 'decreasing',
    turn: seen.valley ? 'valley' : 'peak',
  };
}
