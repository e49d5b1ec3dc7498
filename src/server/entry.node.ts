/** The server as a Node process of its own, started by the extension: connection, files, worker threads. */
import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { messageOf } from '../core/result.ts';
import { type FromWorker, Pool, type Thread, type ToWorker } from './pool.ts';
import { serve } from './serve.ts';
import type * as HeavyBundle from './worker.ts';

/** The bundle is CommonJS: its folder, where worker.cjs lies beside it. */
declare const __dirname: string;

const heavy = join(__dirname, 'worker.cjs');
const load = createRequire(heavy);

/** Megabytes of JavaScript heap of a worker: a 500 MB table fits, a runaway does not take the machine. */
const WORKER_HEAP_MB = 2048;

function spawn(): Thread {
  const worker = new Worker(heavy, {
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
  });
  let reason = 'the thread ended';
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  return {
    post: (message: ToWorker) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', (message: FromWorker) => listener(message)),
    onEnd: (listener) => worker.once('exit', () => listener(reason)),
    terminate: () => void worker.terminate(),
  };
}

/**
 * The editor goes first. On Linux every worker thread lowers itself (worker.ts) and the engine's own helpers, which
 * collect the workers' garbage, are lowered here, so that the thread that answers the editor keeps its rank; elsewhere a
 * process has one rank, and what fits must not keep from its work whoever types.
 */
function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  try {
    if (process.platform !== 'linux') return setPriority(PRIORITY_BELOW_NORMAL);
    for (const thread of readdirSync('/proc/self/task').map(Number)) {
      if (thread !== process.pid) setPriority(thread, PRIORITY_BELOW_NORMAL);
    }
  } catch {
    // Not every host allows it; then the system decides.
  }
}
giveWay();

const path = (uri: string): string | null => (uri.startsWith('file:') ? fileURLToPath(uri) : null);

serve(createConnection(ProposedFeatures.all), {
  room: async () => (load(heavy) as typeof HeavyBundle).room,
  // One core stays free for the editor; a small file does not wait for a large one (see Pool).
  analyser: (log) => new Pool({ size: Math.max(1, Math.min(4, availableParallelism() - 1)), spawn, log }),
  readText: async (uri) => {
    const file = path(uri);
    return file === null ? null : readFile(file, 'utf8').catch(() => null);
  },
  size: async (uri) => {
    const file = path(uri);
    return file === null
      ? null
      : stat(file).then(
          ({ size }) => size,
          () => null,
        );
  },
  now: () => performance.now(),
});
