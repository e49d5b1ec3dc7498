/**
 * What every reader makes of a file: a rectangle of cells with headers, each cell knowing where it stands in the text.
 * CSV is sliced lazily; readers of nested formats (JSON, YAML, Parquet) build the same rectangle and may fix the roles
 * that the format itself declares.
 */
import type { Better, Layout, Role, Unit } from '../report-model.ts';
import type { SampleFold } from '../study/sample-fold.ts';
import type { ColumnTexts } from './csv-cells.ts';
import type { Span } from './span.ts';

/** A fault in the text, at its place. */
export interface TextProblem {
  readonly code: 'file.malformed' | 'file.too-large' | 'file.unrecognised' | 'data.missing';
  readonly severity: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly span: Span;
}

/** What the format itself says about a column: authority 2 of the order of authority. */
export interface ColumnHint {
  readonly role?: Role;
  readonly unit?: Unit;
  readonly task?: string;
  readonly metric?: string;
  readonly better?: Better;
  readonly how: string;
}

/** What the format says about a metric of a task (direction, chance, sample count), with where it said so. */
export interface FormatFact {
  readonly task: string | null;
  readonly metric: string | null;
  readonly better?: Better;
  readonly chance?: number;
  readonly ceiling?: number;
  readonly n?: number;
  /** The task (or this metric of it) is an average over others that are in the file too. */
  readonly aggregate?: boolean;
  readonly span: Span | null;
}

/** A table that is a selection of the rows of a larger file; `text` holds only those. */
export interface Excerpt {
  /** Zero-based line in the file of every line of `text`. */
  readonly lines: Uint32Array;
  /** Rows of data in the file; the table's `rowCount` were kept. */
  readonly rowsRead: number;
  /** Size of the file in bytes (unpacked). */
  readonly bytes: number;
}

export interface RawTable {
  /** As the user named it. */
  readonly file: string;
  /** 'csv', 'tsv', 'yaml-runs', 'lm-eval', 'wandb-runs'… (the format ids of docs/formats.md). */
  readonly format: string;
  /** The text that spans refer to; '' for binary formats. A delimited file is decoded only when this is read. */
  readonly text: string;
  /** As lineStarts(text) of span.ts, where the table knows it without its text. */
  lineStarts?(): Uint32Array;
  readonly excerpt?: Excerpt;
  /** What all rows of a streamed per-question file come to; the table holds only the first of them. */
  readonly folded?: SampleFold;
  readonly columnCount: number;
  /** Data rows, the header not counted. */
  readonly rowCount: number;
  header(column: number): string;
  headerSpan(column: number): Span | null;
  /** The cell's text, unquoted and unescaped; '' where it is missing. */
  cell(row: number, column: number): string;
  cellSpan(row: number, column: number): Span | null;
  /** A whole column as numbers by the plain number grammar (grouping, %, K/M/B/T, exponents); NaN where it is none. */
  numbers(column: number): Float64Array;
  /** A whole column as codes of its distinct texts, where the format has a faster way than cell by cell. */
  texts?(column: number): ColumnTexts;
  readonly hints: ReadonlyMap<number, ColumnHint>;
  readonly facts: readonly FormatFact[];
  /** Set when the format fixes it. */
  readonly layout: Layout | null;
  readonly notes: readonly string[];
  readonly problems: readonly TextProblem[];
}
