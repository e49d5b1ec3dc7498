/**
 * A study: the files read together, the series found in them, and what the reading itself has to say. This is the seam
 * between the reading room (table, read, study) and the laboratory (law, shape, forecast).
 */
import type { Better, Finding, ScaleKind, SourceReport } from '../report-model.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { Range } from '../table/span.ts';

/** A value with its pedigree: "N = 1.4e9 from '1.4b' in cell C7 (name rule 6)". */
export interface Derived<T> {
  readonly value: T;
  readonly how: string;
  /** Index into `Study.tables` and the place there, if it stands in a file. */
  readonly table: number | null;
  readonly range: Range | null;
}

/** One measured point of a series. Absent quantities are null, never NaN. */
export interface Point {
  /** Scale in plain units (FLOP, parameters, tokens, steps or the pinned column's own). */
  readonly x: number;
  /** Metric as in the file (percent stays percent). */
  readonly y: number;
  /** In units of y. */
  readonly stderr: number | null;
  /** For means of per-question rows: the error by the population sd (n), where `stderr` takes the sample sd (n − 1). */
  readonly stderrPopulation?: number;
  /** Items (questions, sequences) behind y. */
  readonly n: number | null;
  readonly model: string;
  readonly family: string | null;
  /** Points of one run are its checkpoints: not independent. */
  readonly run: string;
  /** N: parameters (count). */
  readonly params: number | null;
  /** D: training tokens. */
  readonly tokens: number | null;
  /** C: training FLOP. */
  readonly compute: number | null;
  readonly step: number | null;
  /** Evaluation loss of the same row (nats/token or as in the file), where the row has one. */
  readonly loss: number | null;
  /** Index into `Study.tables`, and the data row there (zero-based, header not counted). */
  readonly table: number;
  readonly row: number;
  /** Column of the score in the table. */
  readonly column: number;
}

/**
 * The points of a series, in order. A list of points is one; a study holds columns, from which a point is made each time
 * it is asked for. Who works on them for long takes them once: `[...series.points]`.
 */
export interface Points extends Iterable<Point> {
  readonly length: number;
  at(index: number): Point | undefined;
  entries(): Iterable<[number, Point]>;
  map<T>(make: (point: Point, index: number) => T): T[];
  filter(keep: (point: Point, index: number) => boolean): Point[];
  find(wanted: (point: Point, index: number) => boolean): Point | undefined;
  some(wanted: (point: Point, index: number) => boolean): boolean;
  every(wanted: (point: Point, index: number) => boolean): boolean;
  reduce<T>(fold: (folded: T, point: Point, index: number) => T, start: T): T;
}

export type MetricKind = 'continuous' | 'discontinuous' | 'transformed';

export interface StudySeries {
  /** Stable: task/metric[/family][/facet…], the same after reordering rows. */
  readonly id: string;
  readonly task: string;
  readonly metric: string;
  readonly family: string | null;
  /** split, shots, filter, condition…: rows that differ here are never pooled. */
  readonly facets: Readonly<Record<string, string>>;
  readonly better: Better;
  readonly betterHow: string;
  readonly kind: MetricKind;
  /** True for losses, perplexities and other y > 0 where the residual is taken in ln y. */
  readonly isLoss: boolean;
  /** Range of the metric in the file's own units ([0, 100] for percent); null where unbounded. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly scale: ScaleKind;
  readonly scaleHow: string;
  /** Sorted by x, ties in file order. */
  readonly points: Points;
  /** In units of y. */
  readonly chance: Derived<number> | null;
  readonly ceiling: Derived<number> | null;
  /** Rows that were left out, each with its reason. */
  readonly excluded: readonly { readonly table: number; readonly row: number; readonly why: string }[];
  /** Where findings about the series are shown: the task's header cell, or the task cell of its first row. */
  readonly anchor: { readonly table: number; readonly range: Range };
  /** True for averages over tasks (they duplicate their members). */
  readonly aggregate: boolean;
  readonly notes: readonly string[];
}

/** Something that only the user can settle, with the lines of scaling.yaml that settle it. */
export interface Question {
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  /** YAML lines to paste; the first alternative is the best guess. */
  readonly yaml: readonly string[];
  /** What `--assume` takes. */
  readonly guess: string;
  /** 'direction': only shapes depend on the answer; a law can be fitted without it. */
  readonly topic?: 'direction';
}

export interface Study {
  readonly sources: readonly SourceReport[];
  readonly tables: readonly RawTable[];
  readonly series: readonly StudySeries[];
  /** data.*, file.* and manifest.* findings. */
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
  /** Guesses that were taken because of `assume`. */
  readonly assumed: readonly string[];
  /** Per table and row: what is known of the run, with pedigree (for hovers and laws that need N and D). */
  run(table: number, row: number): RunFacts;
  /** Place of a point's score cell; the column's header where the score is a mean over the table's rows. */
  place(point: Pick<Point, 'table' | 'row' | 'column'>): Range | null;
  /** What scaling.yaml says of the study; null without one. */
  readonly manifest: StudyManifest | null;
}

export interface RunFacts {
  readonly model: Derived<string> | null;
  readonly family: Derived<string> | null;
  readonly params: Derived<number> | null;
  readonly tokens: Derived<number> | null;
  readonly compute: Derived<number> | null;
  readonly step: Derived<number> | null;
}

/** The parts of scaling.yaml that the laboratory reads (the rest is applied while reading). */
export interface StudyManifest {
  readonly file: string;
  readonly name: string | null;
  readonly seed: number | null;
  readonly fits: readonly Readonly<Record<string, unknown>>[];
  readonly holdout: Readonly<Record<string, unknown>> | null;
  readonly targets: readonly Readonly<Record<string, unknown>>[];
  readonly thresholds: Readonly<Record<string, unknown>> | null;
  readonly uncertainty: Readonly<Record<string, unknown>> | null;
  /** Finding code → level, and codes silenced per series. */
  readonly findings: Readonly<Record<string, unknown>> | null;
}

/** The bytes of a file that is too large to be held, unpacked where the host can (gzip). */
export interface ByteStream {
  /** Bytes in all, for the progress; null where the host does not know. */
  readonly size: number | null;
  /** From the first byte to the last, in pieces of any length. The reader asks once and may stop early. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A file as handed to the reader: bytes, text when an editor holds it, or a stream when it is large. */
export interface InputFile {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly text?: string;
  readonly stream?: ByteStream;
}

/** How far the reading of streams is: bytes read of bytes in all (null where unknown), of one file. */
export type ReadProgress = (file: string, done: number, total: number | null) => void;

export interface WhereClause {
  readonly column: string;
  readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
  readonly value: string;
}

export interface StudyOptions {
  /** compute | params | tokens | steps | a column's header: overrides detection. */
  readonly x?: string;
  /** A column's header: the one score column. */
  readonly y?: string;
  /** Headers: one series per combination of values; everything else is pooled. */
  readonly group?: readonly string[];
  readonly where?: readonly WhereClause[];
  readonly assume?: boolean;
  /** Text of a scaling.yaml with its name. */
  readonly manifest?: InputFile;
}
