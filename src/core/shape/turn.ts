/**
 * "Would more scale turn it?" For a task that gets worse with scale: the evidence for a turn so far, the range of scales
 * that were seen, and a plain statement, including the statement that the range cannot tell.
 */
import type { ContrastResult } from './contrast.ts';
import { type RegressionResult, robustLine } from './regression.ts';

export type TurnVerdict = 'turned' | 'hint-of-a-turn' | 'still-falling' | 'cannot-tell';

/** Evidence for a turn. Scales in plain units; slopes per decade in oriented units. */
export interface TurnEvidence {
  readonly verdict: TurnVerdict;
  /** One sentence a reader can quote, true of scores and of losses; scales in plain units of x. */
  readonly statement: string;
  readonly from: number;
  readonly to: number;
  readonly decades: number;
  /** Scale of the lowest score. */
  readonly lowestAt: number;
  /** Models above the scale of the lowest score. */
  readonly modelsAfterLowest: number;
  /** Slope beyond the break with its p, where a break could be placed. */
  readonly slopeAfter: number | null;
  readonly slopeAfterP: number | null;
  /** z of the recovery: the better of the later models against the lowest interior one, where errors are known. */
  readonly recoveryZ: number | null;
}

function shortScale(x: number): string {
  return x.toPrecision(2).replace('e+', 'e');
}

/**
 * Evidence for a turn in a falling (or U-shaped) series sorted by x.
 *
 * @param x log10 of the scale
 * @param y oriented scores
 * @param regression result of regression mode, if that is how the series was judged
 * @param contrast result of contrast mode, if that is how
 */
export function turnEvidence(
  x: Float64Array,
  y: Float64Array,
  regression: RegressionResult | null,
  contrast: ContrastResult | null = null,
): TurnEvidence {
  const n = x.length;
  let lowest = 0;
  for (let i = 1; i < n; i++) if ((y[i] as number) < (y[lowest] as number)) lowest = i;
  const from = 10 ** (x[0] as number);
  const to = 10 ** (x[n - 1] as number);
  const after = regression?.twoLines?.high ?? null;
  const base = {
    from,
    to,
    decades: (x[n - 1] as number) - (x[0] as number),
    lowestAt: 10 ** (x[lowest] as number),
    modelsAfterLowest: n - 1 - lowest,
    slopeAfter: after?.slope ?? null,
    slopeAfterP: after?.p ?? null,
    recoveryZ: contrast !== null && Number.isFinite(contrast.dipZ) ? contrast.dipZ : null,
  };
  const seen = `${shortScale(from)} to ${shortScale(to)} (${base.decades.toFixed(1)} decades)`;
  const label = regression?.label ?? contrast?.label ?? 'inverse';
  if (label === 'u-shaped') {
    return {
      ...base,
      verdict: 'turned',
      statement: `It gets worse, then better again within the scales seen, ${seen}; it is worst at ${shortScale(base.lowestAt)}.`,
    };
  }
  const beyond = `Nothing here says what happens above ${shortScale(to)}.`;
  if (regression !== null) {
    const breakAt = regression.twoLines === null ? null : shortScale(10 ** regression.twoLines.breakpoint);
    if (after === null || breakAt === null) {
      return {
        ...base,
        verdict: 'cannot-tell',
        statement: `It gets worse over ${seen}, and there are too few models to place a turn. ${beyond}`,
      };
    }
    if (after.slope > 0) {
      return {
        ...base,
        verdict: 'hint-of-a-turn',
        statement: `It gets worse over ${seen}; above ${breakAt} it gets better, but not beyond chance (p = ${after.p.toPrecision(2)}). More models there would tell.`,
      };
    }
    if (after.p < 0.05) {
      return {
        ...base,
        verdict: 'still-falling',
        statement: `It gets worse over ${seen} and is still getting worse above ${breakAt} (p = ${after.p.toPrecision(2)}): no sign of a turn. ${beyond}`,
      };
    }
    // The break is where the two sides differ most, which leaves a short upper side on a straight fall: ask the upper half.
    const middle = Math.floor(n / 2);
    const upper = robustLine(x, y, middle, n, n - middle - 2);
    if (upper.slope < 0 && upper.p < 0.05) {
      return {
        ...base,
        verdict: 'still-falling',
        statement: `It gets worse over ${seen} and is still getting worse over the larger half of the models, above ${shortScale(10 ** (x[middle] as number))} (p = ${upper.p.toPrecision(2)}): no sign of a turn. ${beyond}`,
      };
    }
    return {
      ...base,
      verdict: 'cannot-tell',
      statement: `It gets worse over ${seen}; above ${breakAt} the data allow both a further decline and a turn. ${beyond}`,
    };
  }
  if (lowest === n - 1) {
    return {
      ...base,
      verdict: 'still-falling',
      statement: `The largest of ${n} models is the worst, over ${seen}: no sign of a turn. ${beyond}`,
    };
  }
  return {
    ...base,
    verdict: base.recoveryZ !== null && base.recoveryZ > 0 ? 'hint-of-a-turn' : 'cannot-tell',
    statement: `It gets worse over ${seen}; it is worst at ${shortScale(base.lowestAt)} and the recovery after it lies within the noise. ${beyond}`,
  };
}
