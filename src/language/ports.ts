/**
 * What the reading room needs from the world: files, settings, a clock, a log, and somebody who analyses. The server
 * hands in the real ones, tests hand in their own; nothing in this room knows a connection, a thread or a disk.
 */
import type { Report, SeriesReport } from '../core/report-model.ts';
import type { Result } from '../core/result.ts';
import type { InputFile, Question, Study, StudyOptions } from '../core/study/study.ts';
import type { Range } from '../core/table/span.ts';
import type { Settings } from '../protocol/settings.ts';

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Reads files into a study; bad input becomes findings. Throws the signal's reason when aborted, and for nothing else. */
export type ReadStudy = (files: readonly InputFile[], options: StudyOptions, signal?: AbortSignal) => Promise<Study>;

/** What to analyse. Plain data: it may travel to another thread. */
export interface AnalysisRequest {
  /** Whose work this is (a URI): results of its series are cached under it. */
  readonly key: string;
  /** The text, or where the bytes are (the analyst reads them, however many). */
  readonly source:
    | { readonly kind: 'text'; readonly name: string; readonly text: string }
    | { readonly kind: 'file'; readonly name: string; readonly uri: string };
  readonly manifest: { readonly name: string; readonly text: string } | null;
  readonly bootstrap: number;
  readonly seed: number;
  readonly betweenModelSd: number;
  readonly levels: Settings['findings']['severity'];
  /** One law on one series instead of everything. */
  readonly only: { readonly series: string; readonly law: string } | null;
}

/** What an analysis leaves behind. Plain data. */
export interface Outcome {
  readonly report: Report;
  readonly questions: readonly Question[];
  /** Where findings about each series are shown; only those that stand in the analysed file itself. */
  readonly anchors: Readonly<Record<string, Range>>;
  /** Place of each point's score cell by series, where it stands in the analysed file; null for very long series. */
  readonly places: Readonly<Record<string, readonly (Range | null)[]>> | null;
  /** Milliseconds spent on reading and on fitting. */
  readonly reading: number;
  readonly fitting: number;
}

/** Progress of an analysis: a series is done. */
export type OnSeries = (series: SeriesReport, done: number, total: number) => void;

export interface Analyser {
  /** The error is one sentence for the user. An aborted analysis rejects with the signal's reason. */
  analyse(request: AnalysisRequest, signal: AbortSignal, onSeries: OnSeries): Promise<Result<Outcome, string>>;
  /** The file is closed: what was cached for it may go. */
  forget(key: string): void;
}

export interface Ports {
  readonly log: Log;
  readonly analyser: Analyser;
  readonly read: ReadStudy;
  /** Text of a file; null where there is none. */
  readText(uri: string): Promise<string | null>;
  /** Bytes on disk; null where there is no such file. */
  size(uri: string): Promise<number | null>;
  settings(uri: string): Promise<Settings>;
  /** Folders that are open, as URIs: the search for a scaling.yaml stops there. */
  folders(): readonly string[];
  /** Milliseconds, monotonic. */
  now(): number;
}
