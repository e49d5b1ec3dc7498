/**
 * A worker thread of the pool: takes requests one at a time and answers with series as they are done and the outcome in
 * the end. Nothing that a file contains may end it; what does (memory) ends only this thread.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { Analyst } from '../language/analysis.ts';
import { readStudyWith } from '../language/read-study.ts';
import type { FromWorker, ToWorker } from './pool.ts';
import { nodeReadPorts } from './ports.node.ts';
import { SharedSignal } from './shared-signal.ts';

const port = parentPort;
if (port === null) throw new Error('worker.cjs runs as a worker thread of server.cjs');

const post = (message: FromWorker): void => port.postMessage(message);
const analyst = new Analyst({
  read: readStudyWith(nodeReadPorts),
  readBytes: async (uri) => {
    if (!uri.startsWith('file:')) throw new Error('only files on disk can be read without being opened');
    return new Uint8Array(await readFile(fileURLToPath(uri)));
  },
  now: () => performance.now(),
});

let tail: Promise<void> = Promise.resolve();
port.on('message', (message: ToWorker) => {
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
