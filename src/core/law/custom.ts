/**
 * `custom`: a formula of the user's own, from the command line or scaling.yaml. Names that are columns or roles are
 * variables, the rest parameters; gradients are exact; the engine is the one that fits every other law.
 */
import { err, ok, type Result } from '../result.ts';
import { type Deadline, earlier, startDeadline } from '../stats/deadline.ts';
import { fitLinear } from '../stats/linear.ts';
import {
  type CurveOutcome,
  type CurveProblem,
  fitNonlinear,
  isCurveRefusal,
  type ParameterSpec,
  type ReducedProblem,
  reduceProblem,
} from '../stats/nonlinear.ts';
import { createRandom } from '../stats/random.ts';
import type { Point, Study } from '../study/study.ts';
import { applyFix, engineRecord, fittedParameters, outcomeNotes, refusalOf, resampleCurve } from './curve-record.ts';
import { compileExpression, createEvaluator, type Program } from './expression/compile.ts';
import { exactResiduals } from './expression/exact.ts';
import { namesOf, parseFormula } from './expression/parse.ts';
import { buildFittedLaw, meanOneWeights } from './fit-report.ts';
import type { At, CustomFormula, FitInput, FitOptions, FitRefusal, FittedLaw, Law } from './law.ts';
import {
  ENOUGH_FOR_MANY,
  FROM_ONE_START,
  MANY_POINTS,
  passTime,
  REPORT_PASSES,
  SAMPLED,
  spreadEvenly,
} from './many-points.ts';
import { preparePoints } from './prepare.ts';

/** Where the variables of a formula come from: letters of the field and roles of columns. */
const QUANTITIES: Readonly<Record<string, (point: At) => number | null | undefined>> = {
  x: (point) => point.x,
  N: (point) => point.params,
  D: (point) => point.tokens,
  C: (point) => point.compute,
  L: (point) => point.loss,
  params: (point) => point.params,
  tokens: (point) => point.tokens,
  compute: (point) => point.compute,
  loss: (point) => point.loss,
  step: (point) => point.step,
  stderr: (point) => point.stderr,
};

/** Letters that are never parameters. */
const RESERVED = new Set(['x', 'N', 'D', 'C', 'L']);

function refuse(message: string): { readonly ok: false; readonly error: FitRefusal } {
  return err({ code: 'fit.unsupported', message });
}

/** Reads a variable at a place; NaN where it is missing. */
type Reader = (place: At) => number;

/** Columns of the tables by header, as numbers. */
function columnReader(study: Study | null, name: string): Reader | null {
  if (study === null) return null;
  const columns = study.tables.map((table) => {
    for (let column = 0; column < table.columnCount; column++)
      if (table.header(column) === name) return table.numbers(column);
    return null;
  });
  if (columns.every((column) => column === null)) return null;
  return (place) => {
    const { table, row } = place;
    return table === undefined || row === undefined ? Number.NaN : (columns[table]?.[row] ?? Number.NaN);
  };
}

/** A role's own value; where the point has none, the column of that name. */
function readerOf(input: FitInput, name: string): Reader | null {
  const quantity = QUANTITIES[name];
  const column = columnReader(input.study, name);
  if (quantity === undefined) return column;
  if (column === null && !RESERVED.has(name) && input.points.every((point) => quantity(point) == null)) return null;
  return (place) => {
    const own = quantity(place);
    return own ?? column?.(place) ?? Number.NaN;
  };
}

interface Formula {
  readonly program: Program;
  readonly readers: readonly Reader[];
  readonly missingStarts: readonly string[];
}

function readFormula(custom: CustomFormula, input: FitInput): Result<Formula, FitRefusal> {
  const parsed = parseFormula(custom.formula);
  if (!parsed.ok) return refuse(`The formula is wrong at character ${parsed.error.at + 1}: ${parsed.error.message}.`);
  const stated = new Set([...Object.keys(custom.start), ...Object.keys(custom.bounds)]);
  for (const name of stated)
    if (RESERVED.has(name)) return refuse(`${name} is a variable of the data and cannot be a parameter.`);
  const parameters: string[] = [];
  const variables: string[] = [];
  const readers: Reader[] = [];
  for (const name of namesOf(parsed.value)) {
    // A start makes a parameter, whatever columns are called.
    const reader = stated.has(name) ? null : readerOf(input, name);
    if (reader === null) parameters.push(name);
    else {
      variables.push(name);
      readers.push(reader);
    }
  }
  for (const name of stated) if (!parameters.includes(name)) return refuse(`The formula has no parameter ${name}.`);
  if (parameters.length === 0) return refuse('The formula has no parameters to fit.');
  for (const [name, value] of Object.entries(custom.start))
    if (!Number.isFinite(value)) return refuse(`The start of ${name} is not a number.`);
  for (const [name, [low, high]] of Object.entries(custom.bounds))
    if (!(low <= high)) return refuse(`The bounds of ${name} are empty: ${low}..${high}.`);
  return ok({
    program: compileExpression(parsed.value, parameters, variables),
    readers,
    missingStarts: parameters.filter((name) => custom.start[name] === undefined),
  });
}

