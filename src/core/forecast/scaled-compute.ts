/**
 * Scaled compute: the training FLOP that would reach the same reducible loss with 20 tokens per parameter. It puts
 * over- and under-trained models on one axis (Owen 2024, arXiv 2401.04757; recipe and constants in docs/trust.md).
 */

import type { Point, StudySeries } from '../study/study.ts';

/** A/N^alpha + B/D^beta with the constants of Hoffmann et al. 2022 as printed by Epoch. */
const HOFFMANN = { A: 406.4, alpha: 0.34, B: 410.7, beta: 0.28 } as const;

/** Tokens per parameter of the reference training. */
const RATIO = 20;
/** log10 N where the bisection starts: wider than any model. */
const SPAN = [0, 30] as const;

/** Reducible loss of N parameters trained on D tokens, in nats per token. */
export function reducibleLoss(params: number, tokens: number): number {
  return HOFFMANN.A / params ** HOFFMANN.alpha + HOFFMANN.B / tokens ** HOFFMANN.beta;
}

/**
 * FLOP of the model with 20 tokens per parameter and the same reducible loss, 120 N*².
 * @param params N, count
 * @param tokens D
 * @returns NaN unless both are positive
 */
export function scaledCompute(params: number, tokens: number): number {
  if (!(params > 0 && tokens > 0)) return Number.NaN;
  const goal = reducibleLoss(params, tokens);
  let [low, high] = SPAN as readonly number[] as [number, number];
  // Reducible loss falls with N: 200 halvings end at rounding.
  for (let i = 0; i < 200; i++) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    const n = 10 ** middle;
    if (reducibleLoss(n, RATIO * n) > goal) low = middle;
    else high = middle;
  }
  const n = 10 ** (0.5 * (low + high));
  return 6 * RATIO * n * n;
}

/**
 * Series over compute with scaled compute in its place.
 * @returns null where a series has another scale, or a point does not say its parameters and tokens
 */
export function onScaledCompute(series: readonly StudySeries[]): readonly StudySeries[] | null {
  const moved: StudySeries[] = [];
  for (const one of series) {
    if (one.scale !== 'compute') return null;
    const points: Point[] = [];
    for (const point of one.points) {
      const x = scaledCompute(point.params ?? Number.NaN, point.tokens ?? Number.NaN);
      if (!(x > 0)) return null;
      points.push({ ...point, x });
    }
    moved.push({ ...one, points: points.sort((a, b) => a.x - b.x) });
  }
  return moved;
}
