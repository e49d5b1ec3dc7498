import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import type { AnalysisRequest, Listener, Log, Outcome } from '../../src/language/ports.ts';
import { type FromWorker, Pool, type Thread, type ToWorker } from '../../src/server/pool.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const outcome = { report: { series: [] } } as unknown as Outcome;
const request = (key: string, heavy = true): AnalysisRequest => ({ key, heavy }) as AnalysisRequest;
const deaf: Listener = { onRead() {}, onSeries() {}, onProgress() {} };

class FakeThread implements Thread {
  readonly received: ToWorker[] = [];
  terminated = false;
  #message: (message: FromWorker) => void = () => {};
  #end: (reason: string) => void = () => {};
  post(message: ToWorker): void {
    this.received.push(message);
  }
  onMessage(listener: (message: FromWorker) => void): void {
    this.#message = listener;
  }
  onEnd(listener: (reason: string) => void): void {
    this.#end = listener;
  }
  terminate(): void {
    this.terminated = true;
  }
  say(message: FromWorker): void {
    this.#message(message);
  }
  die(reason: string): void {
    this.#end(reason);
  }
  get jobs(): Extract<ToWorker, { type: 'analyse' }>[] {
    return this.received.filter((one) => one.type === 'analyse');
  }
  get questions(): Extract<ToWorker, { type: 'ask' }>[] {
    return this.received.filter((one) => one.type === 'ask');
  }
  finish(at = -1): void {
    this.say({ type: 'done', id: (this.jobs.at(at) as { id: number }).id, result: { ok: true, value: outcome } });
  }
}

function setup(size = 2, patience = 20): { pool: Pool; threads: FakeThread[] } {
  const threads: FakeThread[] = [];
  const spawn = (): Thread => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  };
  return { pool: new Pool({ size, spawn, log: quiet, patience }), threads };
}
const signal = (): AbortSignal => new AbortController().signal;

test('a file returns to the thread that knows it; others get their own, up to the size', async () => {
  const { pool, threads } = setup(2);
  const first = pool.analyse(request('a'), signal(), deaf);
  const second = pool.analyse(request('b'), signal(), deaf);
  assert.equal(threads.length, 2);
  threads[0]?.finish();
  threads[1]?.finish();
  await Promise.all([first, second]);
  const again = pool.analyse(request('a'), signal(), deaf);
  assert.equal(threads[0]?.jobs.length, 2);
  const third = pool.analyse(request('c'), signal(), deaf);
  threads[0]?.finish();
  threads[1]?.finish();
  await Promise.all([again, third]);
  assert.equal(threads.length, 2);
});

test('series reach their listener; a queued job waits for its turn', async () => {
  const { pool, threads } = setup(1);
  const seen: number[] = [];
  const first = pool.analyse(request('a'), signal(), { ...deaf, onSeries: (_, done) => seen.push(done) });
  const second = pool.analyse(request('b'), signal(), deaf);
  const [thread] = threads as [FakeThread];
  assert.equal(thread.jobs.length, 1);
  const id = thread.jobs[0]?.id ?? 0;
  thread.say({ type: 'series', id, series: {} as never, done: 1, total: 2 });
  thread.say({ type: 'series', id: id + 99, series: {} as never, done: 9, total: 9 });
  thread.finish();
  assert.deepEqual(await first, { ok: true, value: outcome });
  assert.deepEqual(seen, [1]);
  assert.equal(thread.jobs.length, 2);
  thread.finish();
  await second;
});

test('cancelling raises the flag; a thread that heeds it is kept', async () => {
  const { pool, threads } = setup(1);
  const abort = new AbortController();
  const cancelled = pool.analyse(request('a'), abort.signal, deaf);
  const next = pool.analyse(request('a'), signal(), deaf);
  const [thread] = threads as [FakeThread];
  assert.deepEqual(pool.working(), ['a']);
  const job = thread.jobs[0] as Extract<ToWorker, { type: 'analyse' }>;
  abort.abort(new Error('superseded'));
  assert.equal(new Int32Array(job.cancelled)[0], 1);
  thread.say({ type: 'aborted', id: job.id });
  await assert.rejects(cancelled, /superseded/);
  thread.finish();
  assert.equal((await next).ok, true);
  assert.deepEqual(pool.working(), []);
  assert.equal(thread.terminated, false);
  assert.equal(threads.length, 1);
});

test('a thread that does not heed a cancellation is replaced', async () => {
  const { pool, threads } = setup(1, 10);
  const abort = new AbortController();
  const cancelled = pool.analyse(request('a'), abort.signal, deaf);
  const next = pool.analyse(request('a'), signal(), deaf);
  abort.abort();
  await assert.rejects(cancelled);
  assert.equal(threads[0]?.terminated, true);
  assert.equal(threads.length, 2);
  threads[1]?.finish();
  assert.equal((await next).ok, true);
});

test('a signal that outlives its jobs is let go of by each', async () => {
  const { pool, threads } = setup(1, 10);
  const abort = new AbortController();
  for (let i = 0; i < 12; i++) {
    const job = pool.analyse(request('a'), abort.signal, deaf);
    threads[0]?.finish();
    await job;
  }
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  const last = pool.analyse(request('a'), abort.signal, deaf);
  abort.abort();
  await assert.rejects(last);
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
});

test('a job cancelled while it waits never starts; one cancelled before is refused', async () => {
  const { pool, threads } = setup(1);
  const abort = new AbortController();
  const first = pool.analyse(request('a'), signal(), deaf);
  const waiting = pool.analyse(request('b'), abort.signal, deaf);
  abort.abort(new Error('no longer wanted'));
  await assert.rejects(waiting, /no longer wanted/);
  await assert.rejects(pool.analyse(request('c'), abort.signal, deaf), /no longer wanted/);
  threads[0]?.finish();
  await first;
  assert.equal(threads[0]?.jobs.length, 1);
});