/** Residuals below this share of the data have lost more than four digits to the rounding of doubles. */
const ROUNDING = 1e-11;
/** Points beyond which double-double arithmetic would take seconds. */
const EXACT_POINTS = 5000;

interface Settled {
  readonly theta: Float64Array;
  /** f - y. */
  readonly residuals: Float64Array;
}

/**
 * Where a least-squares fit reproduces the data to the rounding of doubles, its residuals are noise of the arithmetic. They
 * are then formed anew in double-double arithmetic, and one Gauss–Newton step on them settles the parameters. Null where
 * the residuals are large enough as they are, or another objective, scale or bound is in play.
 */
function settleAtRounding(
  program: Program,
  columns: readonly Float64Array[],
  problem: CurveProblem,
  reduced: ReducedProblem,
  theta: Float64Array,
  cost: number,
): Settled | null {
  const { y, weights } = problem;
  const n = y.length;
  if (problem.loss.kind !== 'squared' || problem.scale !== 'y' || weights !== null || n > EXACT_POINTS) return null;
  let size = 0;
  for (let i = 0; i < n; i++) size += (y[i] as number) * (y[i] as number);
  if (!(cost < ROUNDING * ROUNDING * size)) return null;
  const start = reduced.reduce(theta);
  const squared = reduced.with(y, null, problem.loss);
  const jacobian = new Float64Array(n * reduced.free);
  if (!squared.evaluate(start, new Float64Array(n), jacobian)) return null;
  const missing = exactResiduals(program, columns, theta, y);
  const slopes = Array.from({ length: reduced.free }, (_, j) => jacobian.subarray(j * n, (j + 1) * n));
  const step = fitLinear(slopes, missing);
  if (step === null || step.rank < reduced.free) return null;
  const moved = start.map((value, j) => value + (step.coefficients[j] as number));
  const inside = moved.every(
    (value, j) => value > (squared.lower[j] as number) && value < (squared.upper[j] as number),
  );
  if (!inside) return null;
  const settled = reduced.expand(moved);
  return { theta: settled, residuals: exactResiduals(program, columns, settled, y).map((miss) => -miss) };
}

/** Relative steps away from the user's start, tried after it. */
const RESTARTS = 7;

/**
 * The user's start first; then, so that a poor start does not decide alone, seeded multiples of it. Parameters without a
 * start begin at 1.
 */
function startsAround(specs: readonly ParameterSpec[], custom: CustomFormula, title: string): Float64Array[] {
  const random = createRandom(7, title);
  const inside = (spec: ParameterSpec, value: number): number => Math.min(Math.max(value, spec.lower), spec.upper);
  const starts = [Float64Array.from(specs, (spec) => inside(spec, custom.start[spec.name] ?? 1))];
  for (let i = 0; i < RESTARTS; i++) {
    const width = i < 3 ? 0.3 : 1.5;
    starts.push(
      Float64Array.from(specs, (spec) => {
        const value = custom.start[spec.name] ?? 1;
        const unknown = custom.start[spec.name] === undefined;
        const size = (value === 0 ? 0.1 : value) * Math.exp((unknown ? 3 : width) * random.normal());
        return inside(spec, unknown && random.uniform() < 0.3 ? -size : size);
      }),
    );
  }
  return starts;
}

/** What a point costs by itself, in shares of a point among all: the report reads its variables one by one. */
const POINT_BY_POINT = 4;

/** From all starts; beyond {@link MANY_POINTS} these are tried on {@link SAMPLED} of them, and all points go on from its optimum. */
function search(
  problem: CurveProblem,
  reduced: ReducedProblem,
  starts: readonly Float64Array[],
  program: Program,
  columns: readonly Float64Array[],
  deadline: Deadline,
): CurveOutcome | null {
  const everywhere = { explore: 1 + RESTARTS, exploreIterations: 60, finish: 2, careful: true, deadline };
  const lm = { maxIterations: 2000, gradientTolerance: 1e-10, patience: 40 };
  const { y, weights } = problem;
  if (y.length <= MANY_POINTS) return fitNonlinear(problem, reduced, { starts, ...everywhere, lm });
  const pick = spreadEvenly(y.length, SAMPLED);
  const some = (values: Float64Array): Float64Array => Float64Array.from(pick, (i) => values[i] as number);
  const sample: CurveProblem = {
    ...problem,
    y: some(y),
    weights: weights === null ? null : some(weights),
    evaluate: createEvaluator(program, columns.map(some), pick.length).evaluate,
  };
  const free = reduceProblem(sample);
  if (isCurveRefusal(free)) return null;
  const first = fitNonlinear(sample, free, { starts, ...everywhere, lm });
  if (first === null) return null;
  const outcome = fitNonlinear(problem, reduced, {
    starts: [first.theta],
    ...FROM_ONE_START,
    lm: ENOUGH_FOR_MANY,
    deadline,
  });
  return outcome === null ? null : { ...outcome, tried: first.tried, atOptimum: first.atOptimum, rival: first.rival };
}

