/**
 * Residuals as inlay hints, of outliers only: a word behind the score that the law misses by far, and nothing behind the
 * others. A score is measured by the scatter of all the others: an outlier that swelled its own yardstick would never
 * stand out among a dozen models.
 */
import { formatNumber, formatSigned } from '../core/render/number.ts';
import { chosenFit } from '../core/render/view.ts';
import type { Fit, SeriesReport } from '../core/report-model.ts';
import { tQuantile } from '../core/stats/distribution.ts';
import type { Position } from '../core/table/span.ts';
import type { Outcome } from './ports.ts';

/** A hint and the place behind the score's cell. Plain data. */
export interface ResidualHint {
  readonly position: Position;
  readonly label: string;
  /** Plain text. */
  readonly tooltip: string;
}

/** The editor stops at 1,500 in a file; who has as many outliers has another law. */
export const MOST_HINTS = 500;

/** Chance of a score beyond three standard deviations, on either side: what counts as far, however few tell it. */
const FAR = 0.00135;

/** Standard deviations below which nothing is said. */
const LEAST = 3;

/** Fewer degrees of freedom among the other scores tell no scatter. */
const LEAST_FREE = 2;

/** The hints of an analysed file, the farthest scores first; none for a digest, whose points stayed with the analyst. */
export function residualHints({ report, places }: Outcome): ResidualHint[] {
  const found: { hint: ResidualHint; far: number }[] = [];
  for (const series of report.series) {
    const placed = places?.[series.id] ?? [];
    for (const { index, sigma, text } of outliersOf(series)) {
      const place = placed[index] ?? null;
      if (place === null || place.uri !== null) continue;
      const hint = { position: place.range.end, ...text };
      found.push({ hint, far: Math.abs(sigma) });
    }
  }
  found.sort((a, b) => b.far - a.far);
  return found.slice(0, MOST_HINTS).map(({ hint }) => hint);
}

interface Outlier {
  readonly index: number;
  /** Residual in standard deviations of the other residuals. */
  readonly sigma: number;
  readonly text: Pick<ResidualHint, 'label' | 'tooltip'>;
}

/**
 * Scores whose residual from the chosen law is beyond three standard deviations of the other residuals (deleted
 * residuals: Belsley, Kuh & Welsch 1980, §2.1, without the leverage), and as improbable as that under Student's t where
 * few scores tell the scatter. Residuals of losses are differences of logarithms.
 */
export function outliersOf(series: SeriesReport): Outlier[] {
  const fit = chosenFit(series);
  if (fit === null) return [];
  const residuals = series.y.map((y, i) => residualOf(series, y, series.predicted?.[i]?.y ?? null));
  const known = residuals.filter((one) => one !== null);
  const free = known.length - 1 - Object.keys(fit.parameters).length;
  if (free < LEAST_FREE) return [];
  const bound = Math.max(LEAST, tQuantile(1 - FAR, free));
  const total = known.reduce((sum, e) => sum + e * e, 0);
  return residuals.flatMap((residual, index) => {
    if (residual === null) return [];
    const others = Math.sqrt(Math.max(0, total - residual * residual) / free);
    // Scores that lie on the curve to the last digit have no scatter to measure by.
    const sigma = others > 1e-9 * Math.abs(residual) ? residual / others : 0;
    if (Math.abs(sigma) <= bound) return [];
    return [{ index, sigma, text: textOf(series, fit, index, sigma, known.length - 1) }];
  });
}

function residualOf({ isLoss }: SeriesReport, y: number, predicted: number | null): number | null {
  if (predicted === null) return null;
  return isLoss === true && y > 0 && predicted > 0 ? Math.log(y / predicted) : y - predicted;
}

function textOf(series: SeriesReport, { law }: Fit, index: number, sigma: number, others: number): Outlier['text'] {
  const y = series.y[index] as number;
  const predicted = series.predicted?.[index]?.y as number;
  const far = formatNumber(Math.abs(sigma), 2);
  return {
    label: `${formatSigned(y - predicted)} (${far} σ)`,
    tooltip: `${series.name ?? series.id}: measured ${formatNumber(y, 4)}, ${law} expects ${formatNumber(predicted, 4)}. The residual is ${far} standard deviations of the other ${others} residuals${series.isLoss === true ? ', in ln' : ''}.`,
  };
}
