/** An average miss of a backtest as people read it. */
import { formatNumber } from '../render/number.ts';

/** Beyond this a logarithm and a percentage part ways. */
const SMALL = 0.3;

/**
 * A miss in the unit that it was measured in: of ln y in percent, or as a factor where it is large; of a score in its own
 * units, or in percentage points.
 *
 * @param miss not negative
 * @param percent whether the score is in percent
 */
export function missWords(miss: number, errorScale: 'ln y' | 'y', percent: boolean): string {
  if (errorScale === 'ln y')
    return miss < SMALL ? `${formatNumber(100 * miss, 2)}\u00a0%` : `a factor of ${formatNumber(Math.exp(miss), 2)}`;
  return percent ? `${formatNumber(miss, 2)} percentage points` : formatNumber(miss, 2);
}
