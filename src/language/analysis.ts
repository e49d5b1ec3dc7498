/**
 * The analyst's work on one file, from text to outcome. It runs wherever there is room for it: in the server's worker
 * threads, in a browser worker, or in a test. It keeps analysed series by their content, so that an edit that touches
 * one task refits that task alone; of large sources it keeps the study and the full report too, and answers questions
 * about them, so that neither has to travel.
 */

import { DEFAULT_OPTIONS } from '../core/analyse-series.ts';
import type { ScorePlace } from '../core/render/view-model.ts';
import { analyse, type ReportOptions, type SeriesCache } from '../core/report.ts';
import type { SeriesReport } from '../core/report-model.ts';
import { ok, type Result } from '../core/result.ts';
import type { Study } from '../core/study/study.ts';
import type { Range } from '../core/table/span.ts';
import { digestOf, digestSeries } from './digest.ts';
import { type FilePorts, inputsOf } from './inputs.ts';
import { type AnswerTo, answer, type Inquiry, type Known } from './inquiry.ts';
import type { AnalysisRequest, Listener, Outcome, ReadStudy, Reply } from './ports.ts';
import { resolved } from './uri.ts';

export interface AnalysisPorts extends FilePorts {
  readonly read: ReadStudy;
  now(): number;
}

/** Beyond this many points a view carries no places: clicking a point cannot matter among so many. */
const MOST_PLACES = 20_000;

interface Kept extends Known {
  readonly turn: number;
}

/** Runs requests one after the other, keeping a cache per key. */
export class Analyst {
  readonly #ports: AnalysisPorts;
  readonly #caches = new Map<string, SeriesCache>();
  readonly #kept = new Map<string, Kept>();

  constructor(ports: AnalysisPorts) {
    this.#ports = ports;
  }

  /** Drops what is kept for a key. */
  forget(key: string): void {
    this.#caches.delete(key);
    this.#kept.delete(key);
  }

  /** Answers a question about a large source that was read, also while its series are being fitted. */
  ask<Q extends Inquiry>(key: string, turn: number, question: Q): Reply<AnswerTo<Q>> {
    const kept = this.#kept.get(key);
    return kept?.turn === turn ? { known: true, value: answer(question, kept) } : { known: false };
  }

  /** @throws the signal's reason when aborted; bad input is a value */
  async run(request: AnalysisRequest, signal: AbortSignal, listener: Listener): Promise<Result<Outcome, string>> {
    const { now } = this.#ports;
    const { key, turn, large, only } = request;
    const started = now();
    const known = this.#kept.get(key);
    let study: Study;
    if (only !== null && known?.turn === turn) study = known.study;
    else {
      // Never two large studies of one file at once.
      if (only === null) this.#kept.delete(key);
      const read = await this.#read(request, signal, listener);
      if (!read.ok) return read;
      study = read.value;
      if (large && only === null) this.#kept.set(key, { turn, study, file: request.source.name, outcome: null });
    }
    listener.onRead();
    const fitting = now();
    const cache: SeriesCache = this.#caches.get(key) ?? new Map<string, SeriesReport>();
    this.#caches.set(key, cache);
    const before = cache.size;
    const report = await analyse(study, { ...optionsOf(request, study), cache }, signal, (series, done, total) =>
      listener.onSeries(large ? digestSeries(series) : series, done, total),
    );
    const fitted = cache.size - before;
    if (only === null) prune(cache, report.series);
    const outcome: Outcome = {
      report,
      questions: study.questions,
      fitted,
      streamed: streamedOf(study),
      models: new Set(report.series.flatMap(({ models }) => models)).size,
      anchors: anchorsOf(study, request.source.name),
      places: placesOf(study, request),
      reading: fitting - started,
      fitting: now() - fitting,
    };
    if (!large || only !== null) return ok(outcome);
    this.#kept.set(key, { turn, study, file: request.source.name, outcome });
    return ok(digestOf(outcome));
  }

  async #read(request: AnalysisRequest, signal: AbortSignal, listener: Listener): Promise<Result<Study, string>> {
    const inputs = await inputsOf(request, this.#ports, signal);
    if (!inputs.ok) return inputs;
    signal.throwIfAborted();
    const { files, findings } = inputs.value;
    const { manifest } = request;
    const options = manifest === null ? {} : { manifest: { name: manifest.name, text: manifest.text } };
    const { now } = this.#ports;
    let said = now();
    const study = await this.#ports.read(files, options, signal, (_, done, total) => {
      if (now() - said < 250) return;
      said = now();
      listener.onProgress(progressText(done, total));
    });
    signal.throwIfAborted();
    return ok(findings.length === 0 ? study : { ...study, findings: [...study.findings, ...findings] });
  }
}

/** 'reading 210 of 500 MB'. */
function progressText(done: number, total: number | null): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return total === null
    ? `reading, ${megabytes(done)} MB so far`
    : `reading ${megabytes(done)} of ${megabytes(total)} MB`;
}

function optionsOf(request: AnalysisRequest, study: Study): ReportOptions {
  return {
    ...DEFAULT_OPTIONS,
    bootstrap: request.bootstrap,
    seed: study.manifest?.seed ?? request.seed,
    betweenModelSd: request.betweenModelSd,
    levels: request.levels,
    ...(request.only === null ? {} : { series: request.only.series, laws: [request.only.law] }),
  };
}

/** Keeps the series of this report and as many of earlier ones (undo finds them again). */
function prune(cache: SeriesCache, current: readonly SeriesReport[]): void {
  const spare = Math.max(50, current.length);
  let surplus = cache.size - current.length - spare;
  if (surplus <= 0) return;
  const keep = new Set(current);
  for (const [key, report] of cache) {
    if (surplus <= 0) return;
    if (keep.has(report)) continue;
    cache.delete(key);
    surplus--;
  }
}

function streamedOf({ tables }: Study): Outcome['streamed'] {
  let bytes = 0;
  let rows = 0;
  let kept = 0;
  for (const { excerpt, rowCount } of tables) {
    if (excerpt === undefined) continue;
    bytes += excerpt.bytes;
    rows += excerpt.rowsRead;
    kept += rowCount;
  }
  return rows === 0 ? null : { bytes, rows, kept };
}

function anchorsOf(study: Study, file: string): Record<string, Range> {
  const anchors: [string, Range][] = [];
  for (const { id, anchor } of study.series) {
    if (study.tables[anchor.table]?.file === file) anchors.push([id, anchor.range]);
  }
  return Object.fromEntries(anchors);
}

function placesOf(study: Study, { source, manifest }: AnalysisRequest): Outcome['places'] {
  let points = 0;
  for (const series of study.series) points += series.points.length;
  if (points > MOST_PLACES) return null;
  return Object.fromEntries(
    study.series.map((series) => [
      series.id,
      series.points.map((point): ScorePlace | null => {
        const range = study.place(point);
        const file = study.tables[point.table]?.file;
        if (range === null || file === undefined) return null;
        if (file === source.name) return { uri: null, range };
        return manifest === null ? null : { uri: resolved(manifest.folder, file), range };
      }),
    ]),
  );
}
