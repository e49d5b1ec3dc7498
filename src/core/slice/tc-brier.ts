/**
 * TC Brier of a question (Wu & Lo, arXiv 2410.01692): the squared miss of the probability on the right option, after
 * renormalising over the options. Scores are given with the sign flipped: 0 is perfect, -1 worst.
 */
import { err, ok, type Result } from '../result.ts';

export interface ProbabilityRefusal {
  readonly code: 'no-options' | 'bad-target' | 'bad-probability' | 'no-mass' | 'not-normalised';
  readonly message: string;
}

/** How the probabilities of the options are to be read. */
export interface TcBrierOptions {
  /** Divide by the mass on the options (the paper's conditional score). Without it the raw probability is scored. */
  readonly conditional?: boolean;
  /** Demand that the options sum to 1 within 0.01 (already renormalised data); off for raw language-model masses. */
  readonly normalised?: boolean;
}

/** Score of one question with its option mass. */
export interface TcBrier {
  /** -(p_target / sum p - 1)², between -1 and 0. */
  readonly score: number;
  /** Sum of the options' probabilities; tiny masses mean that the conditional score is mostly about length. */
  readonly mass: number;
  /** Whether the target has the largest probability (ties count as right only for the first). */
  readonly correct: boolean;
}

/** Options written with two or three decimals do not add up exactly. */
const SUM_TOLERANCE = 0.01;

/**
 * TC Brier of one question.
 *
 * @param probabilities of the options (not logarithms), each in [0, 1]
 * @param target index of the right option
 */
export function tcBrier(
  probabilities: ArrayLike<number>,
  target: number,
  options: TcBrierOptions = {},
): Result<TcBrier, ProbabilityRefusal> {
  const n = probabilities.length;
  if (n === 0) return err({ code: 'no-options', message: 'The question has no options.' });
  if (!Number.isInteger(target) || target < 0 || target >= n) {
    return err({ code: 'bad-target', message: `The right option is number ${target}, but there are ${n} options.` });
  }
  let mass = 0;
  let top = 0;
  for (let i = 0; i < n; i++) {
    const p = probabilities[i] as number;
    if (!(p >= 0 && p <= 1 + 1e-9)) {
      return err({
        code: 'bad-probability',
        message: `Option ${i + 1} has probability ${p}; log-probabilities must be exponentiated first.`,
      });
    }
    mass += p;
    if (p > (probabilities[top] as number)) top = i;
  }
  if (mass === 0) return err({ code: 'no-mass', message: 'All options have probability zero.' });
  if (mass > 1 + SUM_TOLERANCE || (options.normalised === true && mass < 1 - SUM_TOLERANCE)) {
    return err({
      code: 'not-normalised',
      message: `The probabilities of the options sum to ${mass.toPrecision(6)}${mass > 1 ? ', above 1' : ', not 1'}.`,
    });
  }
  const own = (probabilities[target] as number) / (options.conditional === false ? 1 : mass);
  return ok({ score: -((own - 1) ** 2), mass, correct: top === target });
}
