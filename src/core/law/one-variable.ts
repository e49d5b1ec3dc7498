/**
 * The common fitting of laws in one variable: a law gives its formula with derivatives, its bounds and its starts as a
 * `CurveForm`; this room does the rest, from the refusals to the fitted law. All of them work in u = ln x.
 */
import { err, type Result } from '../result.ts';
import { bootstrapCurve } from '../stats/bootstrap.ts';
import { type Deadline, startDeadline } from '../stats/deadline.ts';
import type { Prior } from '../stats/levenberg-marquardt.ts';
import {
  type CurveOutcome,
  type CurveProblem,
  type CurveRefusal,
  fitNonlinear,
  isCurveRefusal,
  type ParameterSpec,
  type ReducedProblem,
  reduceProblem,
} from '../stats/nonlinear.ts';
import { profileInterval } from '../stats/profile.ts';
import { createRandom, type Random } from '../stats/random.ts';
import { SQUARED } from '../stats/robust.ts';
import { finite } from '../stats/summary.ts';
import type { StudySeries } from '../study/study.ts';
import { buildFittedLaw, type FittedParameter, meanOneWeights } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law, ObjectiveName, ParameterInfo } from './law.ts';
import { chooseResampling, type Prepared, preparePoints } from './prepare.ts';

/** What a law sees of the data when it chooses bounds and starts. */
export interface CurveData {
  /** ln x. */
  readonly u: Float64Array;
  readonly y: Float64Array;
  readonly minY: number;
  readonly maxY: number;
  readonly minU: number;
  readonly maxU: number;
  readonly scale: 'y' | 'ln y';
  /** Mean-1 weights or null. */
  readonly weights: Float64Array | null;
  readonly series: StudySeries;
  /** For random starts; the same for every seed of the bootstrap. */
  readonly random: Random;
}

/** What the data fix before the fit: bounds, held values, penalties, and anything to say. */
export interface CurveSetup {
  readonly parameters: readonly ParameterSpec[];
  readonly priors?: readonly Prior[];
  readonly notes?: readonly string[];
}

export interface CurveForm {
  readonly id: string;
  readonly title: string;
  readonly formula: string;
  readonly source: string;
  readonly parameters: readonly ParameterInfo[];
  readonly monotone: boolean;
  /** Parameters that are free by default. */
  readonly free: number;
  readonly objective?: ObjectiveName;
  /** Fewest distinct x; default 4. */
  readonly minDistinctX?: number;
  setup(data: CurveData, options: FitOptions): Result<CurveSetup, FitRefusal>;
  /**
   * Predictions at all u = ln x and, unless null, their derivatives with respect to theta (parameters in their
   * transforms), column-major. The inner loop of every refit: one call for all points, nothing allocated.
   */
  evaluate(theta: Float64Array, u: Float64Array, values: Float64Array, jacobian: Float64Array | null): void;
  /** Starting points, best guesses first. */
  starts(data: CurveData, setup: CurveSetup): readonly Float64Array[];
  /** How many starts are iterated, and how many to the end. Default 6 and 2. */
  readonly effort?: { readonly explore: number; readonly exploreIterations: number; readonly finish: number };
  /** Law-specific remarks and fields of the record. */
  remarks?(
    theta: Float64Array,
    data: CurveData,
    setup: CurveSetup,
  ): { readonly notes: readonly string[]; readonly extras?: Readonly<Record<string, unknown>> };
  /** Parameters people quote, for which a profile-likelihood interval is given beside the others. */
  readonly profiled?: readonly string[];
}

/** Points beyond which starts are tried on a thinned sample before the full fit. */
const THIN_ABOVE = 4096;
/** Points of the thinned sample. */
const THINNED = 1024;
/** Where the start is known to be good. */
const FROM_ONE_START = { explore: 1, exploreIterations: 100, finish: 1 } as const;

