/**
 * What goes between the threads that analyse series: points as columns, because copying one array of numbers costs a
 * tenth of copying as many objects, and reports without what the receiver has already.
 */
import type { AnalyseOptions } from '../core/analyse-series.ts';
import { pointsRecord } from '../core/points-record.ts';
import type { SeriesReport } from '../core/report-model.ts';
import { ColumnPoints, columnsOf, type PointColumns } from '../core/study/column-points.ts';
import type { StudySeries } from '../core/study/study.ts';

/** Main thread → analyst. */
export type ToAnalyst =
  | { readonly type: 'options'; readonly options: AnalyseOptions }
  | { readonly type: 'series'; readonly index: number; readonly series: PackedSeries };

/** Analyst → main thread. */
export type FromAnalyst =
  | { readonly type: 'report'; readonly index: number; readonly report: SeriesReport }
  | { readonly type: 'error'; readonly error: string };

export interface PackedSeries extends Omit<StudySeries, 'points'> {
  readonly columns: PointColumns;
}

export function packSeries({ points, ...rest }: StudySeries): PackedSeries {
  return { ...rest, columns: columnsOf(points) };
}

export function unpackSeries({ columns, ...rest }: PackedSeries): StudySeries {
  return { ...rest, points: [...new ColumnPoints(columns)] };
}

/** A report without the arrays that repeat the points: the receiver has them. */
export function slimReport(report: SeriesReport): SeriesReport {
  return { ...report, x: [], y: [], stderr: null, models: [], families: [], rows: [] };
}

/** The report as it left the analyst, in the order of its fields. */
export function wholeReport(report: SeriesReport, series: StudySeries): SeriesReport {
  return { ...report, ...pointsRecord(series) };
}
