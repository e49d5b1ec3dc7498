/** `fit.extrapolated`: a forecast lies outside what any backtest of this series has tested (trust.md §4.2). */
import { formatScale } from '../render/number.ts';
import type { Forecast } from '../report-model.ts';
import type { FindingRule, RuleInput } from './rule.ts';
import { seriesFinding } from './rule.ts';

/** Distances below half of this are printed as none and say nothing: decades. */
const LEAST_TOLD = 0.1;

export const extrapolated: FindingRule = (input) => {
  const { report, name } = input;
  const beyond = report.forecast.filter((f) => f.verdict === 'beyond-tested-range');
  if (beyond.length === 0) return null;
  const placed = beyond.map((forecast) => ({ forecast, below: decadesBelow(input, forecast) }));
  const outside = (p: (typeof placed)[number]): number => Math.max(p.below, p.forecast.horizon);
  const { forecast: farthest, below } = placed.reduce((a, b) => (outside(b) > outside(a) ? b : a));
  const distance = Math.max(below, farthest.horizon);
  const side = below > farthest.horizon ? 'below' : 'beyond';
  const told =
    distance < LEAST_TOLD / 2
      ? ''
      : `, the farthest ${distance.toFixed(1)} decades ${side} the data (${formatScale(farthest.x, report.scale)})`;
  const lie = beyond.length === 1 ? 'lies' : 'lie';
  return seriesFinding(
    input,
    'fit.extrapolated',
    `${beyond.length} of ${report.forecast.length} forecasts of ${name} ${lie} beyond the tested range${told}.`,
    { horizon: farthest.horizon, ...(below > 0 ? { below } : {}), x: farthest.x, count: beyond.length },
  );
};

/** Decades between a forecast and the smallest point above it; 0 where it is not below the data. */
function decadesBelow({ series }: RuleInput, { x }: Forecast): number {
  const smallest = series.points.reduce((m, p) => (p.x > 0 ? Math.min(m, p.x) : m), Number.POSITIVE_INFINITY);
  return x > 0 && x < smallest && Number.isFinite(smallest) ? Math.log10(smallest / x) : 0;
}
