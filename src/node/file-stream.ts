/** A file of the disk as a stream for the readers; gzip is unpacked on the way. */
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { ByteStream } from '../core/study/study.ts';

const PIECE = 1 << 20;

/**
 * @returns a stream that opens the file when it is asked for chunks; its size is unknown for packed files
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
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  return {
    size: packed ? null : size,
    chunks: () => {
      const raw = createReadStream(path, { highWaterMark: PIECE });
      if (!packed) return raw;
      const unpacked = createGunzip({ chunkSize: PIECE });
      raw.on('error', (error) => unpacked.destroy(error));
      return raw.pipe(unpacked);
    },
  };
}