/** A law from its form. */
export function oneVariableLaw(form: CurveForm): Law {
  return {
    id: form.id,
    title: form.title,
    formula: form.formula,
    source: form.source,
    parameters: form.parameters,
    needs: ['x'],
    monotone: form.monotone,
    baseline: false,
    minPoints: Math.max(form.free + 1, form.minDistinctX ?? 4),
    fit: (input, options) => fitForm(form, input, options),
  };
}

function fitForm(form: CurveForm, input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const deadline = startDeadline(options.timeBudget, options.signal);
  const held = Object.keys(options.fix ?? {}).length + (options.tie?.length ?? 0);
  const prepared = preparePoints(input, options, {
    ...(form.objective === undefined ? {} : { objective: form.objective }),
    positiveX: true,
    minPoints: Math.max(2, form.free + 1 - held),
    minDistinctX: form.minDistinctX ?? 4,
    refuseDegenerate: true,
    title: form.title,
  });
  if (!prepared.ok) return prepared;
  const data = curveData(form, prepared.value, input.series);
  const setup = form.setup(data, options);
  if (!setup.ok) return setup;
  const specs = applyFix(setup.value.parameters, options);
  if (!specs.ok) return specs;
  const problem = curveProblem(form, data, prepared.value, specs.value, setup.value.priors ?? [], options);
  const reduced = reduceProblem(problem);
  if (isCurveRefusal(reduced)) return err(refusalOf(reduced, form.title));
  if (prepared.value.points.length <= reduced.free)
    return err({
      code: 'fit.too-few',
      message: `${form.title} has ${reduced.free} free parameters and needs at least ${reduced.free + 1} points; there are ${prepared.value.points.length}.`,
    });
  const outcome = search(form, data, setup.value, problem, reduced, prepared.value, specs.value, options, deadline);
  if (outcome === null)
    return err(
      deadline.expired()
        ? { code: 'fit.timeout', message: `${form.title} found no fit within the time budget.` }
        : { code: 'fit.ill-determined', message: `${form.title} has no finite value at any start on these points.` },
    );

  const resampling = chooseResampling(prepared.value.points, options.resample);
  const draws =
    options.bootstrap > 0 && reduced.free > 0
      ? bootstrapCurve(problem, reduced, outcome, {
          count: options.bootstrap,
          method: resampling.method,
          groups: resampling.groups,
          random: createRandom(options.seed, `${input.series.id}/${form.id}`),
          deadline,
          alternatives: outcome.rival === null ? [] : [outcome.rival],
        })
      : null;

  const remarks = form.remarks?.(outcome.theta, data, setup.value);
  const place = new Float64Array(1);
  const prediction = new Float64Array(1);
  const parameters = fittedParameters(specs.value, reduced, outcome);
  const fitted = buildFittedLaw({
    law: form.id,
    parameters,
    theta: outcome.theta,
    predict: (theta, at) => {
      if (!(at.x > 0)) return Number.NaN;
      place[0] = Math.log(at.x);
      form.evaluate(theta, place, prediction, null);
      return prediction[0] as number;
    },
    gradient: (theta, at, out) => {
      place[0] = Math.log(at.x);
      form.evaluate(theta, place, prediction, out);
    },
    points: prepared.value.points,
    objective: prepared.value.objective,
    delta: prepared.value.loss.kind === 'huber' ? prepared.value.loss.delta : null,
    scale: prepared.value.scale,
    criterionScale: input.series.isLoss ? 'ln y' : 'y',
    weights: prepared.value.weights,
    freeParameters: reduced.free,
    bootstrap: draws,
    level: options.level,
    converged: outcome.converged,
    starts: { tried: outcome.tried, atOptimum: outcome.atOptimum },
    excluded: prepared.value.excluded,
    notes: [
      ...prepared.value.notes,
      ...(setup.value.notes ?? []),
      ...outcomeNotes(outcome, specs.value),
      ...(draws !== null && resampling.note !== null ? [resampling.note] : []),
      ...(remarks?.notes ?? []),
    ],
    extras: {
      ...remarks?.extras,
      ...(options.pointOnly === true ? {} : profiles(form, problem, reduced, outcome, options, deadline)),
    },
  });
  return { ok: true, value: fitted };
}

