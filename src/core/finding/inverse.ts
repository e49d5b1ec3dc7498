/** `trend.inverse`: the task gets significantly worse with scale (Wei et al., arXiv 2211.02011; emergence.md §1). */
import { formatP, formatScale, formatScaleInterval } from '../render/number.ts';
import type { SeriesReport } from '../report-model.ts';
import type { TurnEvidence } from '../shape/turn.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { amongMany, byOtherMetrics, ends, toldByChance } from './words.ts';

export const inverse: FindingRule = (input) => {
  const { report, name } = input;
  if (report.shape?.label !== 'inverse') return null;
  const { first, last, low, high } = ends(report);
  const turn = report.shape.detail['turn'] as TurnEvidence | undefined;
  const ending = turn === undefined ? '' : ` ${endingOf(turn, report)}`;
  const finding = seriesFinding(
    input,
    'trend.inverse',
    `${name} gets worse with scale: ${first} → ${last} over ${formatScaleInterval(low, high, report.scale, 3)} (${formatP(report.shape.p)}${amongMany(report)}).${ending}${byOtherMetrics(report)}`,
    { p: report.shape.p, method: report.shape.method, from: low, to: high, turn: turn?.verdict ?? null },
  );
  return toldByChance(finding, report);
};

/** Would more scale turn it? In words that hold for scores and for errors, which fall where a score rises. */
function endingOf(turn: TurnEvidence, report: SeriesReport): string {
  const place = report.shape?.detail['breakpoint'];
  const above = typeof place === 'number' ? formatScale(10 ** place, report.scale, 2) : null;
  const slope = turn.slopeAfterP === null ? null : formatP(turn.slopeAfterP);
  const worst = `Worst at ${formatScale(turn.lowestAt, report.scale)}`;
  switch (turn.verdict) {
    case 'still-falling':
      if (turn.modelsAfterLowest === 0 && above === null) return 'The largest model is the worst: no sign of a turn.';
      return above !== null && slope !== null && (turn.slopeAfterP ?? 1) < 0.05
        ? `Still getting worse above ${above} (${slope}): no sign of a turn.`
        : 'Still getting worse over the larger half of the models: no sign of a turn.';
    case 'hint-of-a-turn':
      return above !== null && slope !== null
        ? `Above ${above} it gets better, but not beyond chance (${slope}).`
        : `${worst}; the recovery after it lies within the noise.`;
    case 'turned':
      return `${worst}, better after it.`;
    default:
      return above !== null && slope !== null
        ? `Above ${above} the scores allow both a further decline and a turn.`
        : `${worst}; there are too few models to tell whether it turns.`;
  }
}
