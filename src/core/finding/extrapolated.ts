/** `fit.extrapolated`: a forecast lies beyond the horizon that any backtest of this series has tested (trust.md §4.2). */
import { formatScale } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

export const extrapolated: FindingRule = (input) => {
  const { report, name } = input;
  const beyond = report.forecast.filter((f) => f.verdict === 'beyond-tested-range');
  if (beyond.length === 0) return null;
  const farthest = beyond.reduce((a, b) => (b.horizon > a.horizon ? b : a));
  return seriesFinding(
    input,
    'fit.extrapolated',
    `${beyond.length} of ${report.forecast.length} forecasts of ${name} lie beyond the tested range, the farthest ${farthest.horizon.toFixed(1)} decades beyond the data (${formatScale(farthest.x, report.scale)}).`,
    { horizon: farthest.horizon, x: farthest.x, count: beyond.length },
  );
};
