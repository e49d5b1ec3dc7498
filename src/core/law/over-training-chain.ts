/**
 * The over-training chain (Gadre et al., arXiv 2403.08540): (C, M) → loss by the over-training law, loss → error by an
 * exponential. One composed model: one set of seven parameters, one bootstrap that carries the rows through both stages, so
 * that the interval of a predicted error holds the uncertainty of both.
 */
import type { Exclusion } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import { outOfTime, startDeadline } from '../stats/deadline.ts';
import { type Covariance, covariance } from '../stats/delta.ts';
import { mean } from '../stats/moments.ts';
import { createRandom } from '../stats/random.ts';
import type { Point } from '../study/study.ts';
import { paramsOf, tokensOf } from './chinchilla-points.ts';
import { type BootstrapDraws, buildFittedLaw } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import {
  errorAtLoss,
  errorGradient,
  errorScale,
  type LossToErrorFit,
  lossToError,
  lossToErrorNotes,
  solveLossToError,
} from './loss-to-error.ts';
import {
  lossData,
  type OverTrainingFit,
  optimalRatio,
  overTraining,
  overTrainingCovariance,
  overTrainingLoss,
  overTrainingNotes,
  overTrainingRefusal,
  solveOverTraining,
  weighted,
} from './over-training.ts';
import { pointMatches } from './point-where.ts';
import { defaultResampling, groupSampler, type ResampleMethod, withBootstrapErrors } from './resampling.ts';

const NAMES = ['E', 'a', 'b', 'eta', 'epsilon', 'k', 'gamma'] as const;

export const overTrainingChain: Law = {
  id: 'over-training-chain',
  title: 'Downstream error of over-trained models',
  formula: 'Err = epsilon - k exp(-gamma L), L = E + (a M^eta + b M^-eta) C^-eta',
  source: 'Gadre et al. 2024, arXiv 2403.08540, eqs. 4 and 5',
  parameters: [...overTraining.parameters, ...lossToError.parameters],
  needs: ['params', 'tokens', 'loss'],
  monotone: true,
  baseline: false,
  minPoints: 5,
  fit: fitChain,
};

interface Rows {
  readonly points: readonly Point[];
  readonly loss: Float64Array;
  readonly error: Float64Array;
  /** Which rows feed the loss law and which the error law. */
  readonly first: readonly number[];
  readonly second: readonly number[];
}

function fitChain(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  if (options.objective !== undefined && options.objective !== 'squared') {
    return err({ code: 'fit.unsupported', message: 'over-training-chain is fitted by squares in both stages only.' });
  }
  if (Object.keys(options.fix ?? {}).length + (options.tie ?? []).length > 0) {
    return err({
      code: 'fit.unsupported',
      message: 'over-training-chain takes no held or tied parameters; fit its stages one by one.',
    });
  }
  const { series } = input;
  const scale = errorScale(series);
  const { rows, excluded } = readRows(input, options, scale.toError);
  const pick = (values: Float64Array, from: readonly number[]): Float64Array =>
    Float64Array.from(from, (i) => values[i]!);
  const firstPoints = rows.first.map((i) => rows.points[i]!);
  const data = lossData(firstPoints, pick(rows.loss, rows.first));
  const refusal = overTrainingRefusal(data, 4);
  if (refusal !== null) return err({ ...refusal, message: `Stage 1 (loss): ${refusal.message}` });
  if (rows.second.length < 4) {
    return err({
      code: 'fit.too-few',
      message: `Stage 2 (error): ${rows.second.length} rows with error and loss for 3 parameters; at least 4 are needed.`,
    });
  }
  const secondLoss = pick(rows.loss, rows.second);
  const secondError = pick(rows.error, rows.second);
  if (new Set(secondError).size < 2) {
    return err({ code: 'data.degenerate-metric', message: 'The error is the same in every row.' });
  }
  const one = solveOverTraining(data, data.y, null);
  const two = solveLossToError(secondLoss, secondError);
  if (one === null || two === null) {
    return err({
      code: 'fit.ill-determined',
      message: `Stage ${one === null ? '1 (loss)' : '2 (error)'} is not determined by these rows.`,
    });
  }
  const theta = Float64Array.of(...one.theta, ...two.theta);
  const draws = options.bootstrap > 0 ? bootstrapChain(rows, one, two, options, () => deadline.expired()) : null;
  const matrix = chainCovariance(rows, firstPoints, one, two);
  const points = rows.second.map((i) => rows.points[i]!);
  const lowest = secondLoss.reduce((a, b) => Math.min(a, b));
  const [E = 0, a = 0, b = 0, eta = 0] = one.theta;
  const law = buildFittedLaw({
    law: 'over-training-chain',
    parameters: NAMES.map((name) => ({ name, transform: 'identity' })),
    theta,
    predict: (t, at) =>
      scale.fromError(
        errorAtLoss(t.subarray(4), overTrainingLoss(t, paramsOf(at, series.scale), tokensOf(at, series.scale))),
      ),
    points,
    objective: 'squared',
    scale: 'y',
    weights: null,
    freeParameters: 7,
    bootstrap: draws,
    level: options.level,
    converged: !one.atEdge && !two.atEdge,
    starts: { tried: one.valleys * two.valleys, atOptimum: one.atOptimum * two.atOptimum },
    excluded,
    covariance: matrix,
    objectiveValue: two.rss,
    notes: [
      ...(scale.note === null ? [] : [scale.note]),
      ...overTrainingNotes(one.theta, data.n, 4, one.atEdge),
      ...lossToErrorNotes(two, scale.largest),
      'The delta method takes the errors of the two stages as independent; the bootstrap does not.',
      ...(series.aggregate ? [] : ['Single tasks seldom follow this chain; prefer an average over tasks.']),
    ],
    extras: {
      stages: {
        loss: { law: 'over-training', rows: firstPoints.map((p) => p.row), n: data.n, objective: one.rss },
        error: { law: 'loss-to-error', rows: points.map((p) => p.row), n: points.length, objective: two.rss },
      },
      Mstar: optimalRatio(one.theta),
      surface: { E, A: a * 6 ** -eta, B: b * 6 ** -eta, alpha: 2 * eta },
      lowestFittedLoss: lowest,
    },
  });
  return ok(
    withBootstrapErrors(law, draws, Object.fromEntries(NAMES.map((name, j) => [name, (t: Float64Array) => t[j]!])), 7),
  );
}

