/** `fit.objectives-disagree`: the compute-optimal allocation depends on the objective by more than a factor of two (laws.md §4.5). */
import { formatNumber, formatScale } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

interface ObjectiveRow {
  readonly objective?: string;
  readonly tokensPerParameter?: number | null;
  readonly compute?: number | null;
}

export const objectivesDisagree: FindingRule = (input) => {
  const { report } = input;
  const fit = report.fits.find((f) => f.law === 'chinchilla');
  const rows = fit?.['objectives'];
  if (!Array.isArray(rows)) return null;
  const known = (rows as ObjectiveRow[]).filter(
    (r) => typeof r.tokensPerParameter === 'number' && r.tokensPerParameter > 0,
  );
  if (known.length < 2) return null;
  const sorted = [...known].sort((a, b) => (a.tokensPerParameter as number) - (b.tokensPerParameter as number));
  const low = sorted[0] as ObjectiveRow;
  const high = sorted[sorted.length - 1] as ObjectiveRow;
  const ratio = (high.tokensPerParameter as number) / (low.tokensPerParameter as number);
  if (ratio < 2) return null;
  const where = typeof low.compute === 'number' ? ` at ${formatScale(low.compute, 'compute')}` : '';
  return seriesFinding(
    input,
    'fit.objectives-disagree',
    `Compute-optimal tokens per parameter${where} depend on the objective: ${formatNumber(low.tokensPerParameter)} (${low.objective ?? '?'}) to ${formatNumber(high.tokensPerParameter)} (${high.objective ?? '?'}).`,
    { objectives: known, ratio },
  );
};
