/**
 * The law of Hoffmann et al. 2022 (arXiv 2203.15556), Approach 3: L(N, D) = E + A N^-alpha + B D^-beta, fitted with a robust
 * loss on ln L by default. Where the published protocol tries 4,500 starts, the start here is variable projection (no start
 * needed) followed by Newton's method in centred logarithms through narrowing switch points, which ends at the same optimum or below.
 */
import { err, ok, type Result } from '../result.ts';
import { type Deadline, startDeadline } from '../stats/deadline.ts';
import { DEFAULT_DELTA, isLogObjective } from '../stats/robust.ts';
import type { Point } from '../study/study.ts';
import { allocationReport } from './chinchilla-allocation.ts';
import { bootstrapSurface } from './chinchilla-bootstrap.ts';
import { bestSurfaceFit, objectivesTable, type SurfaceFit, type SurfaceObjective } from './chinchilla-fit.ts';
import { paramsOf, type SurfacePoints, surfacePoints, tokensOf } from './chinchilla-points.ts';
import {
  SURFACE_PARAMETERS,
  type Surface,
  type SurfaceConstraints,
  type SurfaceParameter,
  surfaceLoss,
  surfaceMap,
} from './chinchilla-surface.ts';
import { thin } from './chinchilla-vpnls.ts';
import { fitEnvelope } from './envelope.ts';
import { buildFittedLaw, type FittedParameter } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import { deltaRefusal } from './prepare.ts';
import { runsRepeat, withBootstrapErrors } from './resampling.ts';

/** Objective of the published protocol. */
const DEFAULT_OBJECTIVE: SurfaceObjective = 'log-huber';
/** Beyond this many points the table of objectives is computed on an even selection of them. */
const TABLE_POINTS = 5000;

const UNITS: Readonly<Record<SurfaceParameter, readonly [string, string]>> = {
  E: ['loss', 'irreducible loss'],
  A: ['loss·params^alpha', 'coefficient of the model-size term'],
  B: ['loss·tokens^beta', 'coefficient of the data term'],
  alpha: ['1', 'exponent of model size'],
  beta: ['1', 'exponent of training tokens'],
};

export const chinchilla: Law = {
  id: 'chinchilla',
  title: 'Chinchilla surface in model size and data',
  formula: 'L(N, D) = E + A N^-alpha + B D^-beta',
  source: 'Hoffmann et al. 2022, arXiv 2203.15556, Approach 3; Besiroglu et al. 2024, arXiv 2404.10102',
  parameters: SURFACE_PARAMETERS.map((name) => ({ name, unit: UNITS[name][0], meaning: UNITS[name][1] })),
  needs: ['params', 'tokens'],
  monotone: true,
  baseline: false,
  minPoints: 6,
  fit: fitChinchilla,
};

function fitChinchilla(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  const constraints = readConstraints(options);
  if (typeof constraints === 'string') return err({ code: 'fit.unsupported', message: constraints });
  const read = surfacePoints(input, options.weights === 'stderr', options.objective ?? DEFAULT_OBJECTIVE);
  const { data } = read;
  const map = surfaceMap(constraints, data.meanLnN, data.meanLnD);
  if (typeof map === 'string') return err({ code: 'fit.unsupported', message: map });
  const refusal = checkIdentified(read, map.k, constraints);
  if (refusal !== null) return err(refusal);

  const objective = options.objective ?? DEFAULT_OBJECTIVE;
  const delta = options.delta ?? DEFAULT_DELTA;
  const unusable = deltaRefusal(options.delta);
  if (unusable !== null) return err(unusable);
  const best = bestSurfaceFit(data, map, objective, delta, () => deadline.expired(), nearSurface(options.near));
  if (best === null) {
    return err(
      deadline.expired()
        ? { code: 'fit.timeout', message: 'The time budget ended before a first fit of E + A N^-alpha + B D^-beta.' }
        : {
            code: 'fit.ill-determined',
            message:
              'No positive combination of the three terms describes these losses; check the columns for N, D and loss.',
          },
    );
  }
  return ok(report(input, options, read, best, constraints, { objective, delta, deadline }));
}

interface Settings {
  readonly objective: SurfaceObjective;
  readonly delta: number;
  readonly deadline: Deadline;
}

