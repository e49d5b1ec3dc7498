/**
 * Leave one family out: fit the other families' models, score the ones left out. It asks whether a trend carries over to
 * models that were made differently, which no cutoff in compute can tell.
 */
import type { StudySeries } from '../study/study.ts';
import type { BareForm } from './form.ts';
import { scoreEnds } from './score-ends.ts';

export interface LeftOut {
  readonly form: string;
  readonly families: number;
  readonly count: number;
  /** Mean absolute error over the left-out models, points of the normalised score. */
  readonly mean: number;
  /** The family that is hardest to predict from the others, and its mean error. */
  readonly worst: { readonly family: string; readonly mean: number };
}

const FEWEST_FAMILIES = 3;
const FEWEST_FITTED = 4;

/** Every form's errors on each family predicted from the others, or why they cannot be had and what would be needed. */
export function leaveFamilyOut(
  series: StudySeries,
  forms: readonly BareForm[],
): readonly LeftOut[] | { readonly why: string } {
  const ends = scoreEnds(series);
  if (ends === null) return { why: `${series.metric} has no floor and ceiling to normalise it by.` };
  const points = series.points
    .filter((p) => p.x > 0 && Number.isFinite(p.y))
    .map((p) => ({
      family: p.family,
      x: Math.log10(p.x),
      y: (p.y - ends.floor) / (ends.ceiling - ends.floor),
    }));
  const families = [...new Set(points.map((p) => p.family).filter((f): f is string => f !== null))];
  if (families.length < FEWEST_FAMILIES) {
    const [only] = families;
    const measured =
      only === undefined
        ? 'No model says its family'
        : families.length === 1
          ? `Only ${only} models were measured`
          : `Only ${families.join(' and ')} models were measured`;
    return {
      why: `${measured}: whether the trend carries over to models made differently needs at least ${FEWEST_FAMILIES} families.`,
    };
  }
  return forms.flatMap((form) => {
    let sum = 0;
    let count = 0;
    let used = 0;
    let worst = { family: '', mean: -1 };
    for (const family of families) {
      const rest = points.filter((p) => p.family !== family);
      const left = points.filter((p) => p.family === family);
      if (rest.length < FEWEST_FITTED) continue;
      const predict = form.fit(
        Float64Array.from(rest, (p) => p.x),
        Float64Array.from(rest, (p) => p.y),
      );
      if (predict === null) continue;
      const errors = left.map((p) => 100 * Math.abs(predict(p.x) - p.y));
      const total = errors.reduce((s, v) => s + v, 0);
      if (total / errors.length > worst.mean) worst = { family, mean: total / errors.length };
      sum += total;
      count += errors.length;
      used++;
    }
    return count === 0 ? [] : [{ form: form.id, families: used, count, mean: sum / count, worst }];
  });
}
