/**
 * The common fitting of laws in one variable: a law gives its formula with derivatives, its bounds and its starts as a
 * `CurveForm`; this room does the rest, from the refusals to the fitted law. All of them work in u = ln x.
 */
import { err, type Result } from '../result.ts';
import { type Deadline, earlier, startDeadline } from '../stats/deadline.ts';
import type { Prior } from '../stats/levenberg-marquardt.ts';
import {
  type CurveOutcome,
  type CurveProblem,
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
import { applyFix, engineRecord, fittedParameters, outcomeNotes, refusalOf, resampleCurve } from './curve-record.ts';
import { buildFittedLaw, meanOneWeights } from './fit-report.ts';
import type { FitInput, FitOptions, FitRefusal, FittedLaw, Law, ObjectiveName, ParameterInfo } from './law.ts';
import { FROM_ONE_START, fitManyPoints, MANY_POINTS, type ManyPointsFit, type ManyPointsLaw } from './many-points.ts';
import { type Prepared, preparePoints } from './prepare.ts';

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
  const found = search(form, data, setup.value, problem, reduced, prepared.value, specs.value, options, deadline);
  if (found === null)
    return err(
      deadline.expired()
        ? { code: 'fit.timeout', message: `${form.title} found no fit within the time budget.` }
        : { code: 'fit.ill-determined', message: `${form.title} has no finite value at any start on these points.` },
    );

  const { outcome } = found;
  const draws = resampleCurve(
    input.series.id,
    form.id,
    prepared.value.points,
    problem,
    reduced,
    outcome,
    options,
    earlier(deadline, found.report),
    found.summary,
  );
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
    ...engineRecord(input.series, prepared.value, reduced, outcome, draws.draws, options),
    excluded: prepared.value.excluded,
    notes: [
      ...prepared.value.notes,
      ...(setup.value.notes ?? []),
      ...outcomeNotes(outcome, specs.value),
      ...draws.notes,
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
  if (form.profiled === undefined || problem.loss.kind !== 'squared' || problem.y.length > MANY_POINTS) return {};
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
): ManyPointsFit | null {
  const near = options.near === undefined ? null : nearTheta(specs, options.near);
  const alone = (starts: readonly Float64Array[], how: NonNullable<CurveForm['effort']>): ManyPointsFit | null => {
    const outcome = fitNonlinear(problem, reduced, { starts, ...how, lm: {}, deadline });
    return outcome === null ? null : { outcome, summary: null, report: 0 };
  };
  if (near !== null) return alone([near], FROM_ONE_START);
  const effort = form.effort ?? { explore: 6, exploreIterations: 12, finish: 2 };
  if (data.u.length <= MANY_POINTS) return alone(form.starts(data, setup), effort);
  const law: ManyPointsLaw = {
    effort,
    problem: (some) => curveProblem(form, some, prepared, specs, setup.priors ?? [], options),
    starts: (some) => form.starts(some, setup),
  };
  return fitManyPoints(law, data, { problem, reduced }, deadline);
}

/** A start at known parameters, in their transforms; null where one of them is not known or has no logarithm. */
function nearTheta(specs: readonly ParameterSpec[], near: NonNullable<FitOptions['near']>): Float64Array | null {
  const theta = Float64Array.from(specs, ({ name, transform }) => {
    const value = near[name] ?? Number.NaN;
    return transform === 'log' ? Math.log(value) : value;
  });
  return theta.every(Number.isFinite) ? theta : null;
}
