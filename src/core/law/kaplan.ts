/**
 * The joint law of Kaplan et al. 2020 (arXiv 2001.08361, eq. 1.5): L(N, D) = ((Nc/N)^(aN/aD) + Dc/D)^aD. No irreducible loss, so
 * it is the pessimist's rival of the Chinchilla surface; its optimal allocation has no closed form and is found numerically.
 */
import { err, ok, type Result } from '../result.ts';
import { minimizeBfgs, type ObjectiveWithGradient } from '../stats/bfgs.ts';
import { startDeadline } from '../stats/deadline.ts';
import { DEFAULT_DELTA, isLogObjective } from '../stats/robust.ts';
import { brent } from '../stats/scan.ts';
import { type Allocation, FLOP_PER_PARAMETER_TOKEN } from './allocation.ts';
import { paramsOf, type SurfacePoints, surfacePoints, tokensOf } from './chinchilla-points.ts';
import { huberStages } from './chinchilla-robust.ts';
import type { SurfaceData } from './chinchilla-surface.ts';
import { thin, typical } from './chinchilla-vpnls.ts';
import { type BootstrapDraws, buildFittedLaw } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law, ObjectiveName } from './law.ts';
import { deltaRefusal } from './prepare.ts';
import { defaultResampling, resampleFits, withBootstrapErrors } from './resampling.ts';

const NAMES = ['Nc', 'Dc', 'aN', 'aD'] as const;
const COMPETITION_POINTS = 2000;

export const kaplan: Law = {
  id: 'kaplan',
  title: 'Kaplan law in model size and data',
  formula: 'L(N, D) = ((Nc/N)^(aN/aD) + Dc/D)^aD',
  source: 'Kaplan et al. 2020, arXiv 2001.08361, eq. 1.5',
  parameters: [
    { name: 'Nc', unit: 'params', meaning: 'size at which the loss would be 1 with endless data' },
    { name: 'Dc', unit: 'tokens', meaning: 'tokens at which the loss would be 1 with an endless model' },
    { name: 'aN', unit: '1', meaning: 'exponent of model size' },
    { name: 'aD', unit: '1', meaning: 'exponent of training tokens' },
  ],
  needs: ['params', 'tokens'],
  monotone: true,
  baseline: false,
  minPoints: 5,
  fit: fitKaplan,
};

/** ln L of (lnNc, lnDc, aN, aD) at lnN, lnD, by a log-sum-exp that cannot overflow. */
function lnLoss(theta: Float64Array, lnN: number, lnD: number): number {
  const p = (theta[2]! / theta[3]!) * (theta[0]! - lnN);
  const q = theta[1]! - lnD;
  const most = Math.max(p, q);
  return theta[3]! * (most + Math.log1p(Math.exp(-Math.abs(p - q))));
}

/** Loss at N parameters and D tokens; theta = (lnNc, lnDc, aN, aD). */
export function kaplanLoss(theta: Float64Array, params: number, tokens: number): number {
  return Math.exp(lnLoss(theta, Math.log(params), Math.log(tokens)));
}

/** N, D and loss that are best for a compute budget under C = 6ND, by search over ln N; null where there is no interior best. */
export function kaplanAllocation(theta: Float64Array, compute: number): Allocation | null {
  const lnTotal = Math.log(compute / FLOP_PER_PARAMETER_TOKEN);
  if (!(theta[2]! > 0) || !(theta[3]! > 0) || !Number.isFinite(lnTotal)) return null;
  const cost = (lnN: number): number => lnLoss(theta, lnN, lnTotal - lnN);
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  const steps = 200;
  for (let i = 0; i <= steps; i++) {
    const value = cost((lnTotal * i) / steps);
    if (value < least) {
      least = value;
      best = i;
    }
  }
  if (best <= 0 || best >= steps) return null;
  const at = brent(cost, (lnTotal * (best - 1)) / steps, (lnTotal * best) / steps, (lnTotal * (best + 1)) / steps);
  const paramsOpt = Math.exp(at.x);
  const tokensOpt = Math.exp(lnTotal - at.x);
  return { compute, paramsOpt, tokensOpt, tokensPerParam: tokensOpt / paramsOpt, loss: Math.exp(at.value) };
}

interface KaplanLoss {
  readonly log: boolean;
  readonly squared: boolean;
  readonly delta: number;
}

