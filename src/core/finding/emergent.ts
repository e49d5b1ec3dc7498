/** `trend.emergent`: flat, then rising; the threshold with its interval (emergence.md §3). */
import { formatScale, formatScaleInterval } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const emergent: FindingRule = (input) => {
  const { report } = input;
  if (report.shape === null || !(report.shape.emergent || report.shape.lateRise) || report.threshold === null)
    return null;
  if (report.better === 'lower' && !report.shape.emergent) return null;
  const { x, low, high, level, method } = report.threshold;
  const interval =
    low === null && high === null
      ? 'interval not available'
      : `${Math.round(level * 100)} % interval ${formatScaleInterval(low, high, report.scale)}`;
  // An error falls where a score rises.
  const change = report.better === 'lower' ? 'falling' : 'rising';
  const flat = report.better === 'lower' ? 'Flat' : 'Near its floor';
  const floor = report.chance === null ? flat : 'Near chance';
  const lead = report.shape.emergent ? `${floor} below` : 'Rises late:';
  return seriesFinding(
    input,
    'trend.emergent',
    report.shape.emergent
      ? `${report.task} (${report.metric}) emerges: ${lead.toLowerCase()} a threshold near ${formatScale(x, report.scale)}, ${change} above it (${interval}).`
      : `${report.task} (${report.metric}) rises late: the slope sets in near ${formatScale(x, report.scale)} (${interval}).`,
    { threshold: x, low, high, level, method, emergent: report.shape.emergent, lateRise: report.shape.lateRise },
  );
};
