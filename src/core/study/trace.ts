/**
 * What a place in a file means: the cell under an offset, its role, the series and points it belongs to, and where the
 * quantities of its row came from. For hovers and `describe`.
 */
import type { ColumnReport, Role } from '../report-model.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import type { RunFacts, Study, StudySeries } from './study.ts';

/** A point by its series and position there. */
export interface PointPlace {
  readonly series: StudySeries;
  readonly index: number;
}

interface Place {
  readonly table: number;
  readonly column: number;
  readonly span: Span;
  readonly report: ColumnReport;
}

export type CellMeaning =
  | (Place & { readonly kind: 'header'; readonly series: readonly StudySeries[] })
  | (Place & {
      readonly kind: 'score';
      readonly row: number;
      readonly points: readonly PointPlace[];
      readonly excluded: readonly { readonly series: StudySeries; readonly why: string }[];
      readonly facts: RunFacts;
    })
  | (Place & {
      readonly kind: 'model';
      readonly row: number;
      readonly points: readonly PointPlace[];
      readonly facts: RunFacts;
    })
  | (Place & {
      readonly kind: 'quantity';
      readonly row: number;
      readonly role: Role;
      readonly points: readonly PointPlace[];
      readonly facts: RunFacts;
    })
  | (Place & {
      readonly kind: 'task';
      readonly row: number;
      readonly points: readonly PointPlace[];
      readonly facts: RunFacts;
    })
  | (Place & {
      readonly kind: 'other';
      readonly row: number;
      readonly points: readonly PointPlace[];
      readonly facts: RunFacts;
    });

/** Rows tried one after the other where spans are in no order (nested formats). */
const MOST_ROWS = 20_000;

function within(span: Span | null, offset: number): span is Span {
  return span !== null && offset >= span.start && offset <= span.end;
}

function inRow(table: RawTable, row: number, offset: number): { column: number; span: Span } | null {
  let found: { column: number; span: Span } | null = null;
  for (let column = 0; column < table.columnCount; column++) {
    const span = table.cellSpan(row, column);
    // The narrowest cell counts: nested formats give several columns one place.
    if (within(span, offset) && (found === null || span.end - span.start < found.span.end - found.span.start))
      found = { column, span };
  }
  return found;
}

function firstStart(table: RawTable, row: number): number {
  for (let column = 0; column < table.columnCount; column++) {
    const span = table.cellSpan(row, column);
    if (span !== null) return span.start;
  }
  return Number.NaN;
}

/** The data cell at an offset: by bisection where rows follow each other in the text, else by looking at each. */
export function cellAt(
  table: RawTable,
  offset: number,
): { readonly row: number; readonly column: number; readonly span: Span } | null {
  if (table.rowCount === 0 || table.text === '') return null;
  let low = 0;
  let high = table.rowCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstStart(table, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  const near = inRow(table, low, offset);
  if (near !== null) return { row: low, ...near };
  if (table.format === 'csv' || table.format === 'tsv') return null;
  for (let row = 0; row < Math.min(table.rowCount, MOST_ROWS); row++) {
    const hit = inRow(table, row, offset);
    if (hit !== null) return { row, ...hit };
  }
  return null;
}

function pointsOfRow(study: Study, table: number, row: number, column: number | null): PointPlace[] {
  const places: PointPlace[] = [];
  for (const series of study.series) {
    series.points.forEach((p, index) => {
      if (p.table === table && p.row === row && (column === null || p.column === column))
        places.push({ series, index });
    });
  }
  return places;
}

/**
 * The meaning of the cell at a UTF-16 offset of a table's text; null between cells and in tables without text.
 * @param table index into `study.tables`
 */
export function describeCell(study: Study, table: number, offset: number): CellMeaning | null {
  const raw = study.tables[table];
  const source = study.sources[table];
  if (raw === undefined || source === undefined) return null;
  for (let column = 0; column < raw.columnCount; column++) {
    const span = raw.headerSpan(column);
    const report = source.columns[column];
    if (!within(span, offset) || report === undefined) continue;
    const series = study.series.filter((s) => s.points.some((p) => p.table === table && p.column === column));
    return { kind: 'header', table, column, span, report, series };
  }
  const cell = cellAt(raw, offset);
  const report = cell === null ? undefined : source.columns[cell.column];
  if (cell === null || report === undefined) return null;
  const place = { table, column: cell.column, span: cell.span, report };
  const { row } = cell;
  const facts = study.run(table, row);
  const here = pointsOfRow(study, table, row, cell.column);
  if (here.length > 0) return { ...place, kind: 'score', row, points: here, excluded: [], facts };
  switch (report.role) {
    case 'score':
    case 'loss': {
      const excluded = study.series.flatMap((series) =>
        series.excluded.filter((e) => e.table === table && e.row === row).map((e) => ({ series, why: e.why })),
      );
      return { ...place, kind: 'score', row, points: [], excluded, facts };
    }
    case 'model':
      return { ...place, kind: 'model', row, points: pointsOfRow(study, table, row, null), facts };
    case 'params':
    case 'params-non-embedding':
    case 'params-active':
    case 'tokens':
    case 'compute':
    case 'compute-per-token':
    case 'step':
      return {
        ...place,
        kind: 'quantity',
        row,
        role: report.role,
        points: pointsOfRow(study, table, row, null),
        facts,
      };
    case 'task':
    case 'metric':
      return { ...place, kind: 'task', row, points: pointsOfRow(study, table, row, null), facts };
    default:
      return { ...place, kind: 'other', row, points: pointsOfRow(study, table, row, null), facts };
  }
}