/** Σ w rho(r) / divisor over free places of (qN, qD, aN, aD), q = ln constant - mean; exact gradient. */
function kaplanObjective(
  data: SurfaceData,
  held: readonly (number | null)[],
  free: readonly number[],
  loss: KaplanLoss,
  divisor: number,
): ObjectiveWithGradient {
  const theta = new Float64Array(4);
  const slope = new Float64Array(4);
  return (z, gradient) => {
    held.forEach((value, j) => {
      theta[j] = value ?? 0;
    });
    free.forEach((j, f) => {
      theta[j] = z[f]!;
    });
    const [qN = 0, qD = 0, aN = 0, aD = 0] = theta;
    if (!(aD > 1e-4)) return Number.POSITIVE_INFINITY;
    slope.fill(0);
    let value = 0;
    for (let i = 0; i < data.n; i++) {
      const p = (aN / aD) * (qN - data.u[i]!);
      const q = qD - data.v[i]!;
      const e = Math.exp(-Math.abs(p - q));
      const lse = Math.max(p, q) + Math.log1p(e);
      const shareN = p > q ? 1 / (1 + e) : e / (1 + e);
      const ln = aD * lse;
      if (ln > 700) return Number.POSITIVE_INFINITY;
      const fitted = loss.log ? ln : Math.exp(ln);
      const r = (loss.log ? data.lnY[i]! : data.y[i]!) - fitted;
      const w = data.weight[i]!;
      const size = Math.abs(r);
      let psi = 2 * r;
      if (loss.squared) value += w * r * r;
      else if (size <= loss.delta) {
        value += 0.5 * w * r * r;
        psi = r;
      } else {
        value += w * loss.delta * (size - loss.delta / 2);
        psi = Math.sign(r) * loss.delta;
      }
      const g = -w * psi * (loss.log ? 1 : fitted);
      slope[0]! += g * aN * shareN;
      slope[1]! += g * aD * (1 - shareN);
      slope[2]! += g * shareN * (qN - data.u[i]!);
      slope[3]! += g * (lse - shareN * p);
    }
    free.forEach((j, f) => {
      gradient[f] = slope[j]! / divisor;
    });
    return Number.isFinite(value) ? value / divisor : Number.POSITIVE_INFINITY;
  };
}

interface Solution {
  readonly z: Float64Array;
  readonly value: number;
  readonly converged: boolean;
}

function descend(
  data: SurfaceData,
  held: readonly (number | null)[],
  free: readonly number[],
  objective: ObjectiveName,
  delta: number,
  start: Float64Array,
  stop: () => boolean,
  coarse: boolean,
): Solution {
  const log = isLogObjective(objective, true);
  const squared = objective === 'squared' || objective === 'log-squared';
  const narrowest = objective === 'lad' ? 1e-6 : delta;
  const stages = squared
    ? [1]
    : objective === 'lad'
      ? [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6].filter((d) => coarse || d <= 1e-4)
      : coarse
        ? huberStages(narrowest)
        : [narrowest];
  let z = start;
  let value = Number.POSITIVE_INFINITY;
  let converged = false;
  for (const d of stages) {
    const divisor = squared ? Math.max(1e-12, data.n * 1e-4) : d;
    const end = minimizeBfgs(kaplanObjective(data, held, free, { log, squared, delta: d }, divisor), z, {
      stop,
      gradientTolerance: 1e-9,
      valueTolerance: 1e-14,
      maxIterations: 400,
    });
    if (!Number.isFinite(end.value)) break;
    z = end.x;
    value = end.value * divisor;
    converged = end.converged;
  }
  return { z, value, converged };
}

function fitKaplan(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  const stop = (): boolean => deadline.expired();
  const objective = options.objective ?? 'log-squared';
  const delta = options.delta ?? DEFAULT_DELTA;
  const unusable = optionsRefusal(options) ?? deltaRefusal(options.delta);
  if (unusable !== null) return err(unusable);
  const read = surfacePoints(input, options.weights === 'stderr', objective);
  const { data } = read;
  const held = NAMES.map((name, j): number | null => {
    const value = options.fix?.[name];
    if (value === undefined) return null;
    return j === 0 ? Math.log(value) - data.meanLnN : j === 1 ? Math.log(value) - data.meanLnD : value;
  });
  const free = NAMES.flatMap((_, j) => (held[j] === null ? [j] : []));
  const refusal = dataRefusal(data, free.length);
  if (refusal !== null) return err(refusal);
  const found = race(data, held, free, objective, delta, stop);
  if (found === null)
    return err({ code: 'fit.ill-determined', message: 'No start of the Kaplan law leads anywhere on these points.' });
  const natural = (z: Float64Array): Float64Array => {
    const q = Float64Array.from(held, (value) => value ?? 0);
    free.forEach((j, f) => {
      q[j] = z[f]!;
    });
    return Float64Array.of(q[0]! + data.meanLnN, q[1]! + data.meanLnD, q[2]!, q[3]!);
  };
  const theta = natural(found.best.z);
  const draws =
    options.bootstrap > 0
      ? resampleFits({
          points: read.points,
          method: options.resample ?? defaultResampling(read.points, free.length),
          resamples: options.bootstrap,
          seed: options.seed,
          stream: 'kaplan',
          deadline,
          size: 4,
          y: data.lnY,
          fitted: Float64Array.from(read.points, (p) => lnLoss(theta, Math.log(p.params!), Math.log(p.tokens!))),
          free: free.length,
          refit: ({ counts, y, distinct }) => {
            if (distinct <= free.length) return null;
            const sample = { ...data, lnY: y, y: y.map(Math.exp), weight: data.weight.map((w, i) => w * counts[i]!) };
            const end = descend(sample, held, free, objective, delta, found.best.z, stop, false);
            return end.converged ? natural(end.z) : null;
          },
        })
      : null;
  return ok(report(input, options, read, theta, held, found, draws));
}

