/** `trend.inverse`: the task gets significantly worse with scale (Wei et al., arXiv 2211.02011; emergence.md §1). */
import { formatScaleInterval } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { ends } from './words.ts';

export const inverse: FindingRule = (input) => {
  const { report } = input;
  if (report.shape?.label !== 'inverse') return null;
  const { first, last, low, high } = ends(report);
  const turn = report.shape.detail['turn'] as { statement?: string } | undefined;
  const ending = turn?.statement ?? '';
  return seriesFinding(
    input,
    'trend.inverse',
    `${report.task} (${report.metric}) gets worse with scale: ${first} → ${last} over ${formatScaleInterval(low, high, report.scale)}.${ending === '' ? '' : ` ${ending}`}`,
    { p: report.shape.p, method: report.shape.method, from: low, to: high },
  );
};