/** Profile-likelihood intervals of the quoted parameters, as `profile` beside the fit; squared objectives only. */
function profiles(
  form: CurveForm,
  problem: CurveProblem,
  reduced: ReducedProblem,
  outcome: CurveOutcome,
  options: FitOptions,
  deadline: Deadline,
): { readonly profile?: Readonly<Record<string, unknown>> } {
  if (form.profiled === undefined || problem.loss.kind !== 'squared' || problem.y.length > THIN_ABOVE) return {};
  const squared = reduced.with(reduced.target, problem.weights, SQUARED);
  const optimum = reduced.reduce(outcome.theta);
  const found: Record<string, unknown> = {};
  for (const name of form.profiled) {
    const j = problem.parameters.findIndex((spec) => spec.name === name);
    const column = reduced.column[j] ?? -1;
    if (column < 0 || deadline.expired()) continue;
    const spec = problem.parameters[j] as ParameterSpec;
    const at = optimum[column] as number;
    const interval = profileInterval(squared, optimum, column, 0.02 * Math.abs(at) + 1e-3, options.level);
    if (interval === null) continue;
    const natural = (value: number): number => (spec.transform === 'log' ? Math.exp(value) : value);
    found[name] = {
      // Where the fit never gets worse on a side there is no limit to state.
      low:
        interval.openLow && !(interval.low <= (squared.lower[column] as number)) ? null : finite(natural(interval.low)),
      high: interval.openHigh ? null : finite(natural(interval.high)),
      level: options.level,
      method: 'profile likelihood',
    };
  }
  return { profile: found };
}

function curveData(form: CurveForm, prepared: Prepared, series: StudySeries): CurveData {
  const u = Float64Array.from(prepared.points, (point) => Math.log(point.x));
  const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    u,
    y: prepared.y,
    minY: least(prepared.y),
    maxY: most(prepared.y),
    minU: least(u),
    maxU: most(u),
    scale: prepared.scale,
    weights: meanOneWeights(prepared.weights, u.length),
    series,
    random: createRandom(20250607, form.id),
  };
}

/** Puts the values that the user holds into the parameters. */
export function applyFix(
  specs: readonly ParameterSpec[],
  options: FitOptions,
): Result<readonly ParameterSpec[], FitRefusal> {
  const fix = options.fix ?? {};
  for (const [name, value] of Object.entries(fix)) {
    if (!specs.some((spec) => spec.name === name))
      return err({
        code: 'fit.unsupported',
        message: `There is no parameter ${name} to hold; there are ${specs.map((spec) => spec.name).join(', ')}.`,
      });
    if (!Number.isFinite(value))
      return err({ code: 'fit.unsupported', message: `${name} cannot be held at ${value}.` });
  }
  return {
    ok: true,
    value: specs.map((spec) => (fix[spec.name] === undefined ? spec : { ...spec, fixed: fix[spec.name] as number })),
  };
}

function curveProblem(
  form: CurveForm,
  data: CurveData,
  prepared: Prepared,
  parameters: readonly ParameterSpec[],
  priors: readonly Prior[],
  options: FitOptions,
): CurveProblem {
  return {
    parameters,
    ties: options.tie ?? [],
    y: data.y,
    evaluate: (theta, values, jacobian) => {
      form.evaluate(theta, data.u, values, jacobian);
      for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i] as number) < 1e300)) return false;
      return true;
    },
    scale: prepared.scale,
    loss: prepared.loss,
    weights: data.weights,
    priors,
  };
}

