/** `trend.inverse`: the task gets significantly worse with scale (Wei et al., arXiv 2211.02011; emergence.md §1). */
import { formatScale, formatScaleInterval } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { ends } from './words.ts';

export const inverse: FindingRule = (input) => {
  const { report } = input;
  if (report.shape?.label !== 'inverse') return null;
  const { first, last, low, high } = ends(report);
  const turn = report.shape.detail['turn'] as { statement?: string } | undefined;
  // The shape knows numbers alone; here they get the unit of their axis.
  const ending = (turn?.statement ?? '').replace(/\d(?:\.\d+)?e\+?\d+/g, (x) =>
    formatScale(Number(x), report.scale, 2),
  );
  return seriesFinding(
    input,
    'trend.inverse',
    `${report.task} (${report.metric}) gets worse with scale: ${first} → ${last} over ${formatScaleInterval(low, high, report.scale)}.${ending === '' ? '' : ` ${ending}`}`,
    { p: report.shape.p, method: report.shape.method, from: low, to: high },
  );
};
