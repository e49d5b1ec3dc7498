/**
 * The over-training law of Gadre et al. (arXiv 2403.08540): L(C, M) = E + (a M^eta + b M^-eta) C^-eta with C = 6ND and
 * M = D/N. It is the N, D surface with one exponent for both terms (alpha = beta = 2 eta, a = A 6^eta, b = B 6^eta), so for a
 * given eta it is linear, and one variable is searched.
 */
import { err, ok, type Result } from '../result.ts';
import { type Deadline, startDeadline } from '../stats/deadline.ts';
import { type Covariance, covariance } from '../stats/delta.ts';
import { fitLinear } from '../stats/linear.ts';
import { DEFAULT_DELTA, isLogObjective } from '../stats/robust.ts';
import { minimizeScan } from '../stats/scan.ts';
import type { Point } from '../study/study.ts';
import { descend } from './chinchilla-fit.ts';
import { paramsOf, surfacePoints, tokensOf } from './chinchilla-points.ts';
import { fromSurface, type SurfaceData, surfaceData, surfaceMap, toSurface } from './chinchilla-surface.ts';
import { thin, typical } from './chinchilla-vpnls.ts';
import { buildFittedLaw } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law, ObjectiveName } from './law.ts';
import { deltaRefusal } from './prepare.ts';
import { defaultResampling, resampleFits } from './resampling.ts';
import { heldParameters, scannedRecord, withScannedErrors } from './scanned.ts';

const OVER_TRAINING_PARAMETERS = ['E', 'a', 'b', 'eta'] as const;

/** Range of 2 eta that is scanned. */
const EXPONENTS = [0.01, 1.5] as const;
const SCAN_POINTS = 2000;

export const overTraining: Law = {
  id: 'over-training',
  title: 'Loss when trained beyond the compute-optimal token count',
  formula: 'L(C, M) = E + (a M^eta + b M^-eta) C^-eta, C = 6ND, M = D/N',
  source: 'Gadre et al. 2024, arXiv 2403.08540, eq. 4',
  parameters: [
    { name: 'E', unit: 'loss', meaning: 'irreducible loss' },
    { name: 'a', unit: 'loss·FLOP^eta', meaning: 'coefficient of the model-size term' },
    { name: 'b', unit: 'loss·FLOP^eta', meaning: 'coefficient of the data term' },
    { name: 'eta', unit: '1', meaning: 'exponent of compute' },
  ],
  needs: ['params', 'tokens'],
  monotone: true,
  baseline: false,
  minPoints: 5,
  fit: fitOverTraining,
};

/** Parameters (E, a, b, eta) and the residual sum of squares in y. */
export interface OverTrainingFit {
  readonly theta: Float64Array;
  readonly rss: number;
  readonly valleys: number;
  readonly atOptimum: number;
  readonly atEdge: boolean;
}

/** Held parameters by place in (E, a, b, eta); undefined is free. */
type HeldOverTraining = readonly (number | undefined)[];

/** Prediction of theta = (E, a, b, eta) for N parameters and D tokens. */
export function overTrainingLoss(theta: Float64Array, params: number, tokens: number): number {
  const eta = theta[3]!;
  // M^eta C^-eta = (6 N²)^-eta and M^-eta C^-eta = (6 D²)^-eta.
  return (
    theta[0]! +
    theta[1]! * Math.exp(-eta * (Math.log(6) + 2 * Math.log(params))) +
    theta[2]! * Math.exp(-eta * (Math.log(6) + 2 * Math.log(tokens)))
  );
}

/** d prediction / d (E, a, b, eta). */
function overTrainingGradient(theta: Float64Array, params: number, tokens: number, out: Float64Array): void {
  const eta = theta[3]!;
  const lnN = Math.log(6) + 2 * Math.log(params);
  const lnD = Math.log(6) + 2 * Math.log(tokens);
  out[0] = 1;
  out[1] = Math.exp(-eta * lnN);
  out[2] = Math.exp(-eta * lnD);
  out[3] = -theta[1]! * out[1] * lnN - theta[2]! * out[2] * lnD;
}

