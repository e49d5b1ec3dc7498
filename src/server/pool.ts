/**
 * Analyses off the server's thread, so that hovers stay quick while fits run. A few worker threads, each with the cache
 * of the files it has seen (a file always returns to its worker); a flag in shared memory cancels at once even in the
 * middle of a fit, a worker that does not heed it, or dies, is replaced. What a thread is, the host says.
 */
import { err, type Result } from '../core/result.ts';
import type { Analyser, AnalysisRequest, Log, OnSeries, Outcome } from '../language/ports.ts';

/** Server → worker. */
export type ToWorker =
  | {
      readonly type: 'analyse';
      readonly id: number;
      readonly request: AnalysisRequest;
      readonly cancelled: SharedArrayBuffer;
    }
  | { readonly type: 'forget'; readonly key: string };

/** Worker → server. */
export type FromWorker =
  | {
      readonly type: 'series';
      readonly id: number;
      readonly series: Parameters<OnSeries>[0];
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'done'; readonly id: number; readonly result: Result<Outcome, string> }
  | { readonly type: 'aborted'; readonly id: number };

/** A thread, as the host makes it. */
export interface Thread {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once when the thread has ended, with the reason when it was an accident. */
  onEnd(listener: (reason: string) => void): void;
  terminate(): void;
}

export interface PoolOptions {
  readonly size: number;
  readonly spawn: () => Thread;
  readonly log: Log;
  /** Milliseconds that a cancelled analysis has to stop by itself before its thread is replaced. */
  readonly patience?: number;
}

interface Job {
  readonly id: number;
  readonly request: AnalysisRequest;
  readonly signal: AbortSignal;
  readonly onSeries: OnSeries;
  readonly resolve: (result: Result<Outcome, string>) => void;
  readonly reject: (reason: unknown) => void;
  readonly flag: Int32Array<SharedArrayBuffer>;
  replaced: boolean;
}

interface Desk {
  thread: Thread | null;
  running: Job | null;
  readonly queue: Job[];
  readonly keys: Set<string>;
}

export class Pool implements Analyser {
  readonly #options: PoolOptions;
  readonly #desks: Desk[] = [];
  #next = 1;
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  analyse(request: AnalysisRequest, signal: AbortSignal, onSeries: OnSeries): Promise<Result<Outcome, string>> {
    if (signal.aborted) return Promise.reject(reasonOf(signal));
    if (this.#disposed) return Promise.resolve(err('The server is shutting down.'));
    return new Promise((resolve, reject) => {
      const job: Job = {
        id: this.#next++,
        request,
        signal,
        onSeries,
        resolve,
        reject,
        flag: new Int32Array(new SharedArrayBuffer(4)),
        replaced: false,
      };
      const desk = this.#deskFor(request.key);
      signal.addEventListener('abort', () => this.#cancel(desk, job), { once: true });
      desk.queue.push(job);
      this.#advance(desk);
    });
  }

  forget(key: string): void {
    for (const desk of this.#desks) {
      if (desk.keys.delete(key)) desk.thread?.post({ type: 'forget', key });
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const desk of this.#desks) {
      const jobs = [...(desk.running === null ? [] : [desk.running]), ...desk.queue.splice(0)];
      desk.running = null;
      desk.thread?.terminate();
      desk.thread = null;
      for (const job of jobs) job.resolve(err('The server is shutting down.'));
    }
  }

  /** The desk that knows the file, else a free one, else a new one, else the shortest queue. */
  #deskFor(key: string): Desk {
    const load = (desk: Desk): number => desk.queue.length + (desk.running === null ? 0 : 1);
    let desk = this.#desks.find(({ keys }) => keys.has(key)) ?? this.#desks.find((one) => load(one) === 0);
    if (desk === undefined && this.#desks.length < this.#options.size) {
      desk = { thread: null, running: null, queue: [], keys: new Set() };
      this.#desks.push(desk);
    }
    desk ??= this.#desks.reduce((a, b) => (load(b) < load(a) ? b : a));
    desk.keys.add(key);
    return desk;
  }

  #advance(desk: Desk): void {
    if (desk.running !== null || this.#disposed) return;
    const job = desk.queue.shift();
    if (job === undefined) return;
    desk.running = job;
    try {
      desk.thread ??= this.#start(desk);
      desk.thread.post({ type: 'analyse', id: job.id, request: job.request, cancelled: job.flag.buffer });
    } catch (error) {
      desk.running = null;
      job.resolve(err(`The analysis could not be started: ${error instanceof Error ? error.message : String(error)}`));
      this.#advance(desk);
    }
  }

  #start(desk: Desk): Thread {
    const thread = this.#options.spawn();
    thread.onMessage((message) => {
      if (desk.thread === thread) this.#receive(desk, message);
    });
    thread.onEnd((reason) => {
      if (desk.thread !== thread) return;
      desk.thread = null;
      const job = desk.running;
      desk.running = null;
      this.#options.log.error(`a worker ended: ${reason}`);
      if (job !== null) {
        if (job.signal.aborted) job.reject(reasonOf(job.signal));
        else job.resolve(err(`The analysis was ended: ${reason}`));
      }
      this.#advance(desk);
    });
    return thread;
  }

  #receive(desk: Desk, message: FromWorker): void {
    const job = desk.running;
    if (job === null || job.id !== message.id) return;
    if (message.type === 'series') {
      if (!job.signal.aborted) job.onSeries(message.series, message.done, message.total);
      return;
    }
    desk.running = null;
    if (message.type === 'done' && !job.signal.aborted) job.resolve(message.result);
    else job.reject(reasonOf(job.signal));
    this.#advance(desk);
  }

  #cancel(desk: Desk, job: Job): void {
    const waiting = desk.queue.indexOf(job);
    if (waiting >= 0) {
      desk.queue.splice(waiting, 1);
      job.reject(reasonOf(job.signal));
      return;
    }
    if (desk.running !== job) return;
    Atomics.store(job.flag, 0, 1);
    setTimeout(() => {
      if (desk.running !== job) return;
      this.#options.log.warn(`${job.request.key}: cancelled, but still at work: its thread is replaced`);
      const { thread } = desk;
      desk.thread = null;
      desk.running = null;
      thread?.terminate();
      job.reject(reasonOf(job.signal));
      this.#advance(desk);
    }, this.#options.patience ?? 1500);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
}
