/**
 * What the slices of a series show, sampled for charts: every question group over scale, the easy and hard fits with
 * their mean (Slice-and-Sandwich, Wu & Lo 2025), and what models below the threshold would have said of the accuracy
 * above it — by the published route and by the forecaster that stays inside the metric's range.
 */
import { quantileSorted } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import type { Study, StudySeries } from '../study/study.ts';
import { fitSliceForecaster } from './forecaster.ts';
import { readGroupColumns } from './group-columns.ts';
import { inThirds } from './groups.ts';
import { polynomialAt } from './polynomial.ts';
import { fitSandwich, PUBLISHED_DEGREES, resampleSandwich, type Sandwich } from './sandwich.ts';

/** A line over `at`, with the bounds of its band where it has one. */
export interface SliceLine {
  readonly y: readonly number[];
  readonly low: readonly number[] | null;
  readonly high: readonly number[] | null;
}

/** Slices of one series; x in plain units, groups as in the file, accuracy in units of the score. */
export interface SliceRecord {
  /** Group names, easiest first. */
  readonly names: readonly string[];
  /** How overall TC Brier was had. */
  readonly how: string;
  readonly x: readonly number[];
  readonly models: readonly string[];
  /** `groups[g][i]`: group g of point i. */
  readonly groups: readonly (readonly number[])[];
  /** Only models strictly below were fitted; null where all were. */
  readonly fitBelow: number | null;
  readonly fitted: number;
  readonly lastFitted: number;
  readonly easyDegree: number;
  readonly hardDegree: number;
  /** Places of the lines: from the first model to half a decade beyond the last fitted one. */
  readonly at: readonly number[];
  readonly easy: SliceLine;
  readonly hard: SliceLine;
  /** Mean of the two fits: the forecast of overall TC Brier. */
  readonly sandwich: SliceLine;
  /** The published route to the score, clamped to its range. */
  readonly accuracy: SliceLine;
  /** The forecaster of this project; null where it refuses. */
  readonly ensemble: SliceLine | null;
  readonly level: number;
  readonly notes: readonly string[];
}

const BEYOND = 0.5;
const PLACES = 48;
const RESAMPLES = 200;
const FEWEST_MODELS = 7;
/** Where resamples are worth showing as a band. */
const FEWEST_REFITS = 50;

const known = new WeakMap<StudySeries, Map<string, SliceRecord | null>>();

/**
 * The slices of a score between 0 and its upper end whose study holds question groups; null for every other series.
 *
 * @param threshold where an ability starts, in plain units: models below it are fitted. Null fits all.
 */
export function sliceRecord(
  series: StudySeries,
  study: Study,
  threshold: number | null,
  options: { readonly seed: number; readonly level: number },
): SliceRecord | null {
  const key = JSON.stringify([threshold, options.seed, options.level]);
  const kept = known.get(series) ?? new Map<string, SliceRecord | null>();
  known.set(series, kept);
  const before = kept.get(key);
  if (before !== undefined) return before;
  const record = build(series, study, threshold, options);
  kept.set(key, record);
  return record;
}