function report(
  input: FitInput,
  options: FitOptions,
  read: SurfacePoints,
  best: SurfaceFit,
  constraints: SurfaceConstraints,
  settings: Settings,
): FittedLaw {
  const { points, data } = read;
  const { objective, delta, deadline } = settings;
  const theta = logTheta(best.surface);
  const notes = [...read.notes, ...best.notes];
  const logScale = isLogObjective(objective, true);

  const outliers = residualOutliers(points, best.surface, logScale);
  if (outliers.length > 0) {
    notes.push(
      `${outliers.length} point${outliers.length === 1 ? ' lies' : 's lie'} more than 6 robust deviations off the surface; a few such points can move tokens per parameter tenfold under squared objectives.`,
    );
  }
  const reduced = data.n > TABLE_POINTS;
  const table =
    options.pointOnly === true || deadline.expired()
      ? []
      : objectivesTable(data, best, settings.objective, delta, TABLE_POINTS, () => deadline.expired());
  if (reduced && table.length > 0)
    notes.push(`The table of objectives was computed on ${TABLE_POINTS} evenly chosen points.`);

  if (deadline.expired())
    notes.push(
      best.converged
        ? 'The time budget ended after the fit: what is computed beside it is left out.'
        : 'The time budget ended before the fit converged.',
    );

  // Quick point fits do without the envelope: it costs more than they do.
  const envelope =
    options.bootstrap > 0 && !deadline.expired() ? fitEnvelope(thin(data, 1000), () => deadline.expired()) : null;
  const draws =
    options.bootstrap > 0
      ? bootstrapSurface({
          data,
          points,
          best,
          objective,
          delta,
          method: options.resample ?? (runsRepeat(points) ? 'run' : 'case'),
          resamples: options.bootstrap,
          seed: options.seed,
          stream: 'chinchilla',
          deadline,
        })
      : null;
  const surfaces = draws === null ? [] : drawnSurfaces(draws.thetas, draws.count);
  const allocation = allocationReport(
    best.surface,
    surfaces,
    points,
    read,
    options.level,
    draws?.method ?? 'case',
    table,
  );
  notes.push(...allocation.notes);

  const scale = input.series.scale;
  const parameters = SURFACE_PARAMETERS.map((name): FittedParameter => {
    const tied = constraints.ties.find(([, second]) => second === name);
    return {
      name,
      transform: name === 'alpha' || name === 'beta' ? 'identity' : 'log',
      ...(best.map.coordinate[name] < 0 && !best.atBound.includes(name) ? { fixed: true } : {}),
      ...(best.atBound.includes(name) ? { atBound: true } : {}),
      ...(tied !== undefined && best.map.coordinate[name] >= 0 ? { tiedTo: tied[0] } : {}),
    };
  });
  const fitted = buildFittedLaw({
    law: 'chinchilla',
    parameters,
    theta,
    predict: (t, at) => surfaceLoss(thetaSurface(t), paramsOf(at, scale), tokensOf(at, scale)),
    gradient: (t, at, out) => surfaceGradient(t, paramsOf(at, scale), tokensOf(at, scale), out),
    points,
    objective,
    delta,
    scale: logScale ? 'ln y' : 'y',
    criterionScale: 'ln y',
    weights: read.weights,
    freeParameters: best.freeParameters,
    bootstrap: draws,
    level: options.level,
    converged: best.converged,
    starts: best.starts,
    excluded: read.excluded,
    notes,
    extras: {
      conditionNumber: best.conditionNumber,
      vpnls: best.vpnls,
      outliers: outliers.slice(0, 100),
      objectives: table,
      ...(envelope === null
        ? {}
        : {
            lowerEnvelope: {
              label: 'biased low on purpose: predictions above a measured loss cost ten times those below',
              parameters: envelope.surface,
              objective: envelope.value,
            },
          }),
      ...allocation.extras,
      ...(objective === 'lad'
        ? { smoothing: 'Huber switch points 0.1 down to 1e-7 in ln L, then the exact vertex' }
        : {}),
    },
  });
  return withBootstrapErrors(
    fitted,
    draws,
    Object.fromEntries(SURFACE_PARAMETERS.map((name) => [name, (t: Float64Array) => thetaSurface(t)[name]])),
    SURFACE_PARAMETERS.length,
  );
}

/** A start given as parameters; null where one is unknown. */
function nearSurface(near: FitOptions['near']): Surface | null {
  const [E, A, B, alpha, beta] = SURFACE_PARAMETERS.map((name) => near?.[name] ?? Number.NaN) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return [E, A, B, alpha, beta].every(Number.isFinite) ? { E, A, B, alpha, beta } : null;
}

/** `--fix` and `--tie` in the surface's terms, or a sentence. */
function readConstraints(options: FitOptions): SurfaceConstraints | string {
  const known = (name: string): name is SurfaceParameter => (SURFACE_PARAMETERS as readonly string[]).includes(name);
  const fixed: Partial<Record<SurfaceParameter, number>> = {};
  for (const [name, value] of Object.entries(options.fix ?? {})) {
    if (!known(name)) return `chinchilla has no parameter ${name}; it has ${SURFACE_PARAMETERS.join(', ')}.`;
    fixed[name] = value;
  }
  const ties: [SurfaceParameter, SurfaceParameter][] = [];
  for (const [first, second] of options.tie ?? []) {
    const unknown = known(first) ? (known(second) ? null : second) : first;
    if (unknown !== null) return `chinchilla has no parameter ${unknown}; it has ${SURFACE_PARAMETERS.join(', ')}.`;
    ties.push([first as SurfaceParameter, second as SurfaceParameter]);
  }
  return { fixed, ties };
}

