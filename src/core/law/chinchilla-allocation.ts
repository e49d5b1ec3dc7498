/**
 * The compute-optimal products of a fitted surface as the report carries them: the split at the largest compute in the data
 * and at ten times it, the exponent of N*, the compute for the best loss seen, each with an interval from the refits.
 */
import type { Interval } from '../report-model.ts';
import { quantileSorted, sortedCopy } from '../stats/quantile.ts';
import type { Point } from '../study/study.ts';
import { type Allocation, allocate, computeForLoss, FLOP_PER_PARAMETER_TOKEN, frontier } from './allocation.ts';
import type { ObjectiveRow } from './chinchilla-fit.ts';
import type { SurfacePoints } from './chinchilla-points.ts';
import type { Surface } from './chinchilla-surface.ts';
import { sampleDeviation } from './resampling.ts';

/** Draws below which no interval is given. */
const FEWEST_DRAWS = 40;
/** Largest over smallest tokens per parameter from which the objectives are said to disagree. */
const DISAGREEMENT = 1.5;

type Quantity = 'paramsOpt' | 'tokensOpt' | 'tokensPerParam' | 'loss';

/** Report fields and sentences; fields are null where the surface has no interior optimum. */
export function allocationReport(
  surface: Surface,
  draws: readonly Surface[],
  points: readonly Point[],
  read: SurfacePoints,
  level: number,
  method: string,
  table: readonly ObjectiveRow[],
): { readonly extras: Readonly<Record<string, unknown>>; readonly notes: readonly string[] } {
  const notes: string[] = [];
  let largest = 0;
  let bestLoss = Number.POSITIVE_INFINITY;
  points.forEach((point, i) => {
    const lnN = read.data.u[i]! + read.data.meanLnN;
    const lnD = read.data.v[i]! + read.data.meanLnD;
    largest = Math.max(largest, FLOP_PER_PARAMETER_TOKEN * Math.exp(lnN + lnD));
    bestLoss = Math.min(bestLoss, point.y);
  });
  const interval = (value: (s: Surface) => number | null | undefined): Interval | null => {
    const values = draws.map(value).filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
    if (values.length < FEWEST_DRAWS) return null;
    const sorted = sortedCopy(values);
    return {
      low: quantileSorted(sorted, (1 - level) / 2),
      high: quantileSorted(sorted, (1 + level) / 2),
      level,
      method: `${method} bootstrap`,
    };
  };
  const at = (compute: number, basis: string): unknown => {
    const point = allocate(surface, compute);
    if (point === null) return null;
    const spread = draws.map((s) => allocate(s, compute));
    const of = (name: Quantity): Interval | null => {
      let i = 0;
      return interval(() => spread[i++]?.[name as keyof Allocation]);
    };
    return {
      ...point,
      basis,
      intervals: {
        paramsOpt: of('paramsOpt'),
        tokensOpt: of('tokensOpt'),
        tokensPerParam: of('tokensPerParam'),
        loss: of('loss'),
      },
    };
  };
  const line = frontier(surface);
  const exponents = draws.map((s) => frontier(s)?.a).filter((a): a is number => a !== undefined);
  const deviation = sampleDeviation(exponents);
  const ratios = table.flatMap((row) => (row.allocation === null ? [] : [row.allocation.tokensPerParam]));
  const ratio = ratios.length > 1 ? Math.max(...ratios) / Math.min(...ratios) : null;
  if (ratio !== null && ratio >= DISAGREEMENT) {
    notes.push(
      `Objectives disagree: tokens per parameter at ten times the largest compute run from ${Math.min(...ratios).toPrecision(3)} to ${Math.max(...ratios).toPrecision(3)}.`,
    );
  }
  const needed = computeForLoss(surface, bestLoss);
  return {
    notes,
    extras: {
      allocation:
        line === null
          ? null
          : [at(largest, 'largest compute of the fitted points'), at(10 * largest, 'ten times the largest compute')],
      allocationExponent:
        line === null
          ? null
          : {
              a: line.a,
              b: line.b,
              standardError: exponents.length >= FEWEST_DRAWS && Number.isFinite(deviation) ? deviation : null,
              interval: interval((s) => frontier(s)?.a),
            },
      computeForLoss:
        needed === null
          ? null
          : {
              loss: bestLoss,
              basis: 'lowest loss of the fitted points',
              compute: needed,
              interval: interval((s) => computeForLoss(s, bestLoss)),
            },
      objectivesSpread: ratio === null ? null : { quantity: 'tokensPerParam', ratio, disagree: ratio >= DISAGREEMENT },
    },
  };
}
