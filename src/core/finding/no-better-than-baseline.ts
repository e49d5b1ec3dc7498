/** `fit.no-better-than-baseline`: in the backtest no law beats assuming no change (trust.md §3). */
import { AUTO } from '../forecast/backtest.ts';
import { formatNumber } from '../render/number.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';

interface Tested {
  readonly law: string;
  readonly count: number;
  readonly meanAbsolute: number | null;
}

export const noBetterThanBaseline: FindingRule = (input) => {
  const { report } = input;
  const laws = report.backtest?.['laws'];
  if (!Array.isArray(laws) || report.chosen === null) return null;
  const tested = (laws as Tested[]).filter((l) => l.meanAbsolute !== null && l.count >= 3);
  // What the forecast itself would have answered, where several laws are blended; else the chosen law.
  const mine = tested.find((l) => l.law === AUTO) ?? tested.find((l) => l.law === report.chosen);
  const rivals = tested.filter((l) => l.law === 'last' || l.law === 'mean-3');
  if (mine === undefined || rivals.length === 0) return null;
  const best = rivals.reduce((a, b) => ((b.meanAbsolute as number) < (a.meanAbsolute as number) ? b : a));
  const others = tested.filter((l) => !['last', 'mean-3', 'mean'].includes(l.law));
  if (others.some((l) => (l.meanAbsolute as number) < (best.meanAbsolute as number))) return null;
  const log = report.backtest?.['errorScale'] === 'ln y';
  const show = (v: number | null) => (log ? `${formatNumber(100 * (v ?? 0), 2)} %` : formatNumber(v, 2));
  return seriesFinding(
    input,
    'fit.no-better-than-baseline',
    `On held-out points of ${report.task} (${report.metric}) no law is better than assuming no change: ${report.chosen} missed by ${show(mine.meanAbsolute)} on average, ${best.law} by ${show(best.meanAbsolute)}.`,
    { law: report.chosen, error: mine.meanAbsolute, baseline: best.law, baselineError: best.meanAbsolute },
  );
};
