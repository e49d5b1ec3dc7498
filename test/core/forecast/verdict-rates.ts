/** How often intervals and verdicts are right on simulated studies. */
import { analyseSeries, DEFAULT_OPTIONS } from '../../../src/core/analyse-series.ts';
import { FULL } from '../../../src/core/effort.ts';
import type { Study } from '../../../src/core/study/study.ts';
import { type Regime, simulateStudy } from './simulated.ts';

export interface Rates {
  readonly regime: Regime;
  readonly studies: number;
  readonly forecasts: number;
  readonly covered: number;
  readonly tested: number;
  /** Share of `tested` forecasts whose measured value lies outside the interval. */
  readonly testedWrong: number;
  readonly beyond: number;
  readonly baseline: number;
  readonly unidentified: number;
  /** Mean half-width: share of y for losses, points of 100 for scores. */
  readonly halfWidth: number;
}

/** @param studies how many seeded studies of the regime */
export function verdictRates(regime: Regime, studies: number): Rates {
  let forecasts = 0;
  let covered = 0;
  let tested = 0;
  let wrong = 0;
  let beyond = 0;
  let baseline = 0;
  let unidentified = 0;
  let width = 0;
  let widths = 0;
  for (let seed = 1; seed <= studies; seed++) {
    const { series, cut } = simulateStudy(regime, seed);
    const study = { manifest: null, series: [series], tables: [] } as unknown as Study;
    const report = analyseSeries(series, study, {
      ...DEFAULT_OPTIONS,
      bootstrap: 0,
      fitBelow: cut,
      at: 'held-out',
      // The interval of a threshold costs more than everything else and says nothing about a forecast.
      effort: { ...FULL, thresholdResamples: 10 },
    });
    for (const f of report.forecast) {
      forecasts++;
      const inside =
        f.low !== null && f.high !== null && (f.actual as number) >= f.low && (f.actual as number) <= f.high;
      if (inside) covered++;
      if (f.low !== null && f.high !== null && f.y !== null) {
        width += series.isLoss ? (f.high - f.low) / (2 * f.y) : (100 * (f.high - f.low)) / 2;
        widths++;
      }
      if (f.verdict === 'tested') {
        tested++;
        if (!inside) wrong++;
      } else if (f.verdict === 'beyond-tested-range') beyond++;
      else if (f.verdict === 'no-better-than-baseline') baseline++;
      else unidentified++;
    }
  }
  const share = (n: number): number => n / Math.max(1, forecasts);
  return {
    regime,
    studies,
    forecasts,
    covered: share(covered),
    tested: share(tested),
    testedWrong: wrong / Math.max(1, tested),
    beyond: share(beyond),
    baseline: share(baseline),
    unidentified: share(unidentified),
    halfWidth: width / Math.max(1, widths),
  };
}
