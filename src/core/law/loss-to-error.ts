/**
 * From loss to downstream error (Gadre et al., arXiv 2403.08540, eq. 5): Err(L) = epsilon - k exp(-gamma L). Linear in
 * epsilon and k, so gamma alone is searched. Meant for averages over many tasks; a single task seldom follows it.
 */

import { formatNumber } from '../render/number.ts';
import type { Exclusion } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import { startDeadline } from '../stats/deadline.ts';
import { fitLinear } from '../stats/linear.ts';
import { minimizeScan } from '../stats/scan.ts';
import type { Point, StudySeries } from '../study/study.ts';
import { buildFittedLaw } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import { defaultResampling, resampleFits } from './resampling.ts';
import { heldParameters, scannedRecord, withScannedErrors } from './scanned.ts';

const LOSS_TO_ERROR_PARAMETERS = ['epsilon', 'k', 'gamma'] as const;

/** Range of gamma that is scanned (1/loss). */
const GAMMA = [1e-3, 20] as const;

export const lossToError: Law = {
  id: 'loss-to-error',
  title: 'Downstream error from loss',
  formula: 'Err(L) = epsilon - k exp(-gamma L)',
  source: 'Gadre et al. 2024, arXiv 2403.08540, eq. 5',
  parameters: [
    { name: 'epsilon', unit: 'error', meaning: 'error of a model that knows nothing' },
    { name: 'k', unit: 'error', meaning: 'how far the error falls' },
    { name: 'gamma', unit: '1/loss', meaning: 'how fast it falls with the loss' },
  ],
  needs: ['loss'],
  monotone: true,
  baseline: false,
  minPoints: 4,
  fit: fitLossToError,
};

/** How a series' score is an error: as it stands, or the distance from the best score for accuracies. */
interface ErrorScale {
  toError(y: number): number;
  fromError(error: number): number;
  /** The largest error there can be; null where the metric has no known end there. */
  readonly largest: number | null;
  readonly note: string | null;
}

/** Errors are fitted raw, not corrected for chance. Accuracies are turned around their upper end (1 or 100). */
export function errorScale(series: StudySeries): ErrorScale {
  if (series.better === 'lower') return { toError: (y) => y, fromError: (e) => e, largest: series.upper, note: null };
  const upper = series.upper ?? (series.points.some((p) => p.y > 1) ? 100 : 1);
  return {
    toError: (y) => upper - y,
    fromError: (e) => upper - e,
    largest: series.lower === null ? null : upper - series.lower,
    note: `Higher is better here: the law is fitted to the error ${upper} - score, and its parameters speak of that.`,
  };
}

export interface LossToErrorFit {
  /** (epsilon, k, gamma). */
  readonly theta: Float64Array;
  readonly rss: number;
  readonly valleys: number;
  readonly atOptimum: number;
  readonly atEdge: boolean;
}

/** Error of theta = (epsilon, k, gamma) at a loss. */
export function errorAtLoss(theta: Float64Array, loss: number): number {
  return theta[0]! - theta[1]! * Math.exp(-theta[2]! * loss);
}

/** d error / d (epsilon, k, gamma). */
export function errorGradient(theta: Float64Array, loss: number, out: Float64Array): void {
  const decay = Math.exp(-theta[2]! * loss);
  out[0] = 1;
  out[1] = -decay;
  out[2] = theta[1]! * loss * decay;
}

/**
 * Least squares in the error by variable projection; parameters are not constrained, as in the paper. `counts` weigh the
 * points (null: once each). Null when there are fewer than two distinct losses.
 */
export function solveLossToError(
  loss: Float64Array,
  error: Float64Array,
  counts: Float64Array | null = null,
  held: readonly (number | undefined)[] = [],
): LossToErrorFit | null {
  const n = loss.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += loss[i]! / n;
  const one = new Float64Array(n).fill(1);
  const decay = new Float64Array(n);
  const target = new Float64Array(n);
  const solve = (gamma: number): { theta: Float64Array; rss: number } | null => {
    // exp(-gamma (L - mean)) keeps the column near one; k takes the rest.
    const shift = Math.exp(gamma * mean);
    for (let i = 0; i < n; i++) {
      decay[i] = Math.exp(-gamma * (loss[i]! - mean));
      target[i] = error[i]! - (held[0] ?? 0) + ((held[1] ?? 0) / shift) * decay[i]!;
    }
    const columns = [...(held[0] === undefined ? [one] : []), ...(held[1] === undefined ? [decay] : [])];
    if (columns.length === 0) {
      let rss = 0;
      for (let i = 0; i < n; i++) rss += (counts === null ? 1 : counts[i]!) * target[i]! * target[i]!;
      return { theta: Float64Array.of(held[0]!, held[1]!, gamma), rss };
    }
    const fit = fitLinear(columns, target, counts);
    if (fit === null || fit.rank < columns.length) return null;
    const epsilon = held[0] ?? fit.coefficients[0]!;
    const k = held[1] ?? -fit.coefficients[columns.length - 1]! * shift;
    return { theta: Float64Array.of(epsilon, k, gamma), rss: fit.rss };
  };
  if (held[2] !== undefined) {
    const fit = solve(held[2]);
    return fit === null ? null : { ...fit, valleys: 1, atOptimum: 1, atEdge: false };
  }
  const found = minimizeScan((gamma) => solve(gamma)?.rss ?? Number.POSITIVE_INFINITY, GAMMA[0], GAMMA[1], {
    count: 120,
  });
  if (found === null) return null;
  const fit = solve(found.x);
  return fit === null ? null : { ...fit, valleys: found.valleys, atOptimum: found.atOptimum, atEdge: found.atEdge };
}

