/**
 * Which cell a place in the text belongs to, and what that cell means: a header, a task's name, a score, a fact about a
 * run. Every face that starts from a position (hovers, the panel following the cursor, fixes) asks here.
 */
import type { ColumnReport } from '../core/report-model.ts';
import { columnsOf, fieldAt } from '../core/study/column-points.ts';
import type { Point, Study, StudySeries } from '../core/study/study.ts';
import type { RawTable } from '../core/table/raw-table.ts';
import type { Span } from '../core/table/span.ts';

/** A place in a table; row −1 is the header. */
export interface Cell {
  readonly table: number;
  readonly row: number;
  readonly column: number;
  readonly span: Span;
}

export type Meaning =
  /** A header cell: the series whose scores stand under it (none for models, sizes, …). */
  | {
      readonly kind: 'header';
      readonly cell: Cell;
      readonly about: ColumnReport | null;
      readonly series: readonly StudySeries[];
    }
  /** A task's or metric's name in a row, or a value that sets its series apart: the series that the row belongs to. */
  | { readonly kind: 'label'; readonly cell: Cell; readonly series: readonly StudySeries[] }
  | {
      readonly kind: 'score';
      readonly cell: Cell;
      readonly series: StudySeries;
      readonly index: number;
      readonly point: Point;
    }
  /** A model's name or one of its sizes. */
  | { readonly kind: 'run'; readonly cell: Cell; readonly about: ColumnReport | null };

const LABELS: ReadonlySet<string> = new Set(['task', 'metric']);
const RUNS: ReadonlySet<string> = new Set([
  'model',
  'family',
  'params',
  'params-non-embedding',
  'params-active',
  'tokens',
  'compute',
  'step',
]);

/** Tables with at most this many cells are indexed whole; larger ones are searched by row. */
const INDEXED_CELLS = 60_000;

/** What stands at an offset of a file's text; null between cells and on cells without meaning. */
export function meaningAt(study: Study, file: string, offset: number): Meaning | null {
  for (const [table, raw] of study.tables.entries()) {
    if (raw.file !== file) continue;
    const cell = cellAt(raw, table, offset);
    if (cell === null) continue;
    const meaning = meaningOf(study, cell);
    if (meaning !== null) return meaning;
  }
  return null;
}

/** The meaning of a cell. */
export function meaningOf(study: Study, cell: Cell): Meaning | null {
  const about = columnReport(study, cell);
  if (cell.row < 0) {
    const series = study.series.filter((one) => pointAt(one, { ...cell, row: null }) >= 0);
    return series.length > 0 || about?.role ? { kind: 'header', cell, about, series } : null;
  }
  const series = study.series.findLast((one) => pointAt(one, cell) >= 0);
  if (series !== undefined) {
    const index = pointAt(series, cell);
    return { kind: 'score', cell, series, index, point: series.points.at(index) as Point };
  }
  const role = about?.role ?? null;
  if (role !== null && LABELS.has(role)) {
    const series = seriesOfRow(study, cell);
    return series.length > 0 ? { kind: 'label', cell, series } : null;
  }
  if (role !== null && RUNS.has(role)) return { kind: 'run', cell, about };
  const header = about?.header ?? '';
  const apart = seriesOfRow(study, cell).filter((one) => one.facets[header] !== undefined);
  return apart.length > 0 ? { kind: 'label', cell, series: apart } : null;
}

/** The series of a place: of the score, of the row's label, or of the header; the first of several. */
export function seriesAt(study: Study, file: string, offset: number): StudySeries | null {
  const meaning = meaningAt(study, file, offset);
  if (meaning === null) return null;
  if (meaning.kind === 'score') return meaning.series;
  if (meaning.kind === 'run') return null;
  return meaning.series[0] ?? null;
}

/** What the reading decided about the column of a cell. */
export function columnReport(study: Study, { table, column }: Pick<Cell, 'table' | 'column'>): ColumnReport | null {
  const raw = study.tables[table];
  if (raw === undefined) return null;
  const header = raw.header(column);
  for (const source of study.sources) {
    if (source.file !== raw.file) continue;
    const here = source.columns[column];
    if (here?.header === header) return here;
    const found = source.columns.find((one) => one.header === header);
    if (found !== undefined) return found;
  }
  return null;
}

