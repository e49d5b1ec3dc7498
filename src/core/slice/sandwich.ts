/**
 * Slice-and-Sandwich (Wu & Lo, ICLR 2025, arXiv 2410.01692), as in the authors' code: questions are cut into groups by
 * difficulty, an easy and a hard group are each fitted with a polynomial in log10 compute, their mean forecasts the
 * overall TC Brier score, and a straight line turns that into accuracy. The predictions are those of the paper, unclipped:
 * they leave [0, 1] far beyond the fitted models, which is a property of the method and is shown as such.
 */
import { err, ok, type Result } from '../result.ts';
import { fitLine } from '../stats/linear.ts';
import { logistic } from '../stats/logistic.ts';
import { correlation, mean } from '../stats/moments.ts';
import type { Random } from '../stats/random.ts';
import { fitPolynomial, type Polynomial, polynomialAt } from './polynomial.ts';

/** Models below the threshold; arrays are parallel. TC Brier with its sign flipped: 0 perfect, -1 worst. */
export interface SandwichInput {
  /** log10 of the scale. */
  readonly x: ArrayLike<number>;
  readonly accuracy: ArrayLike<number>;
  /** Overall TC Brier. */
  readonly tc: ArrayLike<number>;
  readonly easy: ArrayLike<number>;
  readonly hard: ArrayLike<number>;
}

/** Degrees of the paper and of the authors' code: of the easy group's polynomial and of the hard one's. */
export const PUBLISHED_DEGREES = { easyDegree: 5, hardDegree: 2 } as const;

export interface SandwichOptions {
  /** Degree of the easy group's polynomial; the paper's is 5, degree 3 extrapolates less wildly. */
  readonly easyDegree?: number;
  readonly hardDegree?: number;
  /** The paper's variant that lifts the hard fit to the mean of TC Brier in place of averaging with the easy fit. */
  readonly hardLift?: boolean;
  /** Adds mean(accuracy) - mean(fitted accuracy); the authors' threshold-robustness script leaves it out. */
  readonly shift?: boolean;
}

export interface Sandwich {
  readonly easy: Polynomial;
  readonly hard: Polynomial;
  /** TC = intercept + slope * accuracy on the fitted models. */
  readonly intercept: number;
  readonly slope: number;
  readonly shift: number;
  /** Added to the hard fit when hardLift is on. */
  readonly lift: number | null;
  /** Correlation of accuracy and TC on the fitted models, 0 where either does not vary: low means that the inverse line multiplies every error. */
  readonly correlation: number;
  /** Forecast TC Brier at log10 scale x. */
  tcAt(x: number): number;
  /** Forecast accuracy at log10 scale x, unclipped. */
  accuracyAt(x: number): number;
}

export interface SandwichRefusal {
  readonly code: 'too-few-models' | 'flat-accuracy' | 'not-finite' | 'lengths-differ';
  readonly message: string;
}

/** Fits the method on the models below the threshold. */
export function fitSandwich(input: SandwichInput, options: SandwichOptions = {}): Result<Sandwich, SandwichRefusal> {
  const easyDegree = options.easyDegree ?? PUBLISHED_DEGREES.easyDegree;
  const hardDegree = options.hardDegree ?? PUBLISHED_DEGREES.hardDegree;
  const n = input.x.length;
  for (const values of [input.accuracy, input.tc, input.easy, input.hard]) {
    if (values.length !== n) {
      return err({ code: 'lengths-differ', message: 'The group columns and the scores have different lengths.' });
    }
  }
  for (const values of [input.x, input.accuracy, input.tc, input.easy, input.hard]) {
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(values[i] as number)) {
        return err({
          code: 'not-finite',
          message: `Model ${i + 1} has no finite scale, accuracy, TC Brier or group value.`,
        });
      }
    }
  }
  const easy = fitPolynomial(input.x, input.easy, easyDegree);
  const hard = fitPolynomial(input.x, input.hard, hardDegree);
  if (easy === null || hard === null) {
    return err({
      code: 'too-few-models',
      message: `${n} models at ${new Set(Array.from(input.x)).size} distinct scales cannot carry a polynomial of degree ${Math.max(easyDegree, hardDegree)}.`,
    });
  }
  const line = fitLine(input.accuracy, input.tc);
  if (line.slope === 0) {
    return err({
      code: 'flat-accuracy',
      message: 'Accuracy is the same for all models below the threshold: no line leads from TC Brier to accuracy.',
    });
  }
  const lift = options.hardLift ? mean(input.tc) - mean(Array.from(input.x, (x) => polynomialAt(hard, x))) : null;
  const tcAt = (x: number): number =>
    lift === null ? (polynomialAt(easy, x) + polynomialAt(hard, x)) / 2 : polynomialAt(hard, x) + lift;
  const mapped = (x: number): number => (tcAt(x) - line.intercept) / line.slope;
  const shift = options.shift === false ? 0 : mean(input.accuracy) - mean(Array.from(input.x, mapped));
  return ok({
    easy,
    hard,
    intercept: line.intercept,
    slope: line.slope,
    shift,
    lift,
    correlation: correlation(input.accuracy, input.tc) ?? 0,
    tcAt,
    accuracyAt: (x) => mapped(x) + shift,
  });
}

/**
 * Case-bootstrap refits; resamples that leave too few distinct scales, or flat accuracy, are left out.
 *
 * @param random source of the resamples
 */
export function resampleSandwich(
  input: SandwichInput,
  options: SandwichOptions,
  count: number,
  random: Random,
): Sandwich[] {
  const n = input.x.length;
  const refits: Sandwich[] = [];
  for (let b = 0; b < count; b++) {
    const pick = Int32Array.from({ length: n }, () => random.integer(n));
    const take = (values: ArrayLike<number>) => Float64Array.from(pick, (i) => values[i] as number);
    const { x, accuracy, tc, easy, hard } = input;
    const again = { x: take(x), accuracy: take(accuracy), tc: take(tc), easy: take(easy), hard: take(hard) };
    const outcome = fitSandwich(again, options);
    if (outcome.ok) refits.push(outcome.value);
  }
  return refits;
}

/** The paper's baseline. */
export interface SigmoidBaseline {
  /** logit = a * x + b. */
  readonly a: number;
  readonly b: number;
  accuracyAt(x: number): number;
}

/** Keeps the logit finite at and below chance (the authors' value). */
const LOGIT_EPSILON = 1e-6;

/**
 * The paper's sigmoid baseline: the logit of accuracy above chance, clipped to [0, 1], is linear in log10 of the scale;
 * the prediction is the logistic function plus chance.
 */
export function fitSigmoidBaseline(x: ArrayLike<number>, accuracy: ArrayLike<number>, chance: number): SigmoidBaseline {
  const logits = Array.from(accuracy, (value) => {
    const p = Math.min(1, Math.max(0, value - chance));
    return Math.log((p + LOGIT_EPSILON) / (1 - p + LOGIT_EPSILON));
  });
  const { intercept, slope } = fitLine(x, logits);
  return { a: slope, b: intercept, accuracyAt: (at) => logistic(slope * at + intercept) + chance };
}
