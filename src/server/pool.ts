/**
 * Analyses off the server's thread, so that hovers stay quick while fits run. A few worker threads, each with the cache
 * of the files it has seen (a file always returns to its worker); a flag in shared memory cancels at once even in the
 * middle of a fit, a worker that does not heed it, or dies, is replaced. One more thread serves small files while all
 * the others are busy with large ones. What a thread is, the host says.
 */
import { err, messageOf, type Result } from '../core/result.ts';
import type { AnswerTo, Inquiry } from '../language/inquiry.ts';
import type { Analyser, AnalysisRequest, Listener, Log, OnSeries, Outcome, Reply } from '../language/ports.ts';

/** Server → worker. */
export type ToWorker =
  | {
      readonly type: 'analyse';
      readonly id: number;
      readonly request: AnalysisRequest;
      readonly cancelled: SharedArrayBuffer;
    }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly key: string;
      readonly turn: number;
      readonly question: Inquiry;
    }
  | { readonly type: 'forget'; readonly key: string };

/** Worker → server. */
export type FromWorker =
  | { readonly type: 'read'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly text: string }
  | {
      readonly type: 'series';
      readonly id: number;
      readonly series: Parameters<OnSeries>[0];
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'done'; readonly id: number; readonly result: Result<Outcome, string> }
  | { readonly type: 'aborted'; readonly id: number }
  /** A fault of ours, with its place for the log. */
  | { readonly type: 'failed'; readonly id: number; readonly why: string; readonly stack: string }
  | { readonly type: 'answer'; readonly id: number; readonly reply: Reply<AnswerTo<Inquiry>> }
  | { readonly type: 'unanswered'; readonly id: number; readonly why: string };

/** A thread, as the host makes it. */
export interface Thread {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once when the thread has ended, with the reason when it was an accident. */
  onEnd(listener: (reason: string) => void): void;
  terminate(): void;
}

export interface PoolOptions {
  /** Threads that take any work. */
  readonly size: number;
  readonly spawn: () => Thread;
  readonly log: Log;
  /** Milliseconds that a cancelled analysis has to stop by itself before its thread is replaced. */
  readonly patience?: number;
}

/** Long enough for a fit to look at its flag on a busy machine; reading, which never looks, is cut off. */
const PATIENCE = 500;

interface Job {
  readonly id: number;
  readonly request: AnalysisRequest;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  readonly resolve: (result: Result<Outcome, string>) => void;
  readonly reject: (reason: unknown) => void;
  readonly flag: Int32Array<SharedArrayBuffer>;
}

interface Waiting {
  readonly resolve: (reply: Reply<AnswerTo<Inquiry>>) => void;
  readonly reject: (reason: unknown) => void;
}

interface Desk {
  /** For small files only. */
  readonly express: boolean;
  thread: Thread | null;
  running: Job | null;
  readonly queue: Job[];
  readonly keys: Set<string>;
  readonly inquiries: Map<number, Waiting>;
}

export class Pool implements Analyser {
  readonly #options: PoolOptions;
  readonly #desks: Desk[] = [];
  #next = 1;
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  analyse(request: AnalysisRequest, signal: AbortSignal, listener: Listener): Promise<Result<Outcome, string>> {
    if (signal.aborted) return Promise.reject(reasonOf(signal));
    if (this.#disposed) return Promise.resolve(err('The server is shutting down.'));
    return new Promise((resolve, reject) => {
      const flag = new Int32Array(new SharedArrayBuffer(4));
      // A signal may outlive many jobs: each lets go of it when it is settled.
      const settled = (): void => signal.removeEventListener('abort', heed);
      const job: Job = {
        id: this.#next++,
        request,
        signal,
        listener,
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (reason) => {
          settled();
          reject(reason as Error);
        },
        flag,
      };
      const desk = this.#deskFor(request);
      const heed = (): void => this.#cancel(desk, job);
      signal.addEventListener('abort', heed, { once: true });
      desk.queue.push(job);
      this.#advance(desk);
    });
  }

  ask<Q extends Inquiry>(key: string, turn: number, question: Q): Promise<Reply<AnswerTo<Q>>> {
    const desk = this.#desks.find(({ keys }) => keys.has(key));
    const thread = desk?.thread ?? null;
    if (desk === undefined || thread === null) return Promise.resolve({ known: false });
    const id = this.#next++;
    return new Promise<Reply<AnswerTo<Inquiry>>>((resolve, reject) => {
      desk.inquiries.set(id, { resolve, reject });
      thread.post({ type: 'ask', id, key, turn, question });
    }) as Promise<Reply<AnswerTo<Q>>>;
  }

  /** A cancelled analysis counts until its thread is free again. */
  working(): readonly string[] {
    const jobs = this.#desks.flatMap(({ running, queue }) => (running === null ? queue : [running, ...queue]));
    return [...new Set(jobs.map(({ request }) => request.key))];
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
      const { thread } = desk;
      this.#gone(desk);
      thread?.terminate();
      for (const job of jobs) job.resolve(err('The server is shutting down.'));
    }
  }

