/**
 * Zstandard: the host's decoder where it has one, a pure JavaScript one where not. The size that a frame declares is
 * checked before anything is unpacked.
 */
import { OutputLimitError, type ReadPorts } from './ports.ts';

/** fzstd overflows on frames from 256 MiB. */
const PURE_LIMIT = 128 * 1024 * 1024;

/**
 * Unpacks zstd data of at most `limit` bytes.
 * @throws OutputLimitError when they are larger, Error when they are damaged
 */
export async function unpackZstd(bytes: Uint8Array, limit: number, ports: ReadPorts): Promise<Uint8Array> {
  if (ports.zstd !== undefined) return ports.zstd(bytes, limit);
  const most = Math.min(limit, PURE_LIMIT);
  const { Decompress } = await import('fzstd');
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > most) throw new OutputLimitError(most);
    chunks.push(chunk);
  });
  // In slices, so that the limit stops the work and not only the result.
  for (let offset = 0; offset < bytes.length; offset += 65_536) {
    stream.push(bytes.subarray(offset, offset + 65_536), offset + 65_536 >= bytes.length);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
