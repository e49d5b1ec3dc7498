/**
 * Every published definition of an emergence threshold side by side, each with its interval and what it rests on. The
 * default of the report is the hinge; the others are here so that a reader can see how far they disagree.
 */
import { bnsl1 } from '../law/broken.ts';
import { createRandom } from '../stats/random.ts';
import type { StudySeries } from '../study/study.ts';
import { aboveChance, none, type ThresholdDefinition } from './above-chance.ts';
import { type Oriented, orient, shapeInputOf } from './orient.ts';
import { regressionShape } from './regression.ts';
import { fitSigmoidShape } from './sigmoid-threshold.ts';
import { hingeResamples, hingeThreshold, percentilesAround } from './threshold.ts';

export interface ThresholdOptions {
  readonly seed?: number;
  readonly level?: number;
  readonly resamples?: number;
}

const SIGMOID_REFITS = 60;

/** All definitions for one series. Definitions that cannot be had carry null and the reason. */
export function thresholdDefinitions(series: StudySeries, options: ThresholdOptions = {}): ThresholdDefinition[] {
  const data = orient(shapeInputOf(series));
  const level = options.level ?? 0.9;
  const seed = options.seed ?? 1;
  return [
    hinge(data, { level, seed, resamples: options.resamples ?? hingeResamples(data.x.length) }),
    ...aboveChance(data),
    ...sigmoid(data, level, seed),
    bnsl(series, level, seed),
    {
      definition: 'by-hand',
      source: 'Wu & Lo 2025 (ExpEmergence)',
      x: null,
      low: null,
      high: null,
      interval: 'none',
      note: "Read off the accuracy plot by its authors; the only claim is that it lies near the easy group's minimum.",
    },
  ];
}

function hinge(data: Oriented, options: Required<ThresholdOptions>): ThresholdDefinition {
  const source = 'flat-then-rise break (default)';
  if (data.x.length < 8 || data.distinct < 3) return none('hinge', source, 'Needs eight models at three scales.');
  const found = regressionShape(data.x, data.y, { chance: data.chance, best: data.best });
  const threshold = hingeThreshold(data, found, options);
  if (threshold === null) return none('hinge', source, 'No break leaves enough models on both sides.');
  return {
    definition: 'hinge',
    source,
    x: threshold.x,
    low: threshold.low,
    high: threshold.high,
    interval: `${Math.round(100 * options.level)} % case bootstrap`,
    note: found.lateRise
      ? 'A late rise is accepted.'
      : 'No late rise is accepted: the break is only the best place for one and marks no threshold.',
  };
}

function sigmoid(data: Oriented, level: number, seed: number): ThresholdDefinition[] {
  const source = 'c + (u−c)/(1+e^(−k(x−x0)))';
  const both = (note: string) => [none('sigmoid-midpoint', source, note), none('sigmoid-10-percent', source, note)];
  const size = data.x.length;
  if (size < 6 || data.distinct < 5) return both('Needs six models at five scales.');
  const ones = new Float64Array(size).fill(1);
  const fit = fitSigmoidShape(data.x, data.y, ones, data.chance, data.best);
  if (fit === null) return both('Nothing rises.');
  if (fit.x0 > (data.x[size - 1] as number)) {
    return both('The bend lies beyond the largest model, where a sigmoid is not determined.');
  }
  const random = createRandom(seed, 'sigmoid');
  const middles: number[] = [];
  const starts: number[] = [];
  const w = new Float64Array(size);
  for (let b = 0; b < SIGMOID_REFITS; b++) {
    w.fill(0);
    for (let i = 0; i < size; i++) {
      const j = random.integer(size);
      w[j] = (w[j] as number) + 1;
    }
    const again = fitSigmoidShape(data.x, data.y, w, data.chance, data.best);
    if (again === null) continue;
    middles.push(again.x0);
    starts.push(again.x0 - Math.log(9) / again.k);
  }
  const answer = (definition: 'sigmoid-midpoint' | 'sigmoid-10-percent', place: number, draws: number[]) => {
    const interval = draws.length < SIGMOID_REFITS / 2 ? null : percentilesAround(place, draws, level);
    return {
      definition,
      source,
      x: 10 ** place,
      low: interval === null ? null : 10 ** interval.low,
      high: interval === null ? null : 10 ** interval.high,
      interval: interval === null ? 'none' : `${Math.round(100 * level)} % case bootstrap`,
      note: `k = ${fit.k.toPrecision(3)} per decade, top ${fit.top.toPrecision(3)} (oriented units).`,
    };
  };
  return [
    answer('sigmoid-midpoint', fit.x0, middles),
    answer('sigmoid-10-percent', fit.x0 - Math.log(9) / fit.k, starts),
  ];
}

function bnsl(series: StudySeries, level: number, seed: number): ThresholdDefinition {
  const source = 'broken law with one break (arXiv 2210.14891), d1';
  const points = series.points.filter((point) => point.x > 0 && Number.isFinite(point.y));
  if (points.length < bnsl1.minPoints) return none('bnsl', source, `Needs ${bnsl1.minPoints} models.`);
  const outcome = bnsl1.fit({ series, points, study: null }, { bootstrap: 0, seed, level });
  if (!outcome.ok) return none('bnsl', source, outcome.error.message);
  const { parameters, intervals, converged, atBound } = outcome.value.fit;
  const place = parameters.d1 ?? null;
  const last = points.reduce((most, point) => Math.max(most, point.x), 0);
  if (place === null || !converged) return none('bnsl', source, 'The fit did not converge.');
  if (place >= last)
    return none('bnsl', source, 'The break lies beyond the largest model, where it is not determined.');
  const interval = intervals?.d1 ?? null;
  const usable = interval !== null && interval.low > 0 && Number.isFinite(interval.high);
  return {
    definition: 'bnsl',
    source,
    x: place,
    low: usable ? interval.low : null,
    high: usable ? interval.high : null,
    interval: usable ? interval.method : 'none',
    note: widthNote(parameters.f1 ?? null, atBound.includes('f1')),
  };
}

function widthNote(width: number | null, bound: boolean): string {
  if (width === null) return 'Its width is not known.';
  return bound
    ? `Its width f1 ended on its bound, ${width.toPrecision(3)}: as ${width < 1 ? 'sharp' : 'soft'} as the fit allows.`
    : `Width f1 = ${width.toPrecision(3)} (small is sharp).`;
}
