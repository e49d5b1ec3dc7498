/**
 * What travels of a large report: the series without their points. A table of 10 MB has 10 MB of report, and whatever a
 * thread is sent it must unpack before it does anything else; lists, outlines, findings and status need none of it.
 */
import type { SeriesReport } from '../core/report-model.ts';
import type { Outcome } from './ports.ts';

/** Characters (or bytes on disk) from which a source is large: reading as many takes about a tenth of a second. */
export const LARGE = 256 * 1024;

/** Characters (or bytes) from which an analysis takes so long that smaller files go past it: about a second of reading. */
export const HEAVY = 3e6;

/** Names of models kept of a series, for completion. */
const MOST_NAMES = 500;

/** An outcome whose series have no points and no places. */
export function digestOf(outcome: Outcome): Outcome {
  const { report } = outcome;
  return { ...outcome, report: { ...report, series: report.series.map(digestSeries) }, places: null };
}

/** A series without its points; of the names of models and families each once. */
export function digestSeries(series: SeriesReport): SeriesReport {
  const { stderr, predicted, rows, families } = series;
  return {
    ...series,
    x: [],
    y: [],
    models: once(series.models),
    stderr: stderr === null ? null : [],
    ...(predicted === undefined ? {} : { predicted: predicted === null ? null : [] }),
    ...(rows === undefined ? {} : { rows: [] }),
    ...(families === undefined ? {} : { families: once(families) }),
  };
}

function once<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  for (const value of values) {
    if (seen.size >= MOST_NAMES) break;
    seen.add(value);
  }
  return [...seen];
}
