/** `trend.emergent`: flat, then rising; the threshold with its interval (emergence.md §3). */
import { formatNumber, formatScale, formatScaleInterval } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { percentUnit } from './words.ts';

export const emergent: FindingRule = (input) => {
  const { report, name } = input;
  const { shape } = report;
  if (shape === null || !(shape.emergent || shape.lateRise) || report.threshold === null) return null;
  // What gets worse before it gets better is told as a U, with the place of its turn.
  if (!shape.emergent && (report.better === 'lower' || shape.label === 'u-shaped')) return null;
  const { x, low, high, level, method } = report.threshold;
  const interval =
    low === null && high === null
      ? 'interval not available'
      : `${Math.round(level * 100)} % interval ${formatScaleInterval(low, high, report.scale)}`;
  const place = formatScale(x, report.scale);
  // An error falls where a score rises.
  const [flat, change] = report.better === 'lower' ? ['flat', 'falling'] : ['near its floor', 'rising'];
  const chance = `near chance (${formatNumber(report.chance)}${percentUnit(report)})`;
  const before = report.chance === null ? flat : report.chance === 0 ? 'near zero' : chance;
  return seriesFinding(
    input,
    'trend.emergent',
    shape.emergent
      ? `${name} emerges: ${before} below a threshold near ${place}, ${change} above it (${interval}).`
      : `${name} rises late: the slope sets in near ${place} (${interval}).`,
    { threshold: x, low, high, level, method, emergent: shape.emergent, lateRise: shape.lateRise },
  );
};