function readRows(
  input: FitInput,
  options: FitOptions,
  toError: (y: number) => number,
): { readonly rows: Rows; readonly excluded: readonly Exclusion[] } {
  const scale = input.series.scale;
  const points: Point[] = [];
  const excluded: Exclusion[] = [];
  const first: number[] = [];
  const second: number[] = [];
  for (const point of input.points) {
    const params = paramsOf(point, scale);
    const tokens = tokensOf(point, scale);
    const why =
      point.loss === null || !(point.loss > 0) || !Number.isFinite(point.loss)
        ? 'no loss in this row'
        : Number.isFinite(point.y)
          ? null
          : 'error is not a number';
    if (why !== null) {
      excluded.push({ row: point.row, why });
      continue;
    }
    const inFirst = pointMatches(point, options.stages?.first ?? [], input.study);
    const inSecond = pointMatches(point, options.stages?.second ?? [], input.study);
    const placed = Number.isFinite(params) && Number.isFinite(tokens);
    if (!inSecond && !(inFirst && placed)) {
      excluded.push({ row: point.row, why: inFirst ? 'parameters or tokens unknown' : 'in neither stage' });
      continue;
    }
    if (inFirst && placed) first.push(points.length);
    if (inSecond) second.push(points.length);
    points.push({ ...point, params: placed ? params : point.params, tokens: placed ? tokens : point.tokens });
  }
  const rows: Rows = {
    points,
    loss: Float64Array.from(points, (p) => p.loss!),
    error: Float64Array.from(points, (p) => toError(p.y)),
    first,
    second,
  };
  return { rows, excluded };
}

/**
 * One bootstrap through both stages. Cases, runs or families: a drawn row takes part in every stage that it feeds. Residuals:
 * the row drawn gives its loss residual to stage 1 and its error residual to stage 2, so that their correlation survives.
 */
