/** A study of one table and one series from plain records, for tests of laws that read whole tables. */
import type { Point, Study, StudySeries } from '../../../src/core/study/study.ts';
import type { RawTable } from '../../../src/core/table/raw-table.ts';

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

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
  const points: Point[] = rows
    .map((row, r) => ({
      x: number(row[columns.x]) * columns.unit,
      y: number(row[columns.y]),
      stderr: null,
      n: null,
      model: row.model ?? `row ${r}`,
      family: null,
      run: row.model ?? `row ${r}`,
      params: null,
      tokens: null,
      compute: null,
      step: null,
      loss: null,
      table: 0,
      row: r,
      range: null,
      column: headers.indexOf(columns.y),
    }))
    .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
    .sort((a, b) => a.x - b.x);
  const series: StudySeries = {
    id: `task/${columns.y}`,
    task: 'task',
    metric: columns.y,
    family: null,
    facets: {},
    better: 'higher',
    betterHow: 'accuracy',
    kind: 'discontinuous',
    isLoss: false,
    lower: 0,
    upper: 1,
    scale: 'compute',
    scaleHow: 'column',
    points,
    chance: null,
    ceiling: null,
    excluded: [],
    anchor: { table: 0, range: NOWHERE },
    aggregate: false,
    notes: [],
  };
  const study: Study = {
    sources: [],
    tables: [table],
    series: [series],
    findings: [],
    questions: [],
    assumed: [],
    run: () => ({ model: null, family: null, params: null, tokens: null, compute: null, step: null }),
    manifest: null,
  };
  return { series, study };
}
