/**
 * What client and server say beyond the language server protocol itself. Each request or notification is a method name
 * and the types of what travels; views and reports are plain JSON.
 */
import type { FitView } from '../core/render/view-model.ts';
import type { Report } from '../core/report-model.ts';
import type { Position } from '../core/table/span.ts';

/** Answer to a request about a document: the thing itself, or a sentence why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export interface DocumentParams {
  readonly uri: string;
}

/**
 * `scalingLens/view`: what the chart panel draws. Waits for an analysis that is under way; the first one is answered at
 * once, with the series that are done. `fit` shows another law on one series.
 */
export const VIEW_METHOD = 'scalingLens/view';
export interface ViewParams extends DocumentParams {
  readonly fit?: { readonly series: string; readonly law: string };
}
export type ViewResult = Answer<FitView>;

/**
 * `scalingLens/fit`: analyses a document that is open, or a file on disk, however large, with work-done progress and
 * cancellation. The view is kept and follows the file.
 */
export const FIT_METHOD = 'scalingLens/fit';
export interface FitParams extends DocumentParams {
  readonly workDoneToken?: string | number;
}
export interface FitSummary {
  readonly series: number;
  readonly findings: number;
  readonly milliseconds: number;
  readonly summary: string;
}
export type FitResult = Answer<FitSummary>;

/** `scalingLens/close`: the file of an earlier `fit` that is not open as a document is no longer needed. */
export const CLOSE_METHOD = 'scalingLens/close';

/** `scalingLens/report`: the whole report, as `scaling-lens analyze --json` prints it. */
export const REPORT_METHOD = 'scalingLens/report';
export type ReportResult = Answer<Report>;

/** `scalingLens/export`: the results of a document in a format to save or to copy. */
export const EXPORT_METHOD = 'scalingLens/export';
export interface ExportParams extends DocumentParams {
  readonly format: 'json' | 'markdown' | 'csv';
}
export type ExportResult = Answer<string>;

/** `scalingLens/seriesAt`: id of the series at a position, so that the panel follows the cursor; null elsewhere. */
export const SERIES_AT_METHOD = 'scalingLens/seriesAt';
export interface SeriesAtParams extends DocumentParams {
  readonly position: Position;
}

/** `scalingLens/work`: URIs of the files whose analysis is under way or waits for its turn: what the server is busy with. */
export const WORK_METHOD = 'scalingLens/work';
export type WorkResult = readonly string[];

/** How far a file is: work on it waits, is under way, or has ended in one way or another. */
export type Phase = 'waiting' | 'reading' | 'fitting' | 'ready' | 'nothing' | 'failed';

/** Whether work is under way. */
export function isBusy(phase: Phase): boolean {
  return phase === 'reading' || phase === 'fitting';
}

/** `scalingLens/changed` (server → client): a document's state or results have changed. */
export const CHANGED_METHOD = 'scalingLens/changed';
export interface ChangedParams {
  readonly uri: string;
  readonly phase: Phase;
  /** Short: what was recognised, or why there is nothing ('8 tasks × 12 models, long CSV'). */
  readonly text: string;
  /** More of it, for the hover of the status item. */
  readonly detail: string;
  /** Series done and known so far; null before they are known. */
  readonly done: number | null;
  readonly total: number | null;
  /** Length of the finished analysis. */
  readonly milliseconds: number | null;
  /** Series that the finished analysis had to fit; the others stood from an earlier one. */
  readonly fitted: number | null;
  /** True when the view has changed: the panel asks for it again. */
  readonly view: boolean;
}
