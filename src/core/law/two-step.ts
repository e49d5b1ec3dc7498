/**
 * The two-step ladder (OLMo-ladder, arXiv 2412.04403): (N, D) → task loss by the surface E + A N^-alpha + B D^-beta on the last
 * row of every run, then task loss → accuracy by a sigmoid on all checkpoints. The chain is the law; both steps stand in its
 * record, because their errors can cancel. Runs, not rows, are resampled, through both steps at once.
 */
import type { Interval } from '../report-model.ts';
import { err, ok, type Result } from '../result.ts';
import { exponentialWeights, powerOfVariance } from '../stats/bayesian-weights.ts';
import { type Deadline, outOfTime, startDeadline } from '../stats/deadline.ts';
import { type Covariance, covariance } from '../stats/delta.ts';
import { median } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import { DEFAULT_DELTA } from '../stats/robust.ts';
import type { Point } from '../study/study.ts';
import { logTheta, thetaSurface } from './chinchilla.ts';
import { bestSurfaceFit, refitSurface, type SurfaceFit } from './chinchilla-fit.ts';
import { paramsOf, tokensOf } from './chinchilla-points.ts';
import {
  NO_CONSTRAINTS,
  type SurfaceData,
  surfaceData,
  surfaceLoss,
  surfaceMap,
  toSurface,
} from './chinchilla-surface.ts';
import { type BootstrapDraws, buildFittedLaw, type FittedParameter } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import { type AccuracyFit, accuracyAtLoss, accuracyGradient, solveAccuracy } from './loss-to-accuracy.ts';
import { deltaRefusal } from './prepare.ts';
import { withBootstrapErrors } from './resampling.ts';
import { type Ladder, readLadder, type Share, shareScale } from './two-step-rows.ts';

const STEP_ONE = ['E', 'A', 'B', 'alpha', 'beta'] as const;
const STEP_TWO = ['a', 'b', 'k', 'L0'] as const;
/** Checkpoints at the end of a run whose spread is the noise reported. */
const NOISE_ROWS = 10;

export const twoStep: Law = {
  id: 'two-step',
  title: 'Two-step ladder: size and data to task loss to accuracy',
  formula: 'acc = b + a s(k (L - L0)), L = E + A N^-alpha + B D^-beta',
  source: 'Bhagia et al. 2024, arXiv 2412.04403 (OLMo-ladder)',
  parameters: [
    { name: 'E', unit: 'task loss', meaning: 'irreducible task loss' },
    { name: 'A', unit: 'loss·params^alpha', meaning: 'coefficient of the model-size term' },
    { name: 'B', unit: 'loss·tokens^beta', meaning: 'coefficient of the data term' },
    { name: 'alpha', unit: '1', meaning: 'exponent of model size' },
    { name: 'beta', unit: '1', meaning: 'exponent of training tokens' },
    { name: 'a', unit: 'share of the best score', meaning: 'height of the sigmoid, -1 to 0' },
    { name: 'b', unit: 'share of the best score', meaning: 'accuracy at vanishing loss; b + a is the floor' },
    { name: 'k', unit: '1/loss', meaning: 'steepness' },
    { name: 'L0', unit: 'task loss', meaning: 'loss half-way' },
  ],
  needs: ['params', 'tokens', 'loss'],
  monotone: true,
  baseline: false,
  minPoints: 6,
  fit: fitTwoStep,
};

interface Steps {
  readonly one: SurfaceFit;
  readonly data: SurfaceData;
  readonly two: AccuracyFit;
}