/**
 * Least squares in L by variable projection: (E, a, b) linear for each eta, unconstrained as in the paper, 2 eta scanned on a
 * geometric grid in [0.01, 1.5] and refined. Null when the linear problem is singular everywhere.
 */
export function solveOverTraining(
  data: SurfaceData,
  y: Float64Array,
  weights: Float64Array | null,
  held: HeldOverTraining = [],
): OverTrainingFit | null {
  const small: SurfaceData = { ...data, y };
  const scanned = thin(small, SCAN_POINTS);
  const solve = (use: SurfaceData, alpha: number): { theta: Float64Array; rss: number } | null => {
    const n = use.n;
    const target = Float64Array.from(use.y.subarray(0, n));
    // Centred columns; their coefficients become a and b at the end.
    const lnScale = [
      0,
      alpha * use.meanLnN + (alpha / 2) * Math.log(6),
      alpha * use.meanLnD + (alpha / 2) * Math.log(6),
    ];
    const columns: Float64Array[] = [];
    const places: number[] = [];
    for (let j = 0; j < 3; j++) {
      const column = new Float64Array(n);
      for (let i = 0; i < n; i++) column[i] = j === 0 ? 1 : Math.exp(-alpha * (j === 1 ? use.u[i]! : use.v[i]!));
      const value = held[j];
      if (value === undefined) {
        columns.push(column);
        places.push(j);
      } else {
        const scaled = value * Math.exp(-lnScale[j]!);
        for (let i = 0; i < n; i++) target[i]! -= scaled * column[i]!;
      }
    }
    const theta = Float64Array.of(held[0] ?? 0, held[1] ?? 0, held[2] ?? 0, alpha / 2);
    const weight = weights === null ? null : use.weight.subarray(0, n);
    if (columns.length === 0) {
      let rss = 0;
      for (let i = 0; i < n; i++) rss += (weight === null ? 1 : weight[i]!) * target[i]! * target[i]!;
      return { theta, rss };
    }
    const fit = fitLinear(columns, target, weight);
    if (fit === null || fit.rank < columns.length) return null;
    places.forEach((place, c) => {
      theta[place] = fit.coefficients[c]! * Math.exp(lnScale[place]!);
    });
    return { theta, rss: fit.rss };
  };
  if (held[3] !== undefined) {
    const fit = solve(small, 2 * held[3]);
    return fit === null ? null : { ...fit, valleys: 1, atOptimum: 1, atEdge: false };
  }
  const cost = (use: SurfaceData) => (alpha: number) => solve(use, alpha)?.rss ?? Number.POSITIVE_INFINITY;
  let found = minimizeScan(cost(scanned), EXPONENTS[0], EXPONENTS[1], { count: 80 });
  if (found === null) return null;
  if (scanned !== small) {
    const { valleys, atOptimum, atEdge } = found;
    const whole = minimizeScan(cost(small), found.x * 0.99, found.x * 1.01, { count: 3 });
    if (whole === null) return null;
    found = { ...whole, valleys, atOptimum, atEdge };
  }
  const fit = solve(small, found.x);
  return fit === null ? null : { ...fit, valleys: found.valleys, atOptimum: found.atOptimum, atEdge: found.atEdge };
}

/** Arrays with one weight per point (the resample's counts times the point's own). */
export function weighted(data: SurfaceData, weights: Float64Array | null, counts: Float64Array): SurfaceData {
  return { ...data, weight: counts.map((count, i) => count * (weights === null ? 1 : weights[i]!)) };
}

/** Why these points cannot identify the law, or null. */
export function overTrainingRefusal(data: SurfaceData, free: number): FitRefusal | null {
  if (data.n < free + 1) {
    return {
      code: 'fit.too-few',
      message: `${data.n} usable points (loss, parameters and tokens known) for ${free} free parameters; at least ${free + 1} runs are needed.`,
    };
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < data.n; i++) {
    const lnM = data.v[i]! - data.u[i]!;
    low = Math.min(low, lnM);
    high = Math.max(high, lnM);
    least = Math.min(least, data.y[i]!);
    most = Math.max(most, data.y[i]!);
  }
  if (!(most - least > 1e-12 * most)) {
    return {
      code: 'data.degenerate-metric',
      message: 'The loss is the same in every row; there is no scaling to fit.',
    };
  }
  if (high - low < 1e-6) {
    return {
      code: 'fit.ill-determined',
      message:
        'All runs share one number of tokens per parameter, so over-training cannot be seen; add a run with another M = tokens/params.',
    };
  }
  return null;
}

