/**
 * How often an interval held what was then measured: on the public data it was calibrated on, and on the file's own
 * backtests.
 */
import type { FittedLaw } from '../law/law.ts';
import { normalQuantile } from '../stats/distribution.ts';
import type { StudySeries } from '../study/study.ts';
import type { Backtest } from './backtest.ts';
import { CURVE_SHRINK, MEASURED, type MeasuredCoverage, SCORE_SHRINK } from './calibration.ts';
import { FEWEST_MISSES, relevantMisses, rollingHalfWidth } from './past-misses.ts';
import { remembered } from './remembered.ts';
import { transferWidth } from './width-parts.ts';

type Coverage = MeasuredCoverage['own'];

/** Decades of misses that are counted at least. */
const SHORTEST_CHECK = 0.3;
/** Fewest misses that a share of them is given of. */
const FEWEST_CHECKED = 5;
/** Origins with fewer points say little of a fit to more. */
const FEWEST_FITTED = 6;

/** Measured coverage of such an interval: on public data of this kind, and on the file's own backtests. */
export function measuredCoverage(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest | null,
  level: number,
  horizon: number,
): MeasuredCoverage {
  const kind = series.isLoss ? MEASURED.curve : MEASURED.scores;
  return {
    level: 0.9,
    covered: kind.covered,
    on: kind.on,
    own: backtest === null ? null : owned(series, fitted, backtest, level, horizon),
  };
}

/** One answer per backtest and tenth of a decade. */
const known = new WeakMap<Backtest, Map<string, Coverage>>();

function owned(series: StudySeries, fitted: FittedLaw, backtest: Backtest, level: number, horizon: number): Coverage {
  const reach = Math.max(SHORTEST_CHECK, Math.ceil(10 * horizon) / 10);
  const answers = remembered(known, backtest, () => new Map<string, Coverage>());
  return remembered(answers, `${fitted.fit.law}|${level}|${reach}`, () =>
    ownCoverage(series, fitted, backtest, level, reach),
  );
}

/** Misses up to a horizon against the interval that the earlier origins alone would have given. */
function ownCoverage(
  series: StudySeries,
  fitted: FittedLaw,
  backtest: Backtest,
  level: number,
  reach: number,
): Coverage {
  const misses = relevantMisses(backtest, fitted).filter((m) => m.noise !== undefined);
  const z = normalQuantile(1 - (1 - level) / 2);
  const transfer = transferWidth(series, z);
  let inside = 0;
  let count = 0;
  for (const origin of new Set(misses.map((m) => m.origin))) {
    const earlier = misses.filter((m) => m.x <= origin && m.origin < origin);
    if (earlier.length < FEWEST_MISSES) continue;
    for (const m of misses) {
      if (m.origin !== origin || m.horizon > reach + 1e-9 || m.fitted < FEWEST_FITTED) continue;
      const half = Math.hypot(
        rollingHalfWidth(earlier, m.horizon, level),
        z * (m.noise ?? 0) * (series.isLoss ? 1 : 1 + m.horizon),
        z * (m.spread ?? 0),
        transfer * (1 + m.horizon),
      );
      if (Math.abs(m.error) <= (series.isLoss ? CURVE_SHRINK : SCORE_SHRINK) * half) inside++;
      count++;
    }
  }
  return count < FEWEST_CHECKED ? null : { covered: inside / count, count };
}
