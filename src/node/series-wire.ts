/**
 * What goes between the threads that analyse series: points as columns, because copying one array of numbers costs a
 * tenth of copying as many objects, and reports without what the receiver has already.
 */
import type { AnalyseOptions } from '../core/analyse-series.ts';
import { pointsRecord } from '../core/points-record.ts';
import type { SeriesReport } from '../core/report-model.ts';
import type { Point, StudySeries } from '../core/study/study.ts';

/** Main thread → analyst. */
export type ToAnalyst =
  | { readonly type: 'options'; readonly options: AnalyseOptions }
  | { readonly type: 'series'; readonly index: number; readonly series: PackedSeries };

/** Analyst → main thread. */
export type FromAnalyst =
  | { readonly type: 'report'; readonly index: number; readonly report: SeriesReport }
  | { readonly type: 'error'; readonly error: string };

const COLUMNS = {
  x: true,
  y: true,
  stderr: true,
  stderrPopulation: true,
  n: true,
  model: true,
  family: true,
  run: true,
  params: true,
  tokens: true,
  compute: true,
  step: true,
  loss: true,
  table: true,
  row: true,
  column: true,
} as const satisfies Record<keyof Point, true>;

type Columns = { readonly [K in keyof Required<Point>]: readonly Point[K][] };

export interface PackedSeries extends Omit<StudySeries, 'points'> {
  readonly columns: Columns;
}

export function packSeries({ points, ...rest }: StudySeries): PackedSeries {
  const columns: Record<string, readonly unknown[]> = {};
  for (const key of Object.keys(COLUMNS) as (keyof Point)[]) columns[key] = points.map((p) => p[key]);
  return { ...rest, columns: columns as unknown as Columns };
}

export function unpackSeries({ columns, ...rest }: PackedSeries): StudySeries {
  const points = columns.x.map((x, i): Point => {
    const population = columns.stderrPopulation[i];
    const point = {
      x,
      y: columns.y[i] as number,
      stderr: columns.stderr[i] ?? null,
      n: columns.n[i] ?? null,
      model: columns.model[i] as string,
      family: columns.family[i] ?? null,
      run: columns.run[i] as string,
      params: columns.params[i] ?? null,
      tokens: columns.tokens[i] ?? null,
      compute: columns.compute[i] ?? null,
      step: columns.step[i] ?? null,
      loss: columns.loss[i] ?? null,
      table: columns.table[i] as number,
      row: columns.row[i] as number,
      column: columns.column[i] as number,
    };
    return population === undefined ? point : { ...point, stderrPopulation: population };
  });
  return { ...rest, points };
}

/** A report without the arrays that repeat the points: the receiver has them. */
export function slimReport(report: SeriesReport): SeriesReport {
  return { ...report, x: [], y: [], stderr: null, models: [], families: [], rows: [] };
}

/** The report as it left the analyst, in the order of its fields. */
export function wholeReport(report: SeriesReport, series: StudySeries): SeriesReport {
  return { ...report, ...pointsRecord(series) };
}