function bootstrapChain(
  rows: Rows,
  one: OverTrainingFit,
  two: LossToErrorFit,
  options: FitOptions,
  expired: () => boolean,
): BootstrapDraws {
  const n = rows.points.length;
  const method: ResampleMethod = options.resample ?? defaultResampling(rows.points, 4);
  const random = createRandom(options.seed, 'over-training-chain');
  const sampler = method === 'residual' ? null : groupSampler(rows.points, method, options.seed, 'over-training-chain');
  const fittedLoss = rows.first.map((i) =>
    overTrainingLoss(one.theta, rows.points[i]!.params!, rows.points[i]!.tokens!),
  );
  const fittedError = rows.second.map((i) => errorAtLoss(two.theta, rows.loss[i]!));
  const residuals = (
    of: readonly number[],
    measured: Float64Array,
    fitted: readonly number[],
    free: number,
  ): Map<number, number> => {
    const raw = of.map((i, j) => measured[i]! - fitted[j]!);
    const middle = mean(raw);
    const inflate = Math.sqrt(raw.length / Math.max(1, raw.length - free));
    return new Map(of.map((i, j) => [i, inflate * (raw[j]! - middle)]));
  };
  const lossResidual = residuals(rows.first, rows.loss, fittedLoss, 4);
  const errorResidual = residuals(rows.second, rows.error, fittedError, 3);
  const counts = new Float64Array(n).fill(1);
  const thetas = new Float64Array(7 * options.bootstrap);
  let count = 0;
  let failed = 0;
  let stopped: string | null =
    sampler !== null && sampler.groups < 2 ? `Nothing to resample: all points belong to one ${method}.` : null;
  for (let draw = 0; stopped === null && draw < options.bootstrap; draw++) {
    if (expired()) {
      stopped = outOfTime(draw, options.bootstrap);
      break;
    }
    const loss = Float64Array.from(rows.first, (i) => rows.loss[i]!);
    const error = Float64Array.from(rows.second, (i) => rows.error[i]!);
    if (sampler !== null) sampler.next(counts);
    else {
      const place = (member: readonly number[], own: Map<number, number>, row: number): number =>
        own.get(row) ?? own.get(member[random.integer(member.length)]!)!;
      const drawn = Array.from({ length: n }, () => random.integer(n));
      rows.first.forEach((i, j) => {
        loss[j] = fittedLoss[j]! + place(rows.first, lossResidual, drawn[i]!);
      });
      rows.second.forEach((i, j) => {
        error[j] = fittedError[j]! + place(rows.second, errorResidual, drawn[i]!);
      });
    }
    const countsOf = (of: readonly number[]): Float64Array => Float64Array.from(of, (i) => counts[i]!);
    const firstCounts = countsOf(rows.first);
    const secondCounts = countsOf(rows.second);
    const distinct = (c: Float64Array): number => c.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0);
    if (distinct(firstCounts) < 4 || distinct(secondCounts) < 3) {
      failed++;
      continue;
    }
    const data = weighted(
      lossData(
        rows.first.map((i) => rows.points[i]!),
        loss,
      ),
      null,
      firstCounts,
    );
    const first = solveOverTraining(data, loss, firstCounts);
    const second = solveLossToError(
      Float64Array.from(rows.second, (i) => rows.loss[i]!),
      error,
      secondCounts,
    );
    if (
      first === null ||
      second === null ||
      !first.theta.every(Number.isFinite) ||
      !second.theta.every(Number.isFinite)
    ) {
      failed++;
      continue;
    }
    thetas.set(first.theta, 7 * count);
    thetas.set(second.theta, 7 * count + 4);
    count++;
  }
  return { thetas, count, failed, requested: options.bootstrap, method, stopped };
}

/** Block-diagonal covariance of both stages; s and df are those of the error stage, df no more than stage 1 has. */
function chainCovariance(
  rows: Rows,
  firstPoints: readonly Point[],
  one: OverTrainingFit,
  two: LossToErrorFit,
): Covariance | null {
  const first = overTrainingCovariance(one.theta, firstPoints, one.rss);
  const n = rows.second.length;
  const jacobian = new Float64Array(3 * n);
  const slope = new Float64Array(3);
  rows.second.forEach((i, r) => {
    errorGradient(two.theta, rows.loss[i]!, slope);
    for (let j = 0; j < 3; j++) jacobian[j * n + r] = slope[j]!;
  });
  const second = covariance(jacobian, n, 3, two.rss, null, [0, 1, 2], 3);
  if (first === null || second === null) return null;
  const values = new Float64Array(49);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) values[i * 7 + j] = first.values[i * 4 + j]!;
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) values[(i + 4) * 7 + j + 4] = second.values[i * 3 + j]!;
  return {
    size: 7,
    values,
    s: second.s,
    df: Math.min(first.df, second.df),
    condition: Math.max(first.condition, second.condition),
    free: [0, 1, 2, 3, 4, 5, 6],
    rank: first.rank + second.rank,
  };
}
