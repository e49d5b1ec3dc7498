/**
 * Series analysed on several threads. Every thread gets series one at a time as it becomes free; the result depends on
 * the series and the options alone, so neither the number of threads nor their speed shows in it.
 */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type AnalyseOptions, analyseSeries } from '../core/analyse-series.ts';
import type { SeriesRunner } from '../core/report.ts';
import type { SeriesReport } from '../core/report-model.ts';
import type { StudySeries } from '../core/study/study.ts';

/** What marks a thread as one of ours among others that may load the same file. */
const ROLE = 'scaling-lens/series';

interface Task {
  readonly index: number;
  readonly series: StudySeries;
}

type Answer =
  | { readonly index: number; readonly report: SeriesReport }
  | { readonly index: number; readonly error: string };

/** True in a thread that `seriesRunner` started: the file's main program must not run there. */
export function isSeriesThread(): boolean {
  return !isMainThread && (workerData as { role?: unknown } | null)?.role === ROLE;
}

/** Answers tasks until the thread is ended. */
export function serveSeries(): void {
  const port = parentPort;
  if (port === null) return;
  const { options } = workerData as { options: AnalyseOptions };
  port.on('message', ({ index, series }: Task) => {
    let answer: Answer;
    try {
      answer = { index, report: analyseSeries(series, null, options) };
    } catch (error) {
      answer = { index, error: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}

/**
 * A runner over this thread and others that load `file`, which must call `serveSeries` when `isSeriesThread`.
 * @param threads defaults to the machine's parallelism; this thread is one of them
 */
export function seriesRunner(file: string, threads = availableParallelism()): SeriesRunner {
  return (series, options, onDone, signal) =>
    new Promise((resolve, reject) => {
      const reports: SeriesReport[] = new Array<SeriesReport>(series.length);
      const workers: Worker[] = [];
      let next = 0;
      let open = series.length;
      let ended = false;
      const end = (error: unknown): void => {
        if (ended) return;
        ended = true;
        signal?.removeEventListener('abort', stop);
        for (const worker of workers) void worker.terminate();
        if (error === null) resolve(reports);
        else reject(error as Error);
      };
      const stop = (): void => end(signal?.reason);
      const done = (index: number, report: SeriesReport): void => {
        reports[index] = report;
        onDone(index, report);
        if (--open === 0) end(null);
      };
      const give = (worker: Worker): void => {
        const index = next++;
        const one = series[index];
        // Places in the file mean nothing to an analysis and would double what is sent.
        if (one !== undefined) {
          const points = one.points.map((p) => ({ ...p, range: null }));
          worker.postMessage({ index, series: { ...one, points } } satisfies Task);
        }
      };
      if (signal?.aborted === true) return stop();
      signal?.addEventListener('abort', stop, { once: true });
      if (series.length === 0) return end(null);
      for (let i = 1; i < Math.min(threads, series.length); i++) {
        const worker = new Worker(file, {
          workerData: { role: ROLE, options },
          // Fits make much short-lived garbage; a large nursery would only keep it longer.
          resourceLimits: { maxYoungGenerationSizeMb: 8 },
        });
        workers.push(worker);
        worker.on('message', (answer: Answer) => {
          if ('error' in answer) return end(new Error(answer.error));
          done(answer.index, answer.report);
          give(worker);
        });
        worker.on('error', end);
        // Two at a time: a thread must not wait while this one is busy with a series of its own.
        give(worker);
        give(worker);
      }
      const work = (): void => {
        if (ended || next >= series.length) return;
        const index = next++;
        try {
          done(index, analyseSeries(series[index] as StudySeries, null, options, signal));
        } catch (error) {
          return end(error);
        }
        // Messages of the others come in between.
        setImmediate(work);
      };
      setImmediate(work);
    });
}