/** Sentences about a fit that the reader must see. */
export function lossToErrorNotes(fit: LossToErrorFit, largest: number | null): string[] {
  const notes: string[] = [];
  const [epsilon = 0, k = 0] = fit.theta;
  if (largest !== null && epsilon > largest)
    notes.push(`epsilon = ${formatNumber(epsilon)} lies above the largest possible error ${largest}.`);
  if (!(k > 0)) notes.push('k is not positive: the error does not fall with the loss here.');
  if (fit.atEdge) notes.push('gamma ended at the edge of the scanned range: the curve has no determined bend.');
  if (fit.valleys > 1) notes.push(`The profile over gamma has ${fit.valleys} minima; the deepest was taken.`);
  return notes;
}

function fitLossToError(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  if (options.objective !== undefined && options.objective !== 'squared') {
    return err({ code: 'fit.unsupported', message: 'loss-to-error is fitted by squares of the error only.' });
  }
  const { held, free, unknown } = heldParameters(LOSS_TO_ERROR_PARAMETERS, options);
  if (unknown !== undefined || (options.tie ?? []).length > 0) {
    return err({
      code: 'fit.unsupported',
      message: `loss-to-error has the parameters ${LOSS_TO_ERROR_PARAMETERS.join(', ')} and no ties.`,
    });
  }
  const scale = errorScale(input.series);
  const points: Point[] = [];
  const excluded: Exclusion[] = [];
  for (const point of input.points) {
    const why =
      point.loss === null || !Number.isFinite(point.loss)
        ? 'no loss in this row'
        : Number.isFinite(point.y)
          ? null
          : 'error is not a number';
    if (why === null) points.push(point);
    else excluded.push({ row: point.row, why });
  }
  if (points.length < free + 1) {
    return err({
      code: 'fit.too-few',
      message: `${points.length} rows with both an error and a loss for ${free} free parameters; at least ${free + 1} are needed.`,
    });
  }
  const loss = Float64Array.from(points, (p) => p.loss!);
  const error = Float64Array.from(points, (p) => scale.toError(p.y));
  if (new Set(error).size < 2) {
    return err({ code: 'data.degenerate-metric', message: 'The error is the same in every row.' });
  }
  if (new Set(loss).size < 3) {
    return err({
      code: 'fit.ill-determined',
      message: 'Fewer than three distinct losses: the bend of the curve cannot be found.',
    });
  }
  const best = solveLossToError(loss, error, null, held);
  if (best === null)
    return err({ code: 'fit.ill-determined', message: 'Errors and losses do not determine the curve.' });
  const fitted = Float64Array.from(loss, (l) => errorAtLoss(best.theta, l));
  const draws =
    options.bootstrap > 0
      ? resampleFits({
          points,
          method: options.resample ?? defaultResampling(points, free),
          resamples: options.bootstrap,
          seed: options.seed,
          stream: 'loss-to-error',
          deadline,
          size: 3,
          y: error,
          fitted,
          free,
          refit: ({ counts, y, distinct }) =>
            distinct < free ? null : (solveLossToError(loss, y, counts, held)?.theta ?? null),
        })
      : null;
  const lowest = loss.reduce((a, b) => Math.min(a, b));
  const law = buildFittedLaw({
    law: 'loss-to-error',
    ...scannedRecord(LOSS_TO_ERROR_PARAMETERS, held, best, draws, options),
    predict: (t, at) => scale.fromError(errorAtLoss(t, at.loss ?? Number.NaN)),
    points,
    objective: 'squared',
    scale: 'y',
    weights: null,
    excluded,
    notes: [
      ...(scale.note === null ? [] : [scale.note]),
      ...lossToErrorNotes(best, scale.largest),
      ...(input.series.aggregate
        ? []
        : [
            'Single tasks seldom follow this law (their errors at larger runs missed by 5 to 96 % where it was tested); prefer an average over tasks.',
          ]),
    ],
    extras: { lowestFittedLoss: lowest },
  });
  return ok(withScannedErrors(law, draws, LOSS_TO_ERROR_PARAMETERS));
}