  /** The desk that knows the file, else a free one, else a new one, else the shortest queue. */
  #deskFor({ key, heavy }: AnalysisRequest): Desk {
    const load = (desk: Desk): number => desk.queue.length + (desk.running === null ? 0 : 1);
    const fit = this.#desks.filter(({ express }) => !express || !heavy);
    const own = fit.find(({ keys }) => keys.has(key));
    // A small file does not wait behind a large one.
    const blocked = (desk: Desk): boolean =>
      !heavy && [desk.running, ...desk.queue].some((job) => job?.request.heavy === true && job.request.key !== key);
    if (own !== undefined && !blocked(own)) return own;
    let desk = fit.find((one) => load(one) === 0);
    if (desk === undefined && this.#desks.filter(({ express }) => !express).length < this.#options.size) {
      desk = this.#newDesk(false);
    }
    if (desk === undefined && !heavy) desk = fit.find((one) => !blocked(one)) ?? this.#newDesk(true);
    desk ??= fit.reduce((a, b) => (load(b) < load(a) ? b : a));
    if (own !== desk) this.forget(key);
    desk.keys.add(key);
    return desk;
  }

  #newDesk(express: boolean): Desk {
    const desk: Desk = { express, thread: null, running: null, queue: [], keys: new Set(), inquiries: new Map() };
    this.#desks.push(desk);
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
      job.reject(new Error(`The analysis could not be started: ${messageOf(error)}`));
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
      this.#gone(desk);
      const job = desk.running;
      desk.running = null;
      this.#options.log.error(`a worker ended: ${reason}`);
      if (job !== null) {
        if (job.signal.aborted) job.reject(reasonOf(job.signal));
        else job.reject(new Error(`The analysis was ended: ${reason}`));
      }
      this.#advance(desk);
    });
    return thread;
  }

  /** The desk has lost its thread, and with it all that the thread knew. */
  #gone(desk: Desk): void {
    desk.thread = null;
    desk.keys.clear();
    for (const { request } of desk.queue) desk.keys.add(request.key);
    const open = [...desk.inquiries.values()];
    desk.inquiries.clear();
    for (const { resolve } of open) resolve({ known: false });
  }

  #receive(desk: Desk, message: FromWorker): void {
    if (message.type === 'answer' || message.type === 'unanswered') {
      const inquiry = desk.inquiries.get(message.id);
      desk.inquiries.delete(message.id);
      if (message.type === 'answer') inquiry?.resolve(message.reply);
      else inquiry?.reject(new Error(message.why));
      return;
    }
    const job = desk.running;
    if (job === null || job.id !== message.id) return;
    const { signal, listener } = job;
    switch (message.type) {
      case 'read':
        if (!signal.aborted) listener.onRead();
        return;
      case 'progress':
        if (!signal.aborted) listener.onProgress(message.text);
        return;
      case 'series':
        if (!signal.aborted) listener.onSeries(message.series, message.done, message.total);
        return;
      case 'done':
      case 'aborted':
      case 'failed':
        desk.running = null;
        if (signal.aborted || message.type === 'aborted') job.reject(reasonOf(signal));
        else if (message.type === 'done') job.resolve(message.result);
        else {
          this.#options.log.error(message.stack);
          job.reject(new Error(`The analysis failed: ${message.why}`));
        }
        this.#advance(desk);
    }
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
      this.#options.log.info(`${job.request.key}: cancelled, but still at work: its thread is replaced`);
      const { thread } = desk;
      desk.running = null;
      this.#gone(desk);
      thread?.terminate();
      job.reject(reasonOf(job.signal));
      this.#advance(desk);
    }, this.#options.patience ?? PATIENCE);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
}
