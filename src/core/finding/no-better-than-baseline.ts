/** `fit.no-better-than-baseline`: in the backtest no law beats assuming no change (trust.md §3). */
import { AUTO, type LawBacktest } from '../forecast/backtest.ts';
import type { FindingRule } from './rule.ts';
import { seriesFinding } from './rule.ts';
import { missText } from './words.ts';

const BASELINES: Readonly<Record<string, string>> = { last: 'the last value', 'mean-3': 'the mean of the last three' };

export const noBetterThanBaseline: FindingRule = (input) => {
  const { report, name } = input;
  const laws = report.backtest?.['laws'];
  if (!Array.isArray(laws) || report.chosen === null) return null;
  const tested = (laws as LawBacktest[]).filter((l) => l.meanAbsolute !== null && l.count >= 3);
  // What the forecast itself would have answered, where several laws are blended; else the chosen law.
  const mine = tested.find((l) => l.law === AUTO) ?? tested.find((l) => l.law === report.chosen);
  const rivals = tested.filter((l) => l.law in BASELINES);
  if (mine === undefined || rivals.length === 0) return null;
  const best = rivals.reduce((a, b) => ((b.meanAbsolute as number) < (a.meanAbsolute as number) ? b : a));
  const others = tested.filter((l) => !['last', 'mean-3', 'mean'].includes(l.law));
  if (others.some((l) => (l.meanAbsolute as number) < (best.meanAbsolute as number))) return null;
  const finding = seriesFinding(
    input,
    'fit.no-better-than-baseline',
    `No law predicts held-out points of ${name} better than assuming no change: ${report.chosen} missed by ${missText(mine.meanAbsolute, report)} on average, ${BASELINES[best.law]} by ${missText(best.meanAbsolute, report)} (${mine.count} predictions).`,
    { law: report.chosen, error: mine.meanAbsolute, baseline: best.law, baselineError: best.meanAbsolute },
  );
  // Where nothing changes, assuming no change is right: hardly news.
  return report.shape?.label === 'flat' ? { ...finding, severity: 'hint' } : finding;
};