function fitTwoStep(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  if (options.objective !== undefined && options.objective !== 'log-huber') {
    return err({
      code: 'fit.unsupported',
      message: 'two-step fits log-huber in step 1 and squares in step 2; other objectives are not offered.',
    });
  }
  if (Object.keys(options.fix ?? {}).length + (options.tie ?? []).length > 0) {
    return err({ code: 'fit.unsupported', message: 'two-step takes no held or tied parameters.' });
  }
  const unusable = deltaRefusal(options.delta);
  if (unusable !== null) return err(unusable);
  const share = shareScale(input.series);
  const ladder = readLadder(input, options, share);
  if (ladder.last.length < 6) {
    return err({
      code: 'fit.too-few',
      message: `${ladder.last.length} runs with parameters, tokens and task loss; step 1 has 5 parameters and needs at least 6 runs.`,
    });
  }
  if (new Set(ladder.accuracy).size < 2 || new Set(ladder.loss).size < 4) {
    return err({
      code: 'data.degenerate-metric',
      message: 'Accuracy or task loss hardly changes over these rows; the sigmoid cannot be placed.',
    });
  }
  const data = stepOneData(ladder);
  const spread = (values: Float64Array): boolean => values.some((value) => Math.abs(value - values[0]!) > 1e-9);
  if (!spread(data.u) || !spread(data.v) || collinear(data)) {
    return err({
      code: 'fit.ill-determined',
      message: 'Step 1 needs at least two model sizes and two token counts that do not move together.',
    });
  }
  const map = surfaceMap(NO_CONSTRAINTS, data.meanLnN, data.meanLnD);
  if (typeof map === 'string') return err({ code: 'fit.unsupported', message: map });
  const one = bestSurfaceFit(data, map, 'log-huber', options.delta ?? DEFAULT_DELTA, () => deadline.expired());
  const two = solveAccuracy({ loss: ladder.loss, accuracy: ladder.accuracy, weights: null });
  if (one === null || two === null) {
    return err({ code: 'fit.ill-determined', message: `Step ${one === null ? 1 : 2} has no solution on these rows.` });
  }
  return ok(report(input, options, ladder, { one, data, two }, share, deadline));
}

function stepOneData(ladder: Ladder): SurfaceData {
  const points = ladder.last.map(({ point }) => point);
  return surfaceData(
    points.map((p) => p.params!),
    points.map((p) => p.tokens!),
    points.map((p) => p.loss!),
  );
}

function collinear(data: SurfaceData): boolean {
  let uu = 0;
  let vv = 0;
  let uv = 0;
  for (let i = 0; i < data.n; i++) {
    uu += data.u[i]! * data.u[i]!;
    vv += data.v[i]! * data.v[i]!;
    uv += data.u[i]! * data.v[i]!;
  }
  return 1 - (uv * uv) / (uu * vv) < 1e-6;
}

function chainShare(theta: Float64Array, params: number, tokens: number): number {
  return accuracyAtLoss(theta.subarray(5), surfaceLoss(thetaSurface(theta), params, tokens));
}

