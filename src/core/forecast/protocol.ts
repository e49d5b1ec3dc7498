/**
 * The two backtests of benchmark scores (Owen 2024 §3 and a cutoff variant): fit the smaller models, score the larger
 * ones, in points of the normalised score by distance in orders of magnitude (OOM) of compute.
 */
import { median } from '../stats/quantile.ts';
import type { BareForm } from './form.ts';

/** Scores of one task: x = log10 of the scale ascending (ties in file order), y normalised. */
export interface NormalisedTask {
  readonly task: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface ErrorStatistics {
  readonly count: number;
  /** Points of the normalised score (0 to 100). */
  readonly mean: number;
  readonly median: number;
  readonly signed: number;
}

/** Errors of one form in protocol A. */
export interface ProtocolA {
  readonly form: string;
  readonly all: ErrorStatistics | null;
  readonly withinOne: ErrorStatistics | null;
  /** Distance 0.33, 0.67 … ± 1/6. */
  readonly byDistance: readonly ({ readonly distance: number } & ErrorStatistics)[];
}

export interface ProtocolB {
  readonly form: string;
  /** Mean over cutoffs of the mean absolute error in the next OOM; points. */
  readonly mean: number | null;
  readonly signed: number | null;
  readonly cutoffs: number;
}

/** Distances and signed errors (prediction - truth) of held-out points. */
export interface HeldOut {
  readonly distance: number[];
  readonly error: number[];
}

const DISTANCES = [1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2] as const;
const FEWEST = 4;
const LARGEST_SHARE = 0.7;
const CUTOFF_MODELS = 10;

/** Protocol A on one task: leave out the h rightmost points, h = 1 … floor(0.7 n). */
export function leaveRightmostOut(form: BareForm, task: NormalisedTask): HeldOut {
  const { x, y } = task;
  const n = x.length;
  const out: HeldOut = { distance: [], error: [] };
  for (let h = 1; h <= Math.floor(LARGEST_SHARE * n + 1e-9); h++) {
    const keep = n - h;
    if (keep < FEWEST) break;
    const predict = form.fit(x.subarray(0, keep), y.subarray(0, keep));
    if (predict === null) continue;
    const last = x[keep - 1] as number;
    for (let i = keep; i < n; i++) {
      out.distance.push((x[i] as number) - last);
      out.error.push(predict(x[i] as number) - (y[i] as number));
    }
  }
  return out;
}

/** Errors pooled over tasks, by distance. */
export function summariseA(form: string, parts: readonly HeldOut[]): ProtocolA {
  const distance = parts.flatMap((p) => p.distance);
  const error = parts.flatMap((p) => p.error);
  const pick = (keep: (d: number) => boolean): ErrorStatistics | null =>
    statistics(error, (i) => keep(distance[i] ?? 0));
  return {
    form,
    all: pick(() => true),
    withinOne: pick((d) => d <= 1 + 1e-9),
    byDistance: DISTANCES.flatMap((centre) => {
      const inside = pick((d) => Math.abs(d - centre) <= 1 / 6 + 1e-9);
      return inside === null ? [] : [{ distance: Number(centre.toFixed(2)), ...inside }];
    }),
  };
}

/** Protocol B on one task: at each distinct cutoff with ten models at or below, score the next order of magnitude. */
export function cutoffBacktest(form: BareForm, task: NormalisedTask): ProtocolB {
  const { x, y } = task;
  const n = x.length;
  let total = 0;
  let signed = 0;
  let cutoffs = 0;
  for (let keep = CUTOFF_MODELS; keep < n; keep++) {
    const cutoff = x[keep - 1] as number;
    if (x[keep] === cutoff) continue;
    let end = keep;
    while (end < n && (x[end] as number) <= cutoff + 1) end++;
    if (end === keep) continue;
    const predict = form.fit(x.subarray(0, keep), y.subarray(0, keep));
    if (predict === null) continue;
    let sum = 0;
    let bias = 0;
    for (let i = keep; i < end; i++) {
      const miss = predict(x[i] as number) - (y[i] as number);
      sum += Math.abs(miss);
      bias += miss;
    }
    total += (100 * sum) / (end - keep);
    signed += (100 * bias) / (end - keep);
    cutoffs++;
  }
  return {
    form: form.id,
    mean: cutoffs === 0 ? null : total / cutoffs,
    signed: cutoffs === 0 ? null : signed / cutoffs,
    cutoffs,
  };
}

/** Mean over tasks of protocol B. */
export function averageB(form: string, parts: readonly ProtocolB[]): ProtocolB {
  const known = parts.filter((p) => p.mean !== null);
  const mean = (value: (p: ProtocolB) => number): number | null =>
    known.length === 0 ? null : known.reduce((s, p) => s + value(p), 0) / known.length;
  return {
    form,
    mean: mean((p) => p.mean as number),
    signed: mean((p) => p.signed as number),
    cutoffs: known.reduce((s, p) => s + p.cutoffs, 0),
  };
}

function statistics(error: readonly number[], keep: (i: number) => boolean): ErrorStatistics | null {
  const inside = error.filter((_, i) => keep(i));
  if (inside.length === 0) return null;
  const sizes = inside.map(Math.abs);
  return {
    count: inside.length,
    mean: (100 * sizes.reduce((s, v) => s + v, 0)) / inside.length,
    median: 100 * median(sizes),
    signed: (100 * inside.reduce((s, v) => s + v, 0)) / inside.length,
  };
}
