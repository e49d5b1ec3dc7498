// Bytes handed over as a stream, for the tests of what is read piece by piece.
import type { ByteStream } from '../../../src/core/study/study.ts';

/** Bytes as a stream of pieces of one length; `state` says whether it was closed. */
export function streamOf(bytes: Uint8Array, piece = 70_001): ByteStream & { readonly state: { closed: boolean } } {
  const state = { closed: false };
  return {
    state,
    size: bytes.length,
    async *chunks() {
      try {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      } finally {
        state.closed = true;
      }
    },
  };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