function fitOverTraining(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  const objective = options.objective ?? 'squared';
  const { held, free, unknown } = heldParameters(OVER_TRAINING_PARAMETERS, options);
  if (unknown !== undefined || (options.tie ?? []).length > 0) {
    return err({
      code: 'fit.unsupported',
      message:
        unknown === undefined
          ? 'over-training already ties its exponents; no further ties.'
          : `over-training has no parameter ${unknown}; it has ${OVER_TRAINING_PARAMETERS.join(', ')}.`,
    });
  }
  const unusable = deltaRefusal(options.delta);
  if (unusable !== null) return err(unusable);
  const read = surfacePoints(input, options.weights === 'stderr', objective);
  const { data, points } = read;
  const refusal = overTrainingRefusal(data, free);
  if (refusal !== null) return err(refusal);
  const squares = solveOverTraining(data, data.y, read.weights, held);
  if (squares === null) {
    return err({ code: 'fit.ill-determined', message: 'The three terms cannot be told apart on these runs.' });
  }
  const best = objective === 'squared' ? squares : robust(data, squares, objective, options, deadline);
  if (typeof best === 'string') return err({ code: 'fit.unsupported', message: best });

  const logScale = isLogObjective(objective, true);
  const fitted = Float64Array.from(points, (p) => overTrainingLoss(best.theta, p.params!, p.tokens!));
  const draws =
    options.bootstrap > 0
      ? resampleFits({
          points,
          method: options.resample ?? defaultResampling(points, free),
          resamples: options.bootstrap,
          seed: options.seed,
          stream: 'over-training',
          deadline,
          size: 4,
          y: data.y,
          fitted,
          free,
          refit: ({ counts, y, distinct }) => {
            if (distinct < free) return null;
            const sample = { ...weighted(data, read.weights, counts), y, lnY: y.map(Math.log) };
            const start = solveOverTraining(sample, y, sample.weight, held);
            if (start === null || objective === 'squared') return start?.theta ?? null;
            const end = robust(sample, start, objective, options, deadline);
            return typeof end === 'string' ? null : end.theta;
          },
        })
      : null;
  const [E, a, b, eta] = best.theta as unknown as readonly [number, number, number, number];
  const notes = [...read.notes, ...overTrainingNotes(best.theta, data.n, free, best.atEdge)];
  const ratios = points.map((p) => p.tokens! / p.params!);
  const [least, most] = [ratios.reduce((p, q) => Math.min(p, q)), ratios.reduce((p, q) => Math.max(p, q))];
  const bestRatio = optimalRatio(best.theta);
  const insideRange = bestRatio !== null && bestRatio >= least && bestRatio <= most;
  if (bestRatio !== null && !insideRange) {
    notes.push(
      `The ratio M* = ${bestRatio.toPrecision(3)} tokens per parameter lies outside the fitted runs (${least.toPrecision(3)} to ${most.toPrecision(3)}): an extrapolation, not a recommendation.`,
    );
  }
  const scale = input.series.scale;
  const law = buildFittedLaw({
    law: 'over-training',
    ...scannedRecord(OVER_TRAINING_PARAMETERS, held, best, draws, options),
    predict: (t, at) => overTrainingLoss(t, paramsOf(at, scale), tokensOf(at, scale)),
    gradient: (t, at, out) => overTrainingGradient(t, paramsOf(at, scale), tokensOf(at, scale), out),
    points,
    objective,
    delta: options.delta ?? null,
    scale: logScale ? 'ln y' : 'y',
    criterionScale: 'ln y',
    weights: read.weights,
    excluded: read.excluded,
    notes,
    extras: {
      Mstar: bestRatio,
      MstarInsideFittedRange: bestRatio === null ? null : insideRange,
      surface: { E, A: a * 6 ** -eta, B: b * 6 ** -eta, alpha: 2 * eta },
    },
  });
  return ok(withScannedErrors(law, draws, OVER_TRAINING_PARAMETERS));
}

