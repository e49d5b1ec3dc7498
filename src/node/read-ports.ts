/**
 * Decompression for the readers, by Node's own zlib. Every call is bounded: zlib stops as soon as the output passes the
 * limit, so a zip bomb costs its limit and no more.
 */
import zlib, { gunzipSync, inflateRawSync } from 'node:zlib';
import { OutputLimitError, type ReadPorts } from '../core/read/ports.ts';

type Zstd = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** Node 22.15 and later have zstd; the pure decoder serves the others. */
const zstdDecompressSync = (zlib as unknown as { zstdDecompressSync?: Zstd }).zstdDecompressSync;

function bounded(unpack: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) {
  return (bytes: Uint8Array, limit: number): Uint8Array => {
    try {
      return unpack(bytes, { maxOutputLength: limit });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw new OutputLimitError(limit);
      throw error;
    }
  };
}

export const nodeReadPorts: ReadPorts = {
  gunzip: bounded(gunzipSync),
  inflateRaw: bounded(inflateRawSync),
  ...(zstdDecompressSync !== undefined && { zstd: bounded(zstdDecompressSync) }),
};
