/**
 * What the reading room needs from the world: files, settings, a clock, a log, and somebody who analyses. The server
 * hands in the real ones, tests hand in their own; nothing in this room knows a connection, a thread or a disk.
 */
import type { ScorePlace } from '../core/render/view-model.ts';
import type { Report, SeriesReport } from '../core/report-model.ts';
import type { Result } from '../core/result.ts';
import type { InputFile, Question, ReadProgress, Study, StudyOptions } from '../core/study/study.ts';
import type { Range } from '../core/table/span.ts';
import type { Settings } from '../protocol/settings.ts';
import type { AnswerTo, Inquiry, Known } from './inquiry.ts';

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Reads files into a study; bad input becomes findings. Throws the signal's reason when aborted, and for nothing else. */
export type ReadStudy = (
  files: readonly InputFile[],
  options: StudyOptions,
  signal?: AbortSignal,
  progress?: ReadProgress,
) => Promise<Study>;

/** A text that an editor holds, under the name that the study knows it by. */
export interface OpenText {
  readonly name: string;
  readonly text: string;
}

/** The manifest that speaks for a file, and the folder that its paths start from. */
export interface ManifestText extends OpenText {
  /** URI of the manifest's folder. */
  readonly folder: string;
  /** Texts of open files beneath the folder: they count, not what is on disk. */
  readonly open: readonly OpenText[];
}

/** What to analyse. Plain data: it may travel to another thread. */
export interface AnalysisRequest {
  /** Whose work this is (a URI): results of its series are cached under it. */
  readonly key: string;
  /** Grows with every analysis of the key: questions name the turn that they are about. */
  readonly turn: number;
  /** The text, or where the bytes are (the analyst reads them, however many), or the files that the manifest names. */
  readonly source:
    | ({ readonly kind: 'text' } & OpenText)
    | { readonly kind: 'file'; readonly name: string; readonly uri: string }
    | { readonly kind: 'manifest'; readonly name: string };
  /** The source is large: its study and its full report stay with the analyst, who answers questions about them. */
  readonly large: boolean;
  /** So large that others should not have to wait for it. */
  readonly heavy: boolean;
  /** Bytes on disk above which nothing is read without being asked for. */
  readonly limit: number;
  readonly manifest: ManifestText | null;
  readonly bootstrap: number;
  readonly seed: number;
  readonly betweenModelSd: number;
  readonly levels: Settings['findings']['severity'];
  /** One law on one series instead of everything. */
  readonly only: { readonly series: string; readonly law: string } | null;
}

/** What an analysis leaves behind. Plain data. Of a large source the series come without their points (see digest.ts). */
export interface Outcome {
  readonly report: Report;
  readonly questions: readonly Question[];
  /** Series that had to be fitted: the others stood from an earlier analysis. */
  readonly fitted: number;
  /** Of sources too large to be held: what was read row by row, and how much of it was kept. */
  readonly streamed: { readonly bytes: number; readonly rows: number; readonly kept: number } | null;
  /** How many models have scores. */
  readonly models: number;
  /** Where findings about each series are shown; only those that stand in the analysed file itself. */
  readonly anchors: Readonly<Record<string, Range>>;
  /** Place of each point's score cell by series; null for very long series. */
  readonly places: Readonly<Record<string, readonly (ScorePlace | null)[]>> | null;
  /** Milliseconds spent on reading and on fitting. */
  readonly reading: number;
  readonly fitting: number;
}

/** Progress of an analysis: a series is done. */
export type OnSeries = (series: SeriesReport, done: number, total: number) => void;

/** What may be heard of an analysis under way. */
export interface Listener {
  /** The source is read: questions about it can be answered, fits follow. */
  readonly onRead: () => void;
  readonly onSeries: OnSeries;
  /** Words on what takes long. */
  readonly onProgress: (text: string) => void;
}

/** The answer to a question, unless the analyst does not (or no longer) know the turn that it is about. */
export type Reply<T> = { readonly known: true; readonly value: T } | { readonly known: false };

export interface Analyser {
  /**
   * The error is one sentence for the user on what cannot be used. An aborted analysis rejects with the signal's reason, a
   * fault of ours with what went wrong.
   */
  analyse(request: AnalysisRequest, signal: AbortSignal, listener: Listener): Promise<Result<Outcome, string>>;
  /** Asks about the study of a large source that was read in an analysis; answered between two fits at the latest. */
  ask<Q extends Inquiry>(key: string, turn: number, question: Q): Promise<Reply<AnswerTo<Q>>>;
  /** Keys that are at work or wait for their turn. */
  working(): readonly string[];
  /** The file is closed: what was cached for it may go. */
  forget(key: string): void;
}

export interface Ports {
  readonly log: Log;
  readonly analyser: Analyser;
  readonly read: ReadStudy;
  /** Answers a question about a study that was read here. */
  answer<Q extends Inquiry>(question: Q, known: Known): Promise<AnswerTo<Q>>;
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
