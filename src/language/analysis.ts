/**
 * The analyst's work on one file, from text to outcome. It runs wherever there is room for it: in the server's worker
 * threads, in a browser worker, or in a test. It keeps analysed series by their content, so that an edit that touches
 * one task refits that task alone.
 */

import { DEFAULT_OPTIONS } from '../core/analyse-series.ts';
import { analyse, type ReportOptions, type SeriesCache } from '../core/report.ts';
import type { SeriesReport } from '../core/report-model.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { InputFile, Study } from '../core/study/study.ts';
import type { Range } from '../core/table/span.ts';
import type { AnalysisRequest, OnSeries, Outcome, ReadStudy } from './ports.ts';

export interface AnalysisPorts {
  readonly read: ReadStudy;
  /** Bytes of a file that no editor holds. */
  readBytes(uri: string): Promise<Uint8Array>;
  now(): number;
}

/** Beyond this many points a view carries no places: clicking a point cannot matter among so many. */
const MOST_PLACES = 20_000;

/** Runs requests one after the other, keeping a cache per key. */
export class Analyst {
  readonly #ports: AnalysisPorts;
  readonly #caches = new Map<string, SeriesCache>();

  constructor(ports: AnalysisPorts) {
    this.#ports = ports;
  }

  /** Drops what is kept for a key. */
  forget(key: string): void {
    this.#caches.delete(key);
  }

  /** @throws the signal's reason when aborted; bad input is a value */
  async run(request: AnalysisRequest, signal: AbortSignal, onSeries: OnSeries): Promise<Result<Outcome, string>> {
    const { now } = this.#ports;
    const started = now();
    const file = await this.#input(request);
    if (!file.ok) return file;
    signal.throwIfAborted();
    const options = request.manifest === null ? {} : { manifest: request.manifest };
    const study = await this.#ports.read([file.value], options, signal);
    signal.throwIfAborted();
    const fitting = now();
    const cache: SeriesCache = this.#caches.get(request.key) ?? new Map<string, SeriesReport>();
    this.#caches.set(request.key, cache);
    const report = await analyse(study, { ...optionsOf(request, study), cache }, signal, onSeries);
    if (request.only === null) prune(cache, report.series);
    return ok({
      report,
      questions: study.questions,
      anchors: anchorsOf(study, request.source.name),
      places: placesOf(study, request.source.name),
      reading: fitting - started,
      fitting: now() - fitting,
    });
  }

  async #input({ source }: AnalysisRequest): Promise<Result<InputFile, string>> {
    if (source.kind === 'text') return ok({ name: source.name, text: source.text });
    try {
      return ok({ name: source.name, bytes: await this.#ports.readBytes(source.uri) });
    } catch (error) {
      return err(`${source.name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
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

function anchorsOf(study: Study, file: string): Record<string, Range> {
  const anchors: [string, Range][] = [];
  for (const { id, anchor } of study.series) {
    if (study.tables[anchor.table]?.file === file) anchors.push([id, anchor.range]);
  }
  return Object.fromEntries(anchors);
}

function placesOf(study: Study, file: string): Record<string, (Range | null)[]> | null {
  let points = 0;
  for (const series of study.series) points += series.points.length;
  if (points > MOST_PLACES) return null;
  return Object.fromEntries(
    study.series.map((series) => [
      series.id,
      series.points.map((point) => (study.tables[point.table]?.file === file ? point.range : null)),
    ]),
  );
}
