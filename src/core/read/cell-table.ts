/**
 * A rectangle built cell by cell, for formats that are no rectangle in their file: every cell keeps its text, its place
 * in the source and, where the text is written in another unit than its column, its value.
 */
import type { Layout } from '../report-model.ts';
import { parseNumber } from '../table/numbers.ts';
import type { ColumnHint, FormatFact, RawTable, TextProblem } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import type { ScalarNode } from './tree.ts';

/** What goes into a cell. */
export interface Cell {
  readonly text: string;
  readonly span: Span | null;
  /** Overrides the number that the text would read as. */
  readonly value?: number;
}

/** A cell from a scalar of a tree; null and NaN become missing. */
export function cellOf(node: ScalarNode): Cell {
  if (node.value === null) return { text: '', span: node.span };
  if (typeof node.value === 'number' && Number.isNaN(node.value)) return { text: '', span: node.span };
  return { text: node.raw, span: node.span };
}

/** A cell that stands nowhere in the text by itself but is read off a place there. */
export function derivedCell(text: string, span: Span | null, value?: number): Cell {
  return value === undefined ? { text, span } : { text, span, value };
}

interface Column {
  readonly header: string;
  readonly headerSpan: Span | null;
  readonly cells: (Cell | undefined)[];
}

/** Everything about a table that is not a cell. */
export interface TableFrame {
  readonly file: string;
  readonly format: string;
  readonly text: string;
  readonly layout: Layout | null;
  readonly facts?: readonly FormatFact[];
  readonly notes?: readonly string[];
  readonly problems?: readonly TextProblem[];
}

/** Collects columns and cells; `build` freezes them into a table. */
export class TableBuilder {
  readonly #columns: Column[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #hints = new Map<number, ColumnHint>();
  #rows = 0;

  /** The column of a key, made on first use. Keys tell apart columns that share a header. */
  column(key: string, header: string, hint?: ColumnHint, headerSpan: Span | null = null): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const index = this.#columns.push({ header, headerSpan, cells: [] }) - 1;
    this.#byKey.set(key, index);
    if (hint !== undefined) this.#hints.set(index, hint);
    return index;
  }

  get columnCount(): number {
    return this.#columns.length;
  }

  get rowCount(): number {
    return this.#rows;
  }

  /** Begins a row and gives its number. */
  row(): number {
    return this.#rows++;
  }

  /** Puts a cell into a row. */
  set(row: number, column: number, cell: Cell): void {
    const target = this.#columns[column];
    if (target === undefined || row >= this.#rows) throw new RangeError(`no cell ${row},${column}`);
    target.cells[row] = cell;
  }

  build(frame: TableFrame): RawTable {
    return new CellTable(frame, this.#columns, this.#rows, this.#hints);
  }
}

class CellTable implements RawTable {
  readonly file: string;
  readonly format: string;
  readonly text: string;
  readonly columnCount: number;
  readonly rowCount: number;
  readonly hints: ReadonlyMap<number, ColumnHint>;
  readonly facts: readonly FormatFact[];
  readonly layout: Layout | null;
  readonly notes: readonly string[];
  readonly problems: readonly TextProblem[];
  readonly #columns: readonly Column[];
  readonly #numbers = new Map<number, Float64Array>();

  constructor(frame: TableFrame, columns: readonly Column[], rows: number, hints: ReadonlyMap<number, ColumnHint>) {
    this.file = frame.file;
    this.format = frame.format;
    this.text = frame.text;
    this.layout = frame.layout;
    this.facts = frame.facts ?? [];
    this.notes = frame.notes ?? [];
    this.problems = frame.problems ?? [];
    this.columnCount = columns.length;
    this.rowCount = rows;
    this.hints = hints;
    this.#columns = columns;
  }

  header(column: number): string {
    return this.#columns[column]?.header ?? '';
  }

  headerSpan(column: number): Span | null {
    return this.#columns[column]?.headerSpan ?? null;
  }

  cell(row: number, column: number): string {
    return this.#columns[column]?.cells[row]?.text ?? '';
  }

  cellSpan(row: number, column: number): Span | null {
    return this.#columns[column]?.cells[row]?.span ?? null;
  }

  numbers(column: number): Float64Array {
    const known = this.#numbers.get(column);
    if (known !== undefined) return known;
    const cells = this.#columns[column]?.cells ?? [];
    const numbers = new Float64Array(this.rowCount).fill(Number.NaN);
    for (let row = 0; row < this.rowCount; row++) {
      const cell = cells[row];
      if (cell !== undefined) numbers[row] = cell.value ?? parseNumber(cell.text);
    }
    this.#numbers.set(column, numbers);
    return numbers;
  }
}