test('a thread that dies ends its job with a reason, and the next job gets a new thread', async () => {
  const { pool, threads } = setup(1);
  const first = pool.analyse(request('a'), signal(), deaf);
  threads[0]?.die('out of memory');
  await assert.rejects(first, /^Error: The analysis was ended: out of memory$/);
  const next = pool.analyse(request('a'), signal(), deaf);
  assert.equal(threads.length, 2);
  threads[1]?.finish();
  assert.equal((await next).ok, true);
});

test('a thread that cannot be started is a reason, not a crash', async () => {
  const pool = new Pool({
    size: 1,
    spawn: () => {
      throw new Error('worker.cjs is missing');
    },
    log: quiet,
  });
  await assert.rejects(pool.analyse(request('a'), signal(), deaf), /could not be started: worker\.cjs is missing/);
});

test('a fault in a thread is told in its words, its place goes to the log, and the thread is kept', async () => {
  const said: string[] = [];
  const threads: FakeThread[] = [];
  const spawn = (): Thread => {
    threads.push(new FakeThread());
    return threads.at(-1) as FakeThread;
  };
  const pool = new Pool({ size: 1, spawn, log: { ...quiet, error: (text) => said.push(text) } });
  const first = pool.analyse(request('a'), signal(), deaf);
  const id = threads[0]?.jobs[0]?.id ?? 0;
  threads[0]?.say({ type: 'failed', id, why: 'a fault', stack: 'Error: a fault\n    at fit.ts:3' });
  await assert.rejects(first, (error: Error) => error.message === 'The analysis failed: a fault');
  assert.deepEqual(said, ['Error: a fault\n    at fit.ts:3']);
  const next = pool.analyse(request('a'), signal(), deaf);
  threads[0]?.finish();
  assert.equal((await next).ok, true);
  assert.equal(threads.length, 1);
});

test('disposing ends everything', async () => {
  const { pool, threads } = setup(1);
  const first = pool.analyse(request('a'), signal(), deaf);
  const second = pool.analyse(request('b'), signal(), deaf);
  pool.dispose();
  assert.equal((await first).ok, false);
  assert.equal((await second).ok, false);
  assert.equal(threads[0]?.terminated, true);
  assert.equal((await pool.analyse(request('c'), signal(), deaf)).ok, false);
});

test('a small file does not wait behind a large one, a large one does', async () => {
  const { pool, threads } = setup(1);
  const large = pool.analyse(request('large'), signal(), deaf);
  const waiting = pool.analyse(request('large too'), signal(), deaf);
  assert.equal(threads.length, 1, 'one thread at work on large files');
  const small = pool.analyse(request('small', false), signal(), deaf);
  const another = pool.analyse(request('another', false), signal(), deaf);
  assert.equal(threads.length, 2, 'one more for small ones, and no third');
  threads[1]?.finish();
  await small;
  threads[1]?.finish();
  await another;
  threads[0]?.finish();
  await large;
  threads[0]?.finish();
  await waiting;
  const again = pool.analyse(request('small', false), signal(), deaf);
  assert.equal(threads[1]?.jobs.length, 3, 'it returns to the thread that knows it');
  threads[1]?.finish();
  await again;
  const third = pool.analyse(request('large three'), signal(), deaf);
  assert.equal(threads[0]?.jobs.length, 3, 'large files never take the thread of the small ones');
  threads[0]?.finish();
  await third;
});

test('questions go to the thread that knows the file, and end with it', async () => {
  const { pool, threads } = setup(1);
  const hover = { kind: 'hover', offset: 3 } as const;
  assert.deepEqual(await pool.ask('a', 1, hover), { known: false }, 'nobody knows it');
  const read: string[] = [];
  const first = pool.analyse(request('a'), signal(), { ...deaf, onRead: () => read.push('a') });
  const [thread] = threads as [FakeThread];
  thread.say({ type: 'read', id: thread.jobs[0]?.id ?? 0 });
  assert.deepEqual(read, ['a']);
  const asked = pool.ask('a', 1, hover);
  assert.equal(thread.questions[0]?.turn, 1);
  thread.say({ type: 'answer', id: thread.questions[0]?.id ?? 0, reply: { known: true, value: null } });
  assert.deepEqual(await asked, { known: true, value: null }, 'answered while series are fitted');
  const failing = pool.ask('a', 1, hover);
  thread.say({ type: 'unanswered', id: thread.questions[1]?.id ?? 0, why: 'a fault' });
  await assert.rejects(failing, /a fault/);
  const lost = pool.ask('a', 1, hover);
  thread.die('out of memory');
  assert.deepEqual(await lost, { known: false });
  await assert.rejects(first, /out of memory/);
  assert.deepEqual(await pool.ask('a', 1, hover), { known: false }, 'the new thread knows nothing');
});

test('a thread that is replaced takes what it knew with it', async () => {
  const { pool, threads } = setup(1, 10);
  const abort = new AbortController();
  const cancelled = pool.analyse(request('a'), abort.signal, deaf);
  const asked = pool.ask('a', 1, { kind: 'report' });
  abort.abort();
  assert.deepEqual(await asked, { known: false });
  await assert.rejects(cancelled);
  assert.equal(threads[0]?.terminated, true);
  assert.equal(threads.length, 1, 'no new thread before there is work');
});
