/**
 * Series analysed on several threads. Every thread gets series one at a time as it becomes free; the result depends on
 * the series and the options alone, so neither the number of threads nor their speed shows in it. The threads start
 * while the files are still being read.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { analyseSeries } from '../core/analyse-series.ts';
import type { SeriesRunner } from '../core/report.ts';
import type { SeriesReport } from '../core/report-model.ts';
import type { StudySeries } from '../core/study/study.ts';
import { SERIES_ROLE } from './series-role.ts';
import { type FromAnalyst, packSeries, type ToAnalyst, wholeReport } from './series-wire.ts';

/** Every thread has a heap of its own (some 50 MB), and beyond a few the reading is what takes the time. */
const MOST_THREADS = 4;

export class SeriesPool {
  readonly #file: string;
  readonly #threads: number;
  readonly #workers: Worker[] = [];

  /**
   * @param file what the threads load; it must call `serveSeries` when `isSeriesThread`
   * @param threads the calling one among them; defaults to the machine's parallelism, at most four
   */
  constructor(file: string, threads = Math.min(MOST_THREADS, availableParallelism())) {
    this.#file = file;
    this.#threads = threads;
  }

  /** Starts the other threads, so that they are ready when the series are. They keep no process alive. */
  start(most = this.#threads - 1): void {
    while (this.#workers.length < Math.min(most, this.#threads - 1)) {
      const worker = new Worker(this.#file, {
        workerData: { role: SERIES_ROLE },
        // Fits make much short-lived garbage; a large nursery would only keep it longer.
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      });
      worker.unref();
      // One that cannot even start is done without.
      worker.on('error', () => this.#workers.splice(this.#workers.indexOf(worker), 1));
      this.#workers.push(worker);
    }
  }

  /** Ends the threads; what they were doing is lost. */
  close(): void {
    for (const worker of this.#workers.splice(0)) void worker.terminate();
  }

  readonly runner: SeriesRunner = (series, options, onDone, signal) =>
    new Promise((resolve, reject) => {
      const reports: SeriesReport[] = new Array<SeriesReport>(series.length);
      let next = 0;
      let open = series.length;
      let ended = false;
      const end = (error: unknown): void => {
        if (ended) return;
        ended = true;
        signal?.removeEventListener('abort', stop);
        this.close();
        if (error === null) resolve(reports);
        else reject(error as Error);
      };
      const stop = (): void => end(signal?.reason);
      const done = (index: number, report: SeriesReport): void => {
        reports[index] = report;
        onDone(index, report);
        if (--open === 0) end(null);
      };
      const send = (worker: Worker, message: ToAnalyst): void => worker.postMessage(message);
      const give = (worker: Worker): void => {
        const one = series[next];
        if (one !== undefined) send(worker, { type: 'series', index: next++, series: packSeries(one) });
      };
      if (signal?.aborted === true) return stop();
      signal?.addEventListener('abort', stop, { once: true });
      if (series.length === 0) return end(null);
      this.start(series.length - 1);
      for (const worker of this.#workers) {
        worker.ref();
        worker.on('message', (message: FromAnalyst) => {
          if (ended) return;
          if (message.type === 'error') return end(new Error(message.error));
          const one = series[message.index] as StudySeries;
          done(message.index, wholeReport(message.report, one));
          give(worker);
        });
        worker.on('error', end);
        send(worker, { type: 'options', options });
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
