/**
 * Before anything is judged, a series is laid out one way: log10 of scale ascending, higher is better, percent turned
 * into fractions, unusable points set aside with the reason. Everything else in this room works on that layout.
 */
import type { Better } from '../report-model.ts';
import type { StudySeries } from '../study/study.ts';

/** A series as the shape rules take it; arrays are parallel, in any order. */
export interface ShapeInput {
  /** Scale in plain units (FLOP, parameters, tokens); points with x <= 0 are left out. */
  readonly x: ArrayLike<number>;
  /** Metric as in the file. */
  readonly y: ArrayLike<number>;
  /** Standard errors in units of y. */
  readonly stderr: ArrayLike<number | null> | null;
  /** Items behind each y. */
  readonly n?: ArrayLike<number | null> | null;
  readonly better: Better;
  /** Chance and ceiling in units of y. */
  readonly chance: number | null;
  readonly ceiling: number | null;
  /** Range of the metric in units of y ([0, 100] for percent). */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The oriented layout. `index[i]` is the place of point i in the input. */
export interface Oriented {
  /** Scale in plain units, in the order of x. */
  readonly scale: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** As given, or computed from the item counts where absent; NaN where unknown. */
  readonly se: Float64Array;
  /** Like `se`, but never zero for an accuracy of exactly 0 or 1 with known item counts. */
  readonly judgedSe: Float64Array;
  readonly seKnown: boolean;
  readonly n: Float64Array;
  readonly index: Int32Array;
  readonly distinct: number;
  /** What one unit of the oriented y is worth in the file: 1, or 100 for percent. */
  readonly unit: number;
  /** +1 or -1: file value = sign * unit * oriented value. */
  readonly sign: 1 | -1;
  readonly bounded: boolean;
  readonly chance: number | null;
  /** Best attainable value in oriented units; null when the metric has no known end there. */
  readonly best: number | null;
  readonly dropped: readonly { readonly index: number; readonly why: string }[];
}

/** Partial runs: a model with fewer valid items than this share of the largest is left out (emergence conventions). */
const COMPLETE_SHARE = 0.9;

/**
 * Standard error of an accuracy p over n questions: sqrt(p(1-p)/n), and at p = 0 or 1, where that is zero,
 * sqrt(max(p(1-p), 1/n)/n).
 */
export function accuracyStandardError(p: number, n: number): number {
  const q = p * (1 - p);
  return Math.sqrt((p <= 0 || p >= 1 ? Math.max(q, 1 / n) : q) / n);
}

/** Sorts, orients and cleans a series. Units: x in log10 of the scale, y in fractions for percent metrics. */
export function orient(input: ShapeInput): Oriented {
  const dropped: { index: number; why: string }[] = [];
  const total = Math.min(input.x.length, input.y.length);
  let largest = 0;
  if (input.n) for (let i = 0; i < total; i++) largest = Math.max(largest, input.n[i] ?? 0);
  const keep: number[] = [];
  for (let i = 0; i < total; i++) {
    const x = input.x[i] ?? Number.NaN;
    const y = input.y[i] ?? Number.NaN;
    const n = input.n?.[i] ?? null;
    if (!(x > 0 && Number.isFinite(x))) dropped.push({ index: i, why: 'the scale is not a positive number' });
    else if (!Number.isFinite(y)) dropped.push({ index: i, why: 'the score is not a finite number' });
    else if (n !== null && n < COMPLETE_SHARE * largest)
      dropped.push({ index: i, why: `partial run: ${n} of ${largest} items` });
    else keep.push(i);
  }
  keep.sort((a, b) => (input.x[a] as number) - (input.x[b] as number) || a - b);
  const sign = input.better === 'higher' ? 1 : -1;
  const unit = input.lower === 0 && input.upper === 100 ? 100 : 1;
  const bounded = input.lower !== null && input.upper !== null;
  const isFraction = bounded && input.lower === 0 && input.upper === unit;
  const size = keep.length;
  const x = new Float64Array(size);
  const y = new Float64Array(size);
  const se = new Float64Array(size);
  const judgedSe = new Float64Array(size);
  const n = new Float64Array(size);
  let seKnown = size > 0;
  let distinct = 0;
  for (let k = 0; k < size; k++) {
    const i = keep[k] as number;
    x[k] = Math.log10(input.x[i] as number);
    const fraction = (input.y[i] as number) / unit;
    y[k] = sign * fraction;
    n[k] = input.n?.[i] ?? Number.NaN;
    let s = input.stderr?.[i] ?? Number.NaN;
    s = Number.isFinite(s) && s >= 0 ? s / unit : Number.NaN;
    const items = n[k] as number;
    const computable = isFraction && items > 0 && fraction >= 0 && fraction <= 1;
    if (computable && Number.isNaN(s)) s = accuracyStandardError(fraction, items);
    se[k] = s;
    const atEnd = fraction === 0 || fraction === 1;
    judgedSe[k] = computable && s === 0 && atEnd ? accuracyStandardError(fraction, items) : s;
    if (Number.isNaN(s)) seKnown = false;
    if (k === 0 || x[k] !== x[k - 1]) distinct++;
  }
  const end = input.better === 'higher' ? (input.ceiling ?? input.upper) : (input.ceiling ?? input.lower);
  return {
    scale: Float64Array.from(keep, (i) => input.x[i] as number),
    x,
    y,
    se,
    judgedSe,
    seKnown,
    n,
    index: Int32Array.from(keep),
    distinct,
    unit,
    sign,
    bounded,
    chance: input.chance === null ? null : (sign * input.chance) / unit,
    best: end === null ? null : (sign * end) / unit,
    dropped,
  };
}

/** The input of `classifyShape` from a series of a study. */
export function shapeInputOf(series: StudySeries): ShapeInput {
  return {
    x: series.points.map((p) => p.x),
    y: series.points.map((p) => p.y),
    stderr: series.points.map((p) => p.stderr),
    n: series.points.map((p) => p.n),
    better: series.better,
    chance: series.chance?.value ?? null,
    ceiling: series.ceiling?.value ?? null,
    lower: series.lower,
    upper: series.upper,
  };
}