/** What the user holds that this law cannot be held at. */
function optionsRefusal(options: FitOptions): FitRefusal | null {
  const unknown = Object.keys(options.fix ?? {}).find((name) => !(NAMES as readonly string[]).includes(name));
  if (unknown !== undefined || (options.tie ?? []).length > 0) {
    return {
      code: 'fit.unsupported',
      message: `kaplan can hold ${NAMES.join(', ')} (${unknown ?? 'ties'} not offered).`,
    };
  }
  return NAMES.some((name) => options.fix?.[name] !== undefined && !(options.fix[name] > 0))
    ? { code: 'fit.unsupported', message: 'Held parameters of kaplan must be positive.' }
    : null;
}

/** Why these points cannot identify the law, or null. */
function dataRefusal(data: SurfaceData, free: number): FitRefusal | null {
  if (data.n < free + 1) {
    return {
      code: 'fit.too-few',
      message: `${data.n} usable points for ${free} free parameters; at least ${free + 1} are needed.`,
    };
  }
  const varied = (values: Float64Array): boolean =>
    values.subarray(0, data.n).some((v) => Math.abs(v - values[0]!) > 1e-9);
  if (!varied(data.y)) return { code: 'data.degenerate-metric', message: 'The loss is the same in every row.' };
  return varied(data.u) && varied(data.v) && varied(data.u.map((u, i) => data.v[i]! - u))
    ? null
    : {
        code: 'fit.ill-determined',
        message: 'At least two model sizes, two token counts and two ratios of them are needed.',
      };
}

interface Found {
  readonly best: Solution;
  readonly starts: { readonly tried: number; readonly atOptimum: number };
}

/** Nine starts on a sample of the points, and the best of them on all. */
function race(
  data: SurfaceData,
  held: readonly (number | null)[],
  free: readonly number[],
  objective: ObjectiveName,
  delta: number,
  stop: () => boolean,
): Found | null {
  const some = thin(data, COMPETITION_POINTS);
  const lnMiddle = Math.log(typical(data));
  let best: Solution | null = null;
  const values: number[] = [];
  for (const aD of [0.05, 0.1, 0.25]) {
    for (const ratio of [0.5, 1, 1.6]) {
      if (best !== null && stop()) break;
      const qD = lnMiddle / aD - Math.LN2;
      const full = [qD / ratio, qD, ratio * aD, aD];
      const start = Float64Array.from(free, (j) => full[j]!);
      const end = descend(some, held, free, objective, delta, start, stop, true);
      if (!Number.isFinite(end.value)) continue;
      values.push(end.value);
      if (best === null || end.value < best.value) best = end;
    }
  }
  if (best === null) return null;
  const bar = best.value * (1 + 1e-6) + 1e-20;
  return {
    best: some === data ? best : descend(data, held, free, objective, delta, best.z, stop, false),
    starts: { tried: values.length, atOptimum: values.filter((v) => v <= bar).length },
  };
}

function report(
  input: FitInput,
  options: FitOptions,
  read: SurfacePoints,
  theta: Float64Array,
  held: readonly (number | null)[],
  { best, starts }: Found,
  draws: BootstrapDraws | null,
): FittedLaw {
  const { points } = read;
  const objective = options.objective ?? 'log-squared';
  let largest = 0;
  for (const p of points) largest = Math.max(largest, FLOP_PER_PARAMETER_TOKEN * p.params! * p.tokens!);
  const scale = input.series.scale;
  const law = buildFittedLaw({
    law: 'kaplan',
    parameters: NAMES.map((name, j) => ({
      name,
      transform: j < 2 ? 'log' : 'identity',
      ...(held[j] === null ? {} : { fixed: true }),
    })),
    theta,
    predict: (t, at) => kaplanLoss(t, paramsOf(at, scale), tokensOf(at, scale)),
    points,
    objective,
    delta: options.delta ?? null,
    scale: isLogObjective(objective, true) ? 'ln y' : 'y',
    criterionScale: 'ln y',
    weights: read.weights,
    freeParameters: held.filter((value) => value === null).length,
    bootstrap: draws,
    level: options.level,
    converged: best.converged,
    starts,
    excluded: read.excluded,
    notes: [
      ...read.notes,
      ...(theta[2]! > 0 ? [] : ['aN is not positive: the loss does not fall with model size here.']),
      'The law has no irreducible loss: extrapolations far below the fitted losses are too low.',
    ],
    extras: { allocation: [kaplanAllocation(theta, largest), kaplanAllocation(theta, 10 * largest)] },
  });
  return withBootstrapErrors(
    law,
    draws,
    Object.fromEntries(NAMES.map((name, j) => [name, (t: Float64Array) => (j < 2 ? Math.exp(t[j]!) : t[j]!)])),
    4,
  );
}
