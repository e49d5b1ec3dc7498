/** A study of one table and one series from plain records, for tests of laws that read whole tables. */
import type { Study, StudySeries } from '../../../src/core/study/study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';
import { makePoint, makeSeries } from '../law/series.ts';

export interface SeriesColumns {
  readonly x: string;
  /** What one unit of x is worth. */
  readonly unit: number;
  readonly y: string;
}

/** Rows without a number in x are left out, as the reading room does. */
export function tableSeries(
  rows: readonly Readonly<Record<string, string>>[],
  columns: SeriesColumns,
): { readonly series: StudySeries; readonly study: Study } {
  const headers = Object.keys(rows[0] ?? {});
  const number = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text));
  const table: RawTable = {
    file: 'groups.csv',
    format: 'csv',
    text: '',
    columnCount: headers.length,
    rowCount: rows.length,
    header: (c) => headers[c] ?? '',
    headerSpan: () => null,
    cell: (r, c) => rows[r]?.[headers[c] ?? ''] ?? '',
    cellSpan: () => null,
    numbers: (c) => Float64Array.from(rows, (row) => number(row[headers[c] ?? ''])),
    hints: new Map(),
    facts: [],
    layout: 'wide',
    notes: [],
    problems: [],
  };
  const points = rows
    .map((row, r) =>
      makePoint(number(row[columns.x]) * columns.unit, number(row[columns.y]), r, {
        model: row.model ?? `row ${r}`,
        run: row.model ?? `row ${r}`,
        column: headers.indexOf(columns.y),
      }),
    )
    .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
    .sort((a, b) => a.x - b.x);
  const series = makeSeries(points, {
    id: `task/${columns.y}`,
    task: 'task',
    metric: columns.y,
    better: 'higher',
    kind: 'discontinuous',
    isLoss: false,
    lower: 0,
    upper: 1,
  });
  const study: Study = {
    sources: [],
    tables: [table],
    series: [series],
    findings: [],
    questions: [],
    assumed: [],
    run: () => ({ model: null, family: null, params: null, tokens: null, compute: null, step: null }),
    place: () => null,
    manifest: null,
  };
  return { series, study };
}
