/**
 * What a fitted surface L = E + A N^-alpha + B D^-beta says about spending compute: the split between parameters and
 * tokens that minimises the loss under C = 6 N D, the loss along that frontier, and the compute that reaches a loss.
 */
import { type Surface, surfaceLoss } from './chinchilla-surface.ts';

/** FLOP per parameter and token of a dense transformer (forward and backward pass). */
export const FLOP_PER_PARAMETER_TOKEN = 6;

/** The best run for a compute budget. */
export interface Allocation {
  /** FLOP. */
  readonly compute: number;
  /** N*, parameters. */
  readonly paramsOpt: number;
  /** D*, tokens. */
  readonly tokensOpt: number;
  readonly tokensPerParam: number;
  /** Predicted loss of that run, in the surface's units. */
  readonly loss: number;
}

/** Constants of the frontier: N* = G (C/6)^a, D* = G^-1 (C/6)^b, L = E + K (C/6)^-exponent. */
interface Frontier {
  readonly lnG: number;
  /** N* ∝ C^a. */
  readonly a: number;
  /** D* ∝ C^b. */
  readonly b: number;
  readonly lnK: number;
  readonly exponent: number;
}

/** Frontier of a surface; null unless A, B, alpha and beta are all positive and finite (then there is no interior optimum). */
export function frontier(s: Surface): Frontier | null {
  if (!(s.A > 0 && s.B > 0 && s.alpha > 0 && s.beta > 0)) return null;
  const sum = s.alpha + s.beta;
  const lnA = Math.log(s.A);
  const lnB = Math.log(s.B);
  const lnG = (Math.log(s.alpha) + lnA - Math.log(s.beta) - lnB) / sum;
  const p = lnA - s.alpha * lnG;
  const q = lnB + s.beta * lnG;
  const lnK = Math.max(p, q) + Math.log1p(Math.exp(-Math.abs(p - q)));
  const result = { lnG, a: s.beta / sum, b: s.alpha / sum, lnK, exponent: (s.alpha * s.beta) / sum };
  return Object.values(result).every(Number.isFinite) ? result : null;
}

/** N*, D* and loss at a budget (FLOP > 0); null where {@link frontier} is, or beyond the range of doubles. */
export function allocate(s: Surface, compute: number): Allocation | null {
  const line = frontier(s);
  if (line === null || !(compute > 0)) return null;
  const lnC = Math.log(compute / FLOP_PER_PARAMETER_TOKEN);
  const paramsOpt = Math.exp(line.lnG + line.a * lnC);
  const tokensOpt = Math.exp(line.b * lnC - line.lnG);
  const tokensPerParam = tokensOpt / paramsOpt;
  const loss = surfaceLoss(s, paramsOpt, tokensOpt);
  return [paramsOpt, tokensOpt, tokensPerParam, loss].every((value) => Number.isFinite(value) && value > 0)
    ? { compute, paramsOpt, tokensOpt, tokensPerParam, loss }
    : null;
}

/** Compute (FLOP) at which the frontier reaches a loss; null at or below E, or where there is no frontier. */
export function computeForLoss(s: Surface, loss: number): number | null {
  const line = frontier(s);
  if (line === null || !(loss > s.E)) return null;
  const compute = FLOP_PER_PARAMETER_TOKEN * Math.exp((line.lnK - Math.log(loss - s.E)) / line.exponent);
  return Number.isFinite(compute) && compute > 0 ? compute : null;
}