function build(
  series: StudySeries,
  study: Study,
  threshold: number | null,
  { seed, level }: { readonly seed: number; readonly level: number },
): SliceRecord | null {
  const top = series.upper ?? Number.NaN;
  if (series.better !== 'higher' || series.lower !== 0 || !(top > 0)) return null;
  const points = series.points.filter((point) => point.x > 0 && Number.isFinite(point.y));
  if (points.length < FEWEST_MODELS) return null;
  const read = readGroupColumns(points, study);
  if (!read.ok) return null;
  const { headers, tc, tcHow } = read.value;
  if (points.some((p) => headers.includes(study.tables[p.table]?.header(p.column) ?? ''))) return null;
  const groups = inThirds(read.value.groups);
  const below = points.map((_, i) => i).filter((i) => threshold !== null && (points[i]?.x ?? 0) < threshold);
  const split = below.length >= FEWEST_MODELS;
  const rows = split ? below : points.map((_, i) => i);
  const take = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i] as number);
  const x = take(points.map((p) => Math.log10(p.x)));
  const data = {
    x,
    accuracy: take(points.map((p) => p.y / top)),
    tc: take(tc),
    easy: take(groups[0] as Float64Array),
    hard: take(groups.at(-1) as Float64Array),
  };
  const outcome = fitSandwich(data, PUBLISHED_DEGREES);
  if (!outcome.ok) return null;
  const last = x.reduce((a, b) => Math.max(a, b));
  const from = Math.log10(points[0]?.x ?? 1);
  const at = Array.from({ length: PLACES }, (_, i) => from + ((last + BEYOND - from) * i) / (PLACES - 1));
  const refits = resampleSandwich(data, PUBLISHED_DEGREES, RESAMPLES, createRandom(seed, `${series.id}/slices`));
  const line = (value: (fit: Sandwich, lg: number) => number): SliceLine =>
    band(outcome.value, refits, at, level, value);
  const inside = (value: number) => top * Math.min(1, Math.max(0, value));
  const forecaster = fitSliceForecaster(
    { x, accuracy: data.accuracy, tc: data.tc, groups: groups.map(take) },
    { seed, draws: RESAMPLES },
  );
  return {
    names: groups.length === 2 ? ['easy', 'hard'] : ['easy', 'medium', 'hard'],
    how: tcHow,
    x: points.map((p) => p.x),
    models: points.map((p) => p.model),
    groups: groups.map((group) => [...group]),
    fitBelow: split ? threshold : null,
    fitted: rows.length,
    lastFitted: 10 ** last,
    ...PUBLISHED_DEGREES,
    at: at.map((lg) => 10 ** lg),
    easy: line((fit, lg) => polynomialAt(fit.easy, lg)),
    hard: line((fit, lg) => polynomialAt(fit.hard, lg)),
    sandwich: line((fit, lg) => fit.tcAt(lg)),
    accuracy: line((fit, lg) => inside(fit.accuracyAt(lg))),
    ensemble: forecaster.ok ? ensembleLine(forecaster.value, at, level, top) : null,
    level,
    notes: notesOf(outcome.value, threshold, split, below.length),
  };
}

function notesOf(fit: Sandwich, threshold: number | null, split: boolean, below: number): string[] {
  const notes = [
    `The fits are those of the law slice-and-sandwich, as published: degree ${PUBLISHED_DEGREES.easyDegree} for the easy group, ${PUBLISHED_DEGREES.hardDegree} for the hard one, drawn up to half a decade beyond the last fitted model; the score they lead to is drawn inside its range.`,
  ];
  if (threshold !== null && !split)
    notes.push(`Only ${below} models lie below the threshold, too few for a fit of their own: all models are fitted.`);
  if (Math.abs(fit.correlation) < 0.5)
    notes.push(
      `Score and TC Brier correlate only ${fit.correlation.toFixed(2)} on the fitted models: the published route to the score is ill-determined.`,
    );
  return notes;
}

function band(
  fit: Sandwich,
  refits: readonly Sandwich[],
  at: readonly number[],
  level: number,
  value: (fit: Sandwich, lg: number) => number,
): SliceLine {
  const y = at.map((lg) => value(fit, lg));
  if (refits.length < FEWEST_REFITS) return { y, low: null, high: null };
  const tail = (1 - level) / 2;
  const sorted = at.map((lg) => Float64Array.from(refits, (refit) => value(refit, lg)).sort());
  return {
    y,
    low: sorted.map((draws, i) => Math.min(y[i] as number, quantileSorted(draws, tail))),
    high: sorted.map((draws, i) => Math.max(y[i] as number, quantileSorted(draws, 1 - tail))),
  };
}

function ensembleLine(
  forecaster: {
    accuracyAt(x: number): number;
    intervalAt(x: number, level: number): { readonly low: number; readonly high: number };
  },
  at: readonly number[],
  level: number,
  top: number,
): SliceLine {
  const intervals = at.map((lg) => forecaster.intervalAt(lg, level));
  return {
    y: at.map((lg) => top * forecaster.accuracyAt(lg)),
    low: intervals.map(({ low }) => top * low),
    high: intervals.map(({ high }) => top * high),
  };
}
