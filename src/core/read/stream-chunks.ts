/**
 * The bytes of a stream on their way to a reader: chunks that are kept until it is clear what the file is, and blocks that
 * end where a row ends.
 */
import type { ByteStream, InputFile, ReadProgress } from '../study/study.ts';
import { startsWith } from './decode.ts';
import { joinedBytes } from './joined-bytes.ts';

/** A file that is handed over as a stream. */
export type StreamFile = InputFile & { readonly stream: ByteStream };

/** Who watches the reading. */
export interface StreamWatch {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ReadProgress | undefined;
}

/** Takes blocks, one after another. */
export interface BlockTaker {
  /**
   * @param units the block, one element longer than `length`
   * @returns where the first row begins that the block does not hold whole
   */
  take(units: Uint8Array, length: number, last: boolean): number;
  /** Nothing more is wanted: the reading has failed. */
  readonly stopped: boolean;
}

/** Bytes that are taken at once. */
const BLOCK = 1 << 20;
export const BOM = [0xef, 0xbb, 0xbf];

/** Rows as text: UTF-8, or Latin-1 where the whole file is that, or where a row is no UTF-8. */
export function lineDecoder(latin: boolean): (bytes: Uint8Array) => string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const windows = new TextDecoder('windows-1252');
  return (bytes) => {
    if (latin) return windows.decode(bytes);
    try {
      return strict.decode(bytes);
    } catch {
      return windows.decode(bytes);
    }
  };
}

/** Chunks gathered to blocks; the row cut by a block's end stays for the next one. */
export class Blocks {
  readonly #taker: BlockTaker;
  #buffer = new Uint8Array(2 * BLOCK + 1);
  #held = 0;

  constructor(taker: BlockTaker) {
    this.#taker = taker;
  }

  add(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const room = this.#buffer.length - 1 - this.#held;
      const part = chunk.subarray(at, at + room);
      this.#buffer.set(part, this.#held);
      this.#held += part.length;
      at += part.length;
      if (this.#held < this.#buffer.length - 1) continue;
      this.#take(false);
      if (this.#taker.stopped) return;
      // A row longer than the buffer: bounded, because longer lines than the limit are refused.
      if (this.#held > this.#buffer.length / 2) {
        const more = new Uint8Array(2 * this.#buffer.length);
        more.set(this.#buffer.subarray(0, this.#held));
        this.#buffer = more;
      }
    }
  }

  end(): void {
    if (this.#held > 0) this.#take(true);
  }

  #take(last: boolean): void {
    const rest = this.#taker.take(this.#buffer, this.#held, last);
    this.#buffer.copyWithin(0, rest, this.#held);
    this.#held -= rest;
  }
}

/** The chunks of a stream: the first ones kept until it is clear what the file is, then passed on. */
export class Chunks {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #file: StreamFile;
  readonly #watch: StreamWatch;
  #kept: Uint8Array[] = [];
  done = 0;
  ended = false;

  constructor(file: StreamFile, watch: StreamWatch) {
    this.#file = file;
    this.#watch = watch;
    this.#iterator = file.stream.chunks()[Symbol.asyncIterator]();
  }

  async #next(): Promise<Uint8Array | null> {
    const { signal, progress } = this.#watch;
    if (signal?.aborted === true) await this.close();
    signal?.throwIfAborted();
    const { value, done } = await this.#iterator.next();
    if (done === true) {
      this.ended = true;
      return null;
    }
    this.done += value.length;
    progress?.(this.#file.name, this.done, this.#file.stream.size);
    return value;
  }

  /** The first bytes, at least `count` where there are as many. */
  async head(count: number): Promise<Uint8Array> {
    while (this.done < count) {
      const chunk = await this.#next();
      if (chunk === null) break;
      this.#kept.push(chunk);
    }
    return joinedBytes(this.#kept);
  }

  /** Everything, or null if it is more than `most`: what was read so far comes again with `utf8`. */
  async all(most: number): Promise<Uint8Array | null> {
    const { size } = this.#file.stream;
    while (!this.ended && this.done <= most && (size ?? 0) <= most) {
      const chunk = await this.#next();
      if (chunk !== null) this.#kept.push(chunk);
    }
    return this.ended ? joinedBytes(this.#kept) : null;
  }

  async *#rest(): AsyncIterable<Uint8Array> {
    for (const chunk of this.#kept) yield chunk;
    this.#kept = [];
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) yield chunk;
  }

  /** Everything from the first byte on, without a byte order mark, UTF-16 recoded; other bytes as they are. */
  async *utf8(encoding: string): AsyncIterable<Uint8Array> {
    if (encoding.startsWith('utf-16')) {
      const decoder = new TextDecoder(encoding);
      const encoder = new TextEncoder();
      for await (const chunk of this.#rest()) yield encoder.encode(decoder.decode(chunk, { stream: true }));
      yield encoder.encode(decoder.decode());
      return;
    }
    let begun = false;
    for await (const chunk of this.#rest()) {
      const marked = !begun && startsWith(chunk, BOM);
      begun = true;
      yield marked ? chunk.subarray(3) : chunk;
    }
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
