/** `fit.extrapolated`: a forecast lies beyond what any backtest of this series has tested (trust.md §4.2). */
import { formatScale } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

/** Distances below half of this are printed as none and say nothing: decades. */
const LEAST_TOLD = 0.1;

export const extrapolated: FindingRule = (input) => {
  const { report, name } = input;
  const beyond = report.forecast.filter((f) => f.verdict === 'beyond-tested-range');
  if (beyond.length === 0) return null;
  const farthest = beyond.reduce((a, b) => (b.horizon > a.horizon ? b : a));
  const told =
    farthest.horizon < LEAST_TOLD / 2
      ? ''
      : `, the farthest ${farthest.horizon.toFixed(1)} decades beyond the data (${formatScale(farthest.x, report.scale)})`;
  const lie = beyond.length === 1 ? 'lies' : 'lie';
  return seriesFinding(
    input,
    'fit.extrapolated',
    `${beyond.length} of ${report.forecast.length} forecasts of ${name} ${lie} beyond the tested range${told}.`,
    { horizon: farthest.horizon, x: farthest.x, count: beyond.length },
  );
};