/** Refuses data that cannot identify the surface, saying what would. */
function checkIdentified(read: SurfacePoints, free: number, constraints: SurfaceConstraints): FitRefusal | null {
  const { data } = read;
  const n = data.n;
  if (n < free + 1) {
    return {
      code: 'fit.too-few',
      message: `${n} usable point${n === 1 ? '' : 's'} (loss, parameters and tokens all known and positive) for ${free} free parameters; at least ${free + 1} are needed.`,
    };
  }
  const distinct = (values: Float64Array): number => {
    const seen = new Set<number>();
    for (let i = 0; i < n && seen.size < 3; i++) seen.add(Math.round(values[i]! * 1e9));
    return seen.size;
  };
  const tied = constraints.ties.some((t) => t.includes('alpha') && t.includes('beta'));
  const needN = constraints.fixed.alpha === undefined || constraints.fixed.A === undefined;
  const needD = constraints.fixed.beta === undefined || constraints.fixed.B === undefined;
  if ((needN && distinct(data.u) < 2) || (needD && distinct(data.v) < 2)) {
    const which = distinct(data.u) < 2 ? 'model size' : 'token count';
    return {
      code: 'fit.ill-determined',
      message: `All points share one ${which}; at least two distinct model sizes and two distinct token counts are needed${tied ? ', tied exponents or not' : ''}.`,
    };
  }
  let suu = 0;
  let svv = 0;
  let suv = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    suu += data.u[i]! * data.u[i]!;
    svv += data.v[i]! * data.v[i]!;
    suv += data.u[i]! * data.v[i]!;
    low = Math.min(low, data.y[i]!);
    high = Math.max(high, data.y[i]!);
  }
  if (!(high - low > 1e-12 * high)) {
    return {
      code: 'data.degenerate-metric',
      message: 'The loss is the same in every row; there is no scaling to fit.',
    };
  }
  if (needN && needD && 1 - (suv * suv) / (suu * svv) < 1e-6) {
    return {
      code: 'fit.ill-determined',
      message:
        'Model size and tokens are collinear (every run has tokens ∝ params^p), so their effects cannot be told apart; add runs with another number of tokens per parameter, or fit one variable.',
    };
  }
  return null;
}

/** (lnE, lnA, lnB, alpha, beta) in the order of SURFACE_PARAMETERS. */
export function logTheta(s: Surface): Float64Array {
  return Float64Array.of(Math.log(s.E), Math.log(s.A), Math.log(s.B), s.alpha, s.beta);
}

/** The inverse of {@link logTheta}. */
export function thetaSurface(t: Float64Array): Surface {
  return { E: Math.exp(t[0]!), A: Math.exp(t[1]!), B: Math.exp(t[2]!), alpha: t[3]!, beta: t[4]! };
}

function drawnSurfaces(thetas: Float64Array, count: number): Surface[] {
  return Array.from({ length: count }, (_, b) => thetaSurface(thetas.subarray(b * 5, (b + 1) * 5)));
}

function surfaceGradient(t: Float64Array, params: number, tokens: number, out: Float64Array): void {
  const lnN = Math.log(params);
  const lnD = Math.log(tokens);
  const tA = Math.exp(t[1]! - t[3]! * lnN);
  const tB = Math.exp(t[2]! - t[4]! * lnD);
  out[0] = Math.exp(t[0]!);
  out[1] = tA;
  out[2] = tB;
  out[3] = -tA * lnN;
  out[4] = -tB * lnD;
}

/** Rows whose residual is more than 6 robust deviations from the median one. */
function residualOutliers(
  points: readonly Point[],
  surface: Surface,
  log: boolean,
): { readonly row: number; readonly residual: number; readonly deviations: number }[] {
  const residuals = Float64Array.from(points, (point) => {
    const fitted = surfaceLoss(surface, point.params ?? Number.NaN, point.tokens ?? Number.NaN);
    return log ? Math.log(point.y) - Math.log(fitted) : point.y - fitted;
  });
  const middle = (values: Float64Array): number => values.slice().sort()[values.length >> 1] ?? 0;
  const centre = middle(residuals);
  const mad = middle(residuals.map((r) => Math.abs(r - centre)));
  if (!(mad > 0)) return [];
  const found: { row: number; residual: number; deviations: number }[] = [];
  residuals.forEach((residual, i) => {
    const deviations = (0.6745 * (residual - centre)) / mad;
    if (Math.abs(deviations) > 6) found.push({ row: points[i]!.row, residual, deviations });
  });
  return found;
}