function report(
  input: FitInput,
  options: FitOptions,
  ladder: Ladder,
  steps: Steps,
  share: Share,
  deadline: Deadline,
): FittedLaw {
  const { one, two } = steps;
  const scale = input.series.scale;
  const theta = Float64Array.of(...logTheta(one.surface), ...two.theta);
  const draws = options.bootstrap > 0 ? bootstrapRuns(ladder, steps, options, deadline) : null;
  const matrix = chainCovariance(ladder, steps);
  const parameter = (name: string, bound: readonly string[]): FittedParameter => ({
    name,
    transform: name === 'E' || name === 'A' || name === 'B' ? 'log' : 'identity',
    ...(bound.includes(name) ? { atBound: true } : {}),
  });
  const parameters = [
    ...STEP_ONE.map((name) => parameter(name, one.atBound)),
    ...STEP_TWO.map((name) => parameter(name, two.atBound)),
  ];
  const lastPoints = ladder.last.map(({ point }) => point);
  const lossPoints = lastPoints.map((p) => ({ ...p, y: p.loss! }));
  const notes = [
    ...ladder.notes,
    ...one.notes,
    'The delta method takes the errors of the steps as independent and counts runs, not rows, in step 2.',
    'Task loss to accuracy holds for one prompt format, validation set and data mix; do not carry it over to another.',
  ];
  const step1 = buildFittedLaw({
    law: 'two-step/1',
    parameters: parameters.slice(0, 5),
    theta: theta.slice(0, 5),
    predict: (t, at) => surfaceLoss(thetaSurface(t), paramsOf(at, scale), tokensOf(at, scale)),
    points: lossPoints,
    objective: 'log-huber',
    delta: options.delta ?? DEFAULT_DELTA,
    scale: 'ln y',
    weights: null,
    freeParameters: 5,
    bootstrap: slice(draws, 0, 5),
    level: options.level,
    converged: one.converged,
    starts: one.starts,
    excluded: [],
    notes: one.notes,
    extras: { conditionNumber: one.conditionNumber, meanAbsoluteRelativeError: meanRelative(lossPoints, one) },
  }).fit;
  const step2 = buildFittedLaw({
    law: 'two-step/2',
    parameters: parameters.slice(5),
    theta: two.theta,
    predict: (t, at) => share.fromShare(accuracyAtLoss(t, at.loss ?? Number.NaN)),
    points: ladder.points,
    objective: 'squared',
    scale: 'y',
    weights: null,
    freeParameters: 4,
    bootstrap: slice(draws, 5, 9),
    level: options.level,
    converged: two.converged,
    starts: { tried: two.tried, atOptimum: two.atOptimum },
    excluded: [],
    notes: [],
    objectiveValue: two.rss,
    extras: { anchor: { loss: 0, y: share.fromShare(1) }, rowsWithAnchor: ladder.points.length + 1 },
  }).fit;
  const fitted = buildFittedLaw({
    law: 'two-step',
    parameters,
    theta,
    predict: (t, at) => share.fromShare(chainShare(t, paramsOf(at, scale), tokensOf(at, scale))),
    points: lastPoints,
    objective: 'squared',
    scale: 'y',
    weights: null,
    freeParameters: 9,
    bootstrap: draws,
    level: options.level,
    converged: one.converged && two.converged,
    starts: { tried: one.starts.tried + two.tried, atOptimum: one.starts.atOptimum + two.atOptimum },
    excluded: ladder.excluded,
    notes,
    covariance: matrix === null ? null : scaled(matrix, share.unit),
    // The surface's intervals are those of its own step, which knows the loss that it was fitted with.
    intervals: Object.fromEntries(
      Object.entries(step1.intervals ?? {}).filter((entry): entry is [string, Interval] => entry[1] !== null),
    ),
    extras: { step1, step2, runs: ladder.last.length, rows: ladder.points.length, noise: noise(ladder) },
  });
  const columns: Record<string, (t: Float64Array) => number> = {};
  STEP_ONE.forEach((name) => {
    columns[name] = (t) => thetaSurface(t)[name];
  });
  STEP_TWO.forEach((name, j) => {
    columns[name] = (t) => t[5 + j]!;
  });
  return withBootstrapErrors(fitted, draws, columns, 9);
}

function meanRelative(points: readonly Point[], one: SurfaceFit): number {
  let sum = 0;
  for (const p of points) sum += Math.abs(surfaceLoss(one.surface, p.params!, p.tokens!) / p.y - 1);
  return sum / points.length;
}

function slice(draws: BootstrapDraws | null, from: number, to: number): BootstrapDraws | null {
  if (draws === null) return null;
  const size = to - from;
  const thetas = new Float64Array(size * draws.count);
  for (let b = 0; b < draws.count; b++) thetas.set(draws.thetas.subarray(9 * b + from, 9 * b + to), size * b);
  return { ...draws, thetas };
}

/**
 * Weighs runs at random (Bayesian bootstrap); a run brings its last row to step 1 and all its rows to step 2 with the same
 * draw. Step 1 is fitted close to least absolute deviation, whose refits need no correction for the parameters fitted;
 * step 2 is least squares, and the spread of its weights carries that correction.
 */
function bootstrapRuns(ladder: Ladder, steps: Steps, options: FitOptions, deadline: Deadline): BootstrapDraws {
  const { one, two, data } = steps;
  const random = createRandom(options.seed, 'two-step');
  const runOf = ladder.last.map(({ run }) => run);
  const drawn = new Float64Array(ladder.runs);
  const used = Math.max(STEP_TWO.length + 1, ladder.last.length);
  const power = powerOfVariance((used / (used - STEP_TWO.length)) ** 2);
  const weights = new Float64Array(ladder.points.length);
  const thetas = new Float64Array(9 * options.bootstrap);
  let count = 0;
  let failed = 0;
  let stopped: string | null = null;
  for (let b = 0; b < options.bootstrap; b++) {
    if (deadline.expired()) {
      stopped = outOfTime(b, options.bootstrap);
      break;
    }
    exponentialWeights(random, drawn);
    const sample = { ...data, weight: Float64Array.from(runOf, (run) => drawn[run]!) };
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[ladder.run[i]!]! ** power;
    const first = refitSurface(sample, one, 'log-huber', options.delta ?? DEFAULT_DELTA, true, () =>
      deadline.expired(),
    );
    const second = solveAccuracy({ loss: ladder.loss, accuracy: ladder.accuracy, weights }, [
      two.theta[2]!,
      two.theta[3]!,
    ]);
    const s = toSurface(one.map, first.z);
    if (!first.converged && deadline.expired()) {
      stopped = outOfTime(b, options.bootstrap);
      break;
    }
    if (!first.converged || second === null || !Object.values(s).every(Number.isFinite)) {
      failed++;
      continue;
    }
    thetas.set(logTheta(s), 9 * count);
    thetas.set(second.theta, 9 * count + 5);
    count++;
  }
  return { thetas, count, failed, requested: options.bootstrap, method: 'run', stopped };
}