/** M* = (b/a)^(1/(2 eta)) (eq. 10): the compute-optimal tokens per parameter; null where a, b or eta are not positive. */
export function optimalRatio(theta: Float64Array): number | null {
  const [, a = 0, b = 0, eta = 0] = theta;
  const ratio = (b / a) ** (1 / (2 * eta));
  return a > 0 && b > 0 && eta > 0 && Number.isFinite(ratio) ? ratio : null;
}

/** What must be said beside a fit of so few runs. */
export function overTrainingNotes(theta: Float64Array, n: number, free: number, atEdge: boolean): string[] {
  const notes: string[] = [];
  if (n <= free + 2) {
    notes.push(
      `${n} points for ${free} parameters: the residuals say nothing about the error of a prediction; hold out larger runs.`,
    );
  }
  if (atEdge) notes.push('The exponent ended at the edge of the scanned range (2 eta in [0.01, 1.5]).');
  if (!(theta[1]! > 0)) notes.push('a is not positive: the loss does not fall with model size here.');
  if (!(theta[2]! > 0)) notes.push('b is not positive: the loss does not fall with tokens here.');
  if (theta[0]! < 0) notes.push('E is negative: the irreducible loss is not determined by these runs.');
  return notes;
}

/** Covariance of (E, a, b, eta) by the delta method from the points of the fit. */
export function overTrainingCovariance(
  theta: Float64Array,
  points: readonly Point[],
  rss: number,
  free = 4,
): Covariance | null {
  const n = points.length;
  const jacobian = new Float64Array(4 * n);
  const row = new Float64Array(4);
  points.forEach((point, i) => {
    overTrainingGradient(theta, point.params!, point.tokens!, row);
    for (let j = 0; j < 4; j++) jacobian[j * n + i] = row[j]!;
  });
  return covariance(jacobian, n, 4, rss, null, [0, 1, 2, 3], free);
}

/** The other objectives: descents on the surface with one exponent, started from least squares. */
function robust(
  data: SurfaceData,
  squares: OverTrainingFit,
  objective: ObjectiveName,
  options: FitOptions,
  deadline: Deadline,
): OverTrainingFit | string {
  const fix = options.fix ?? {};
  if (fix['a'] !== undefined || fix['b'] !== undefined) return 'a and b can be held under the squared objective only.';
  const map = surfaceMap(
    {
      fixed: {
        ...(fix['E'] === undefined ? {} : { E: fix['E'] }),
        ...(fix['eta'] === undefined ? {} : { alpha: 2 * fix['eta'] }),
      },
      ties: [['alpha', 'beta']],
    },
    data.meanLnN,
    data.meanLnD,
  );
  if (typeof map === 'string') return map;
  const [E = 0, a = 0, b = 0, eta = 0] = squares.theta;
  const start = fromSurface(
    map,
    { E, A: a * 6 ** -eta, B: b * 6 ** -eta, alpha: 2 * eta, beta: 2 * eta },
    typical(data),
  );
  const end = descend(data, map, objective, options.delta ?? DEFAULT_DELTA, start, () => deadline.expired());
  const s = toSurface(map, end.z);
  const theta = Float64Array.of(s.E, s.A * 6 ** (s.alpha / 2), s.B * 6 ** (s.alpha / 2), s.alpha / 2);
  return { ...squares, theta, rss: end.value };
}

/** Centred arrays of points whose loss stands in a field of its own. */
export function lossData(points: readonly Point[], loss: Float64Array): SurfaceData {
  return surfaceData(
    points.map((p) => p.params ?? Number.NaN),
    points.map((p) => p.tokens ?? Number.NaN),
    loss,
  );
}
