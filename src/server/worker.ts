/**
 * The heavy bundle. As a worker thread of the pool it takes requests one at a time and answers with series as they are
 * done and the outcome in the end, and questions about large files in between; nothing that a file contains may end it,
 * and what does (memory) ends only this thread. Loaded by the server itself it is the reading room, so that this code
 * exists once.
 */
import { readFile, stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { STREAM_FROM } from '../core/read/ports.ts';
import { messageOf } from '../core/result.ts';
import { Analyst } from '../language/analysis.ts';
import { createRoom } from '../language/room.ts';
import { fileStream } from '../node/file-stream.ts';
import { folderNames } from '../node/folder-names.ts';
import { nodeReadPorts } from '../node/read-ports.ts';
import type { FromWorker, ToWorker } from './pool.ts';
import { SharedSignal } from './shared-signal.ts';
import { stackOf } from './stack.ts';

export const room = createRoom(nodeReadPorts);

const post = (message: FromWorker): void => parentPort?.postMessage(message);
const analyst = new Analyst({
  read: room.readStudy,
  open: async (name, uri) => {
    const path = pathOf(uri);
    const { size } = await stat(path);
    return size >= STREAM_FROM ? { name, stream: fileStream(path) } : { name, bytes: await readFile(path) };
  },
  size: async (uri) => {
    const found = await stat(pathOf(uri)).catch(() => null);
    return found?.isFile() === true ? found.size : null;
  },
  list: async (folder) => folderNames(pathOf(folder)),
  now: () => performance.now(),
});

function pathOf(uri: string): string {
  if (!uri.startsWith('file:')) throw new Error('only files on disk can be read without being opened');
  return fileURLToPath(uri);
}

// Fits take every core they get; the editor, and whoever types in it, goes first. On Linux this concerns the calling
// thread alone; where it would concern the whole process, the server has lowered itself (entry.node.ts).
if (parentPort !== null && process.platform === 'linux') {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every host allows it; then the system decides.
  }
}

let tail: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'forget') analyst.forget(message.key);
  else if (message.type === 'ask') reply(message);
  else tail = tail.then(() => work(message));
});

async function work({ id, request, cancelled }: Extract<ToWorker, { type: 'analyse' }>): Promise<void> {
  const signal = new SharedSignal(cancelled);
  try {
    const result = await analyst.run(request, signal, {
      onRead: () => post({ type: 'read', id }),
      onSeries: (series, done, total) => post({ type: 'series', id, series, done, total }),
      onProgress: (text) => post({ type: 'progress', id, text }),
    });
    post({ type: 'done', id, result });
  } catch (error) {
    if (signal.aborted) post({ type: 'aborted', id });
    else post({ type: 'failed', id, why: messageOf(error), stack: stackOf(error) });
  }
}

function reply({ id, key, turn, question }: Extract<ToWorker, { type: 'ask' }>): void {
  try {
    post({ type: 'answer', id, reply: analyst.ask(key, turn, question) });
  } catch (error) {
    post({ type: 'unanswered', id, why: messageOf(error) });
  }
}