/** Block-diagonal covariance of (step 1, step 2); step 2's is inflated by rows per run. */
function chainCovariance(ladder: Ladder, steps: Steps): Covariance | null {
  const { one, two, data } = steps;
  const n = data.n;
  const jacobian = new Float64Array(5 * n);
  const theta = logTheta(one.surface);
  let rss = 0;
  for (let i = 0; i < n; i++) {
    const lnN = data.u[i]! + data.meanLnN;
    const lnD = data.v[i]! + data.meanLnD;
    const tA = Math.exp(theta[1]! - theta[3]! * lnN);
    const tB = Math.exp(theta[2]! - theta[4]! * lnD);
    const s = one.surface.E + tA + tB;
    [one.surface.E, tA, tB, -tA * lnN, -tB * lnD].forEach((slope, j) => {
      jacobian[j * n + i] = slope / s;
    });
    rss += (data.lnY[i]! - Math.log(s)) ** 2;
  }
  const free = STEP_ONE.flatMap((name, j) => (one.atBound.includes(name) ? [] : [j]));
  const first = covariance(jacobian, n, 5, rss, null, free, 5);
  const m = ladder.points.length;
  const steep = new Float64Array(4 * m);
  const slope = new Float64Array(4);
  for (let i = 0; i < m; i++) {
    accuracyGradient(two.theta, ladder.loss[i]!, slope);
    for (let j = 0; j < 4; j++) steep[j * m + i] = slope[j]!;
  }
  const second = covariance(
    steep,
    m,
    4,
    two.rss,
    null,
    STEP_TWO.flatMap((name, j) => (two.atBound.includes(name) ? [] : [j])),
    4,
  );
  if (first === null || second === null) return null;
  const inflate = m / Math.max(1, ladder.last.length);
  const values = new Float64Array(81);
  for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) values[i * 9 + j] = first.values[i * 5 + j]!;
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) values[(i + 5) * 9 + j + 5] = inflate * second.values[i * 4 + j]!;
  }
  return {
    size: 9,
    values,
    s: second.s,
    df: first.df,
    condition: Math.max(first.condition, second.condition),
    free: [...first.free, ...second.free.map((j) => j + 5)],
    rank: first.rank + second.rank,
  };
}

/** Residual deviation in the units of y. */
function scaled(matrix: Covariance, unit: number): Covariance {
  return { ...matrix, s: matrix.s * unit };
}

/** Median over runs of the relative deviation of the last checkpoints: tasks where it is large are badly predicted. */
function noise(ladder: Ladder): Readonly<Record<string, number | null>> {
  const byRun = new Map<number, number[]>();
  for (let i = 0; i < ladder.points.length; i++) {
    const known = byRun.get(ladder.run[i]!);
    if (known === undefined) byRun.set(ladder.run[i]!, [i]);
    else known.push(i);
  }
  const relative = (values: Float64Array): number | null => {
    const spreads: number[] = [];
    for (const rows of byRun.values()) {
      const tail = rows.slice(-NOISE_ROWS);
      if (tail.length < NOISE_ROWS) continue;
      const mean = tail.reduce((sum, i) => sum + values[i]! / tail.length, 0);
      const square = tail.reduce((sum, i) => sum + (values[i]! - mean) ** 2 / (tail.length - 1), 0);
      if (mean > 0) spreads.push(Math.sqrt(square) / mean);
    }
    return spreads.length === 0 ? null : median(spreads);
  };
  return { checkpoints: NOISE_ROWS, loss: relative(ladder.loss), accuracy: relative(ladder.accuracy) };
}
