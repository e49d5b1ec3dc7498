/**
 * Percent below one tell themselves by their steps: on n questions they are multiples of 100/n, and a task that hardly any
 * model can do shows only the first few of these. Fractions have such coarse steps only where the questions are few.
 */

/** Questions of a task, from the fewest whose steps below 1 % say anything to the most that are looked for. */
const FEWEST = 200;
const MOST = 20_000;
/** Most questions of a task whose fractions have steps as coarse. */
const FEW_QUESTIONS = 100;
/** So many times the step of few questions may all scores on them be multiples of, by chance. */
const SKIPPED = 4;
/** Different scores above this have more steps than can be told. */
const MOST_VALUES = 200;
/** Probability with which scores without steps may be taken for ones that have them. */
const BY_CHANCE = 1e-3;

/**
 * Whether scores of at most 1 are multiples of one step 100/n, and not as well of a step 1/n on up to a hundred questions.
 *
 * @param scores as written, rounded to some decimals
 */
export function stepsOfPercent(scores: Float64Array): boolean {
  const values = [...new Set(scores)].filter((y) => y > 0);
  if (values.length < 3 || values.length > MOST_VALUES || values.some((y) => y > 1)) return false;
  const rounding = 0.5 * 10 ** -decimalsOf(values) * (1 + 1e-6);
  const areStepsOf = (unit: number, n: number): boolean =>
    values.every((y) => Math.abs(y - (unit / n) * Math.round((y * n) / unit)) <= rounding) &&
    n * ((2 * rounding * n) / unit) ** values.length < BY_CHANCE;
  for (let n = FEWEST; n <= MOST; n++) {
    if (!areStepsOf(100, n)) continue;
    // Fractions of few questions show every step or every few of them.
    for (let few = 2; few <= Math.min(FEW_QUESTIONS, (SKIPPED * n) / 100); few++) if (areStepsOf(1, few)) return false;
    return true;
  }
  return false;
}

/** Decimals that the scores are rounded to; small ones may have more of them, and some lost their zeros at the end. */
function decimalsOf(values: readonly number[]): number {
  const large = values.filter((y) => y >= 0.1);
  return Math.max(...(large.length > 0 ? large : values).map((y) => y.toFixed(9).replace(/0+$/, '').length - 2));
}
