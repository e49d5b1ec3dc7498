/**
 * The heavy bundle. As a worker thread of the pool it takes requests one at a time and answers with series as they are
 * done and the outcome in the end; nothing that a file contains may end it, and what does (memory) ends only this thread.
 * Loaded by the server itself it is the reading room, so that this code exists once.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { Analyst } from '../language/analysis.ts';
import { createRoom } from '../language/room.ts';
import { nodeReadPorts } from '../node/read-ports.ts';
import type { FromWorker, ToWorker } from './pool.ts';
import { SharedSignal } from './shared-signal.ts';

export const room = createRoom(nodeReadPorts);

const post = (message: FromWorker): void => parentPort?.postMessage(message);
const analyst = new Analyst({
  read: room.readStudy,
  readBytes: async (uri) => {
    if (!uri.startsWith('file:')) throw new Error('only files on disk can be read without being opened');
    return new Uint8Array(await readFile(fileURLToPath(uri)));
  },
  now: () => performance.now(),
});

let tail: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'forget') analyst.forget(message.key);
  else tail = tail.then(() => answer(message));
});

async function answer({ id, request, cancelled }: Extract<ToWorker, { type: 'analyse' }>): Promise<void> {
  const signal = new SharedSignal(cancelled);
  try {
    const result = await analyst.run(request, signal, (series, done, total) => {
      post({ type: 'series', id, series, done, total });
    });
    post({ type: 'done', id, result });
  } catch (error) {
    if (signal.aborted) post({ type: 'aborted', id });
    else post({ type: 'done', id, result: { ok: false, error: `The analysis failed: ${describe(error)}` } });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
}