function seriesOfRow(study: Study, { table, row }: Cell): readonly StudySeries[] {
  return study.series.filter((one) => pointAt(one, { table, row, column: null }) >= 0);
}

/**
 * The last point of a series that stands at a place, whatever its row or column where that is null; −1 where there is none.
 * Looked up in the columns of the points: half a million are searched in a millisecond, an index of them takes longer to
 * build and ten times their memory.
 */
function pointAt(
  { points }: StudySeries,
  { table, row, column }: { readonly table: number; readonly row: number | null; readonly column: number | null },
): number {
  const { length, places } = columnsOf(points);
  const differs = (values: Int32Array, wanted: number | null): boolean =>
    wanted !== null && values.length === 1 && values[0] !== wanted;
  if (differs(places.table, table) || differs(places.column, column)) return -1;
  for (let i = length - 1; i >= 0; i--) {
    if (
      (row === null || fieldAt(places.row, i) === row) &&
      fieldAt(places.table, i) === table &&
      (column === null || fieldAt(places.column, i) === column)
    )
      return i;
  }
  return -1;
}

/** The cell whose text {@link holds} an offset. */
export function cellAt(raw: RawTable, table: number, offset: number): Cell | null {
  for (let column = 0; column < raw.columnCount; column++) {
    const span = raw.headerSpan(column);
    if (span !== null && holds(span, offset)) return { table, row: -1, column, span };
  }
  if (raw.rowCount * raw.columnCount <= INDEXED_CELLS) return indexedCellAt(raw, table, offset);
  const row = rowAt(raw, offset);
  for (let column = 0; column < raw.columnCount; column++) {
    const span = raw.cellSpan(row, column);
    if (span !== null && holds(span, offset)) return { table, row, column, span };
  }
  return null;
}

/** Whether a span has an offset in it or at its end, where the cursor stands after typing. */
export function holds(span: Span, offset: number): boolean {
  return offset >= span.start && offset <= span.end;
}

/** The last row that begins at or before an offset, in tables whose rows follow the text (delimited ones). */
function rowAt(raw: RawTable, offset: number): number {
  let low = 0;
  let high = raw.rowCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(raw, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function startOf(raw: RawTable, row: number): number {
  for (let column = 0; column < raw.columnCount; column++) {
    const span = raw.cellSpan(row, column);
    if (span !== null) return span.start;
  }
  return Number.POSITIVE_INFINITY;
}

interface CellIndex {
  readonly starts: Float64Array;
  readonly cells: readonly { readonly row: number; readonly column: number; readonly span: Span }[];
}

const indexes = new WeakMap<RawTable, CellIndex>();

function indexedCellAt(raw: RawTable, table: number, offset: number): Cell | null {
  const { starts, cells } = indexOf(raw);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  // Cells do not overlap, but one cell may be shared by many rows (a run's name): the first of equal spans wins.
  const last = cells[low - 1];
  if (last === undefined || !holds(last.span, offset)) return null;
  let at = low - 1;
  while (at > 0 && cells[at - 1]?.span.start === last.span.start) at--;
  const { row, column, span } = cells[at] as (typeof cells)[number];
  return { table, row, column, span };
}

function indexOf(raw: RawTable): CellIndex {
  const known = indexes.get(raw);
  if (known !== undefined) return known;
  const cells: { row: number; column: number; span: Span }[] = [];
  for (let row = 0; row < raw.rowCount; row++) {
    for (let column = 0; column < raw.columnCount; column++) {
      const span = raw.cellSpan(row, column);
      if (span !== null) cells.push({ row, column, span });
    }
  }
  cells.sort((a, b) => a.span.start - b.span.start || a.row - b.row || a.column - b.column);
  const index = { starts: Float64Array.from(cells, ({ span }) => span.start), cells };
  indexes.set(raw, index);
  return index;
}
