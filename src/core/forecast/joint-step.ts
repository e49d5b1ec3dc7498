/**
 * One step of the fit of all tasks. A family's offset on one task touches that task and family alone, and a task's slope
 * and height touch that task alone: both are eliminated (Schur complements), so that only families, trait and common slope
 * are solved together and a fit of a thousand scores takes milliseconds.
 */
import { choleskyDescent, choleskyFactor } from '../stats/cholesky.ts';
import { BLOCK, type Normal, OWN } from './joint-posterior.ts';

/** What to add to each parameter. */
export interface Step {
  readonly slope: Float64Array;
  readonly height: Float64Array;
  /** Families, trait, common slope. */
  readonly shared: Float64Array;
  readonly own: Float64Array;
}

/**
 * The step of Levenberg–Marquardt: (H + damping · diag H) step = -gradient.
 *
 * @param damping share of each diagonal element that is added to it
 * @returns null where the system is not positive definite
 */
export function jointStep(n: Normal, families: number, tasks: number, damping: number): Step | null {
  const size = families + 2;
  const trait = families;
  const more = 1 + damping;
  const shared = n.shared.slice();
  const gradient = n.gradient.slice();
  for (let i = 0; i < size; i++) shared[i * size + i] = (shared[i * size + i] as number) * more;
  const border = n.border.slice();
  const inverse = new Float64Array(3 * tasks);
  const force = new Float64Array(2 * tasks);
  const add = (into: Float64Array, i: number, v: number): void => {
    into[i] = (into[i] as number) + v;
  };
  const sub = (into: Float64Array, i: number, v: number): void => add(into, i, -v);
  for (let t = 0; t < tasks; t++) {
    const b = BLOCK * t;
    let aa = (n.block[b] as number) * more;
    let ab = n.block[b + 1] as number;
    let bb = (n.block[b + 2] as number) * more;
    let fa = -(n.block[b + 3] as number);
    let fb = -(n.block[b + 4] as number);
    const rowA = 2 * t * size;
    const rowB = rowA + size;
    // One task: an offset of the family on it would be the family's offset over again.
    for (let f = 0; tasks > 1 && f < families; f++) {
      const o = OWN * (f * tasks + t);
      const h = (n.own[o] as number) * more;
      const qa = n.own[o + 1] as number;
      const qz = n.own[o + 2] as number;
      const q = n.own[o + 4] as number;
      const pull = n.own[o + 3] as number;
      aa -= (qa * qa) / h;
      ab -= (qa * q) / h;
      bb -= (q * q) / h;
      fa += (qa * pull) / h;
      fb += (q * pull) / h;
      sub(border, rowA + f, (qa * q) / h);
      sub(border, rowB + f, (q * q) / h);
      sub(border, rowA + trait, (qa * qz) / h);
      sub(border, rowB + trait, (q * qz) / h);
      sub(shared, f * size + f, (q * q) / h);
      sub(shared, f * size + trait, (q * qz) / h);
      sub(shared, trait * size + f, (q * qz) / h);
      sub(shared, trait * size + trait, (qz * qz) / h);
      sub(gradient, f, (q * pull) / h);
      sub(gradient, trait, (qz * pull) / h);
    }
    const det = aa * bb - ab * ab;
    if (!(aa > 0 && det > 0)) return null;
    const ia = bb / det;
    const iab = -ab / det;
    const ib = aa / det;
    inverse.set([ia, iab, ib], 3 * t);
    force.set([fa, fb], 2 * t);
    for (let i = 0; i < size; i++) {
      const ba = border[rowA + i] as number;
      const bbb = border[rowB + i] as number;
      if (ba === 0 && bbb === 0) continue;
      const va = ia * ba + iab * bbb;
      const vb = iab * ba + ib * bbb;
      add(gradient, i, va * fa + vb * fb);
      for (let j = 0; j < size; j++)
        sub(shared, i * size + j, va * (border[rowA + j] as number) + vb * (border[rowB + j] as number));
    }
  }
  const factor = new Float64Array(size * size);
  if (!choleskyFactor(shared, size, null, null, 0, factor)) return null;
  const move = new Float64Array(size);
  choleskyDescent(factor, size, null, gradient, move);
  const slope = new Float64Array(tasks);
  const height = new Float64Array(tasks);
  const own = new Float64Array(families * tasks);
  for (let t = 0; t < tasks; t++) {
    let fa = force[2 * t] as number;
    let fb = force[2 * t + 1] as number;
    for (let i = 0; i < size; i++) {
      fa -= (border[2 * t * size + i] as number) * (move[i] as number);
      fb -= (border[2 * t * size + size + i] as number) * (move[i] as number);
    }
    slope[t] = (inverse[3 * t] as number) * fa + (inverse[3 * t + 1] as number) * fb;
    height[t] = (inverse[3 * t + 1] as number) * fa + (inverse[3 * t + 2] as number) * fb;
    for (let f = 0; tasks > 1 && f < families; f++) {
      const o = OWN * (f * tasks + t);
      own[f * tasks + t] =
        -(
          (n.own[o + 3] as number) +
          (n.own[o + 1] as number) * (slope[t] as number) +
          (n.own[o + 4] as number) * ((height[t] as number) + (move[f] as number)) +
          (n.own[o + 2] as number) * (move[trait] as number)
        ) /
        ((n.own[o] as number) * more);
    }
  }
  return { slope, height, shared: move, own };
}
