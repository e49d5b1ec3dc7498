/**
 * A file of the disk as a stream for the readers. Gzip is unpacked on the way, up to the same growth that packed files are
 * allowed elsewhere.
 */
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OutputLimitError, READ_LIMITS } from '../core/read/ports.ts';
import type { ByteStream } from '../core/study/study.ts';

const PIECE = 1 << 20;

/**
 * @returns a stream that opens the file when it is asked for chunks; the size of packed files is unknown
 * @throws the error of the file system if the file cannot be opened
 */
export function fileStream(path: string): ByteStream {
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  const start = new Uint8Array(2);
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  if (start[0] !== 0x1f || start[1] !== 0x8b)
    return { size, chunks: () => createReadStream(path, { highWaterMark: PIECE }) };
  return { size: null, chunks: () => unpacked(path, 1_000_000 + size * READ_LIMITS.unpackedRatio) };
}

async function* unpacked(path: string, limit: number): AsyncIterable<Uint8Array> {
  // A fault of either stream ends both and comes out of the iteration.
  const source = pipeline(
    createReadStream(path, { highWaterMark: PIECE }),
    createGunzip({ chunkSize: PIECE }),
    () => {},
  );
  let bytes = 0;
  for await (const piece of source as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > limit) throw new OutputLimitError(limit);
    yield piece;
  }
}
