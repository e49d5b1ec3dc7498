/** `fit.objectives-disagree`: the compute-optimal allocation depends on the objective by more than a factor of two (laws.md §4.5). */
import { formatNumber, formatScale } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

/** One line of the `objectives` that a chinchilla fit carries. */
interface ObjectiveRow {
  readonly objective: string;
  readonly allocation: { readonly compute: number; readonly tokensPerParam: number } | null;
}

export const objectivesDisagree: FindingRule = (input) => {
  const { report, name } = input;
  const fit = report.fits.find((f) => f.law === 'chinchilla');
  // A split that the data do not determine disagrees with everything: that is another finding.
  if (fit === undefined || !fit.converged || fit.atBound.length > 0) return null;
  const rows = fit['objectives'];
  if (!Array.isArray(rows)) return null;
  const known = (rows as ObjectiveRow[]).flatMap(({ objective, allocation }) =>
    allocation !== null && allocation.tokensPerParam > 0 ? [{ objective, ...allocation }] : [],
  );
  if (known.length < 2) return null;
  const sorted = known.toSorted((a, b) => a.tokensPerParam - b.tokensPerParam);
  const low = sorted[0] as (typeof known)[number];
  const high = sorted.at(-1) as (typeof known)[number];
  const ratio = high.tokensPerParam / low.tokensPerParam;
  if (ratio < 2) return null;
  return seriesFinding(
    input,
    'fit.objectives-disagree',
    `${name}: compute-optimal tokens per parameter at ${formatScale(low.compute, 'compute')} depend on the objective: ${formatNumber(low.tokensPerParam)} (${low.objective}) to ${formatNumber(high.tokensPerParam)} (${high.objective}).`,
    { objectives: known, ratio },
  );
};