function search(
  form: CurveForm,
  data: CurveData,
  setup: CurveSetup,
  problem: CurveProblem,
  reduced: ReducedProblem,
  prepared: Prepared,
  specs: readonly ParameterSpec[],
  options: FitOptions,
  deadline: Deadline,
): CurveOutcome | null {
  const near = options.near === undefined ? null : nearTheta(specs, options.near);
  if (near !== null) return fitNonlinear(problem, reduced, { starts: [near], ...FROM_ONE_START, lm: {}, deadline });
  const effort = form.effort ?? { explore: 6, exploreIterations: 12, finish: 2 };
  if (data.u.length <= THIN_ABOVE)
    return fitNonlinear(problem, reduced, { starts: form.starts(data, setup), ...effort, lm: {}, deadline });
  // Starts are searched on a sample spread evenly over the file order of x; the full data then decide.
  const pick = Int32Array.from({ length: THINNED }, (_, i) => Math.floor(((i + 0.5) * data.u.length) / THINNED));
  const thin: CurveData = {
    ...data,
    u: Float64Array.from(pick, (i) => data.u[i] as number),
    y: Float64Array.from(pick, (i) => data.y[i] as number),
    weights: data.weights === null ? null : Float64Array.from(pick, (i) => data.weights?.[i] ?? 1),
  };
  const thinProblem = curveProblem(form, thin, prepared, specs, setup.priors ?? [], options);
  const thinReduced = reduceProblem(thinProblem);
  if (isCurveRefusal(thinReduced)) return null;
  const first = fitNonlinear(thinProblem, thinReduced, {
    starts: form.starts(thin, setup),
    ...effort,
    lm: {},
    deadline,
  });
  if (first === null) return null;
  const full = fitNonlinear(problem, reduced, {
    starts: [first.theta],
    ...FROM_ONE_START,
    lm: {},
    deadline,
  });
  return full === null ? null : { ...full, tried: first.tried, atOptimum: first.atOptimum, rival: first.rival };
}

/** A start at known parameters, in their transforms; null where one of them is not known or has no logarithm. */
function nearTheta(specs: readonly ParameterSpec[], near: NonNullable<FitOptions['near']>): Float64Array | null {
  const theta = Float64Array.from(specs, ({ name, transform }) => {
    const value = near[name] ?? Number.NaN;
    return transform === 'log' ? Math.log(value) : value;
  });
  return theta.every(Number.isFinite) ? theta : null;
}

/** Parameters as the report wants them: which were held, tied, or ended on a bound. */
export function fittedParameters(
  specs: readonly ParameterSpec[],
  reduced: ReducedProblem,
  outcome: CurveOutcome,
): FittedParameter[] {
  return specs.map((spec, j) => {
    const head = reduced.follows[j] as number;
    return {
      name: spec.name,
      transform: spec.transform,
      ...((reduced.column[j] as number) < 0 ? { fixed: true } : {}),
      ...(outcome.atBound.includes(j) ? { atBound: true } : {}),
      ...(head >= 0 ? { tiedTo: (specs[head] as ParameterSpec).name } : {}),
    };
  });
}

/** What the optimiser itself has to say. */
export function outcomeNotes(outcome: CurveOutcome, specs: readonly ParameterSpec[]): string[] {
  const notes: string[] = [];
  for (const j of outcome.atBound) {
    const spec = specs[j] as ParameterSpec;
    const value = spec.transform === 'log' ? Math.exp(outcome.theta[j] as number) : (outcome.theta[j] as number);
    notes.push(`${spec.name} ended on its bound (${Number(value.toPrecision(6))}): the data do not determine it.`);
  }
  if (outcome.rival !== null)
    notes.push('Poorly determined: a clearly different set of parameters fits within 1 % as well.');
  if (outcome.timedOut) notes.push('The time budget ended before the fit converged.');
  else if (!outcome.converged) notes.push('The optimiser did not converge.');
  return notes;
}

/** The engine's refusal in the words of the report. */
export function refusalOf(refusal: CurveRefusal, title: string): FitRefusal {
  if (refusal.kind === 'unknown-parameter')
    return { code: 'fit.unsupported', message: `${title} has no parameter ${refusal.name}.` };
  if (refusal.kind === 'bad-value') return { code: 'fit.unsupported', message: `${refusal.why}.` };
  return {
    code: 'fit.unsupported',
    message: `${refusal.names[0]} and ${refusal.names[1]} cannot be tied: ${refusal.why}.`,
  };
}