function fit(input: FitInput, options: FitOptions): Result<FittedLaw, FitRefusal> {
  const { custom: formula } = options;
  if (formula === undefined) return refuse('A custom law needs a formula.');
  const read = readFormula(formula, input);
  if (!read.ok) return read;
  const { program, readers } = read.value;
  const missing = new Map<string, number>();
  const usable: Point[] = [];
  const lacking: { row: number; why: string }[] = [];
  for (const point of input.points) {
    const at = readers.findIndex((reader) => !Number.isFinite(reader(point)));
    if (at < 0) usable.push(point);
    else {
      const name = program.variables[at] as string;
      missing.set(name, (missing.get(name) ?? 0) + 1);
      lacking.push({ row: point.row, why: `${name} is missing` });
    }
  }
  if (usable.length === 0 && input.points.length > 0)
    return refuse(`The points carry no ${[...missing.keys()].join(', ')}, which the formula needs.`);

  const deadline = startDeadline(options.timeBudget, options.signal);
  const specs = applyFix(
    program.parameters.map((name) => ({
      name,
      transform: 'identity' as const,
      lower: formula.bounds[name]?.[0] ?? Number.NEGATIVE_INFINITY,
      upper: formula.bounds[name]?.[1] ?? Number.POSITIVE_INFINITY,
    })),
    options,
  );
  if (!specs.ok) return specs;
  const held = Object.keys(options.fix ?? {}).length + (options.tie?.length ?? 0);
  const prepared = preparePoints({ ...input, points: usable }, options, {
    positiveX: false,
    minPoints: Math.max(1, program.parameters.length + 1 - held),
    minDistinctX: 0,
    refuseDegenerate: true,
    title: 'The formula',
  });
  if (!prepared.ok) return prepared;
  const { points, y } = prepared.value;
  const columns = readers.map((reader) => Float64Array.from(points, reader));
  const problem: CurveProblem = {
    parameters: specs.value,
    ties: options.tie ?? [],
    y,
    evaluate: createEvaluator(program, columns, points.length).evaluate,
    scale: prepared.value.scale,
    loss: prepared.value.loss,
    weights: meanOneWeights(prepared.value.weights, points.length),
    priors: [],
  };
  const reduced = reduceProblem(problem);
  if (isCurveRefusal(reduced)) return err(refusalOf(reduced, 'The formula'));
  const starts = startsAround(specs.value, formula, formula.formula);
  const report =
    points.length > MANY_POINTS ? REPORT_PASSES * POINT_BY_POINT * passTime(problem, starts[0] as Float64Array) : 0;
  const until = earlier(deadline, report);
  const outcome = search(problem, reduced, starts, program, columns, until);
  if (outcome === null)
    return err(
      deadline.expired()
        ? { code: 'fit.timeout', message: 'The formula was not fitted within the time budget.' }
        : {
            code: 'fit.ill-determined',
            message: 'The formula has no finite value on these points at its start: give other starts.',
          },
    );
  const settled = settleAtRounding(program, columns, problem, reduced, outcome.theta, outcome.cost);
  const draws = resampleCurve(input.series.id, 'custom', points, problem, reduced, outcome, options, until);

  // One point at a time for predictions, through the same program.
  const place = readers.map(() => new Float64Array(1));
  const single = createEvaluator(program, place, 1);
  const value = new Float64Array(1);
  const locate = (at: At): boolean =>
    readers.every((reader, i) => {
      const found = reader(at);
      (place[i] as Float64Array)[0] = found;
      return Number.isFinite(found);
    });
  return ok(
    buildFittedLaw({
      law: 'custom',
      parameters: fittedParameters(specs.value, reduced, outcome),
      theta: settled?.theta ?? outcome.theta,
      ...(settled === null ? {} : { residuals: settled.residuals }),
      predict: (theta, at) => (locate(at) && single.evaluate(theta, value, null) ? (value[0] as number) : Number.NaN),
      gradient: (theta, at, out) => {
        if (!locate(at) || !single.evaluate(theta, value, out)) out.fill(Number.NaN);
      },
      ...engineRecord(input.series, prepared.value, reduced, outcome, draws.draws, options),
      excluded: [...lacking, ...prepared.value.excluded],
      notes: [
        ...(read.value.missingStarts.length > 0
          ? [`No start for ${read.value.missingStarts.join(', ')}: 1 and multiples of it were tried.`]
          : []),
        ...prepared.value.notes,
        ...outcomeNotes(outcome, specs.value),
        ...(settled === null
          ? []
          : ['The formula meets the data to the rounding of doubles: residuals are from double-double arithmetic.']),
        ...draws.notes,
      ],
      extras: { formula: formula.formula, variables: program.variables },
    }),
  );
}

export const custom: Law = {
  id: 'custom',
  title: 'Custom formula',
  formula: "the user's own",
  source: 'scaling.yaml or --formula',
  parameters: [],
  needs: [],
  monotone: false,
  baseline: false,
  minPoints: 2,
  fit,
};
