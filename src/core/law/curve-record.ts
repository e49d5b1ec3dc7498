/**
 * Between the fitting engine and the report, for laws that are curves (one-variable.ts) and formulas (custom.ts): the
 * user's held values on the way in, and on the way out refits, remarks, refusals and the fields of the record.
 */
import { err, type Result } from '../result.ts';
import { bootstrapCurve, type Draws } from '../stats/bootstrap.ts';
import type { Deadline } from '../stats/deadline.ts';
import type { CurveOutcome, CurveProblem, CurveRefusal, ParameterSpec, ReducedProblem } from '../stats/nonlinear.ts';
import { createRandom } from '../stats/random.ts';
import type { Point, StudySeries } from '../study/study.ts';
import type { FittedLawInput, FittedParameter } from './fit-report.ts';
import type { FitOptions, FitRefusal } from './law.ts';
import type { Reduction } from './point-passes.ts';
import { chooseResampling, type Prepared } from './prepare.ts';

/**
 * Refits of resampled points as the options ask, with what is to be said of the resampling.
 *
 * @param summary the same curve by the weighted means of so many points that their errors are normal: residuals are drawn
 *   for these
 */
export function resampleCurve(
  seriesId: string,
  law: string,
  points: readonly Point[],
  problem: CurveProblem,
  reduced: ReducedProblem,
  outcome: CurveOutcome,
  options: FitOptions,
  deadline: Deadline,
  summary: Reduction | null = null,
): { readonly draws: Draws | null; readonly notes: readonly string[] } {
  if (options.bootstrap <= 0 || reduced.free === 0) return { draws: null, notes: [] };
  const resampling = chooseResampling(points, options.resample);
  const means = resampling.method === 'residual' ? summary : null;
  const draws = bootstrapCurve(means?.problem ?? problem, means?.reduced ?? reduced, outcome, {
    count: options.bootstrap,
    method: resampling.method,
    groups: resampling.groups,
    random: createRandom(options.seed, `${seriesId}/${law}`),
    ...(means === null ? {} : { deviation: Math.sqrt(outcome.cost / (points.length - outcome.free)) }),
    deadline,
    alternatives: outcome.rival === null ? [] : [outcome.rival],
  });
  return { draws, notes: resampling.note === null ? [] : [resampling.note] };
}

/** What the record of a fit takes straight from the engine. */
export function engineRecord(
  series: StudySeries,
  prepared: Prepared,
  reduced: ReducedProblem,
  outcome: CurveOutcome,
  draws: Draws | null,
  options: FitOptions,
): Pick<
  FittedLawInput,
  | 'points'
  | 'objective'
  | 'delta'
  | 'scale'
  | 'criterionScale'
  | 'weights'
  | 'freeParameters'
  | 'bootstrap'
  | 'level'
  | 'converged'
  | 'starts'
> {
  return {
    points: prepared.points,
    objective: prepared.objective,
    delta: prepared.loss.kind === 'huber' ? prepared.loss.delta : null,
    scale: prepared.scale,
    criterionScale: series.isLoss ? 'ln y' : 'y',
    weights: prepared.weights,
    freeParameters: reduced.free,
    bootstrap: draws,
    level: options.level,
    converged: outcome.converged,
    starts: { tried: outcome.tried, atOptimum: outcome.atOptimum },
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
