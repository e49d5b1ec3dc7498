/**
 * A text as the bytes of its UTF-8 form, with the string made only when somebody asks for it: a file that is read column
 * by column is never decoded. Readers work with offsets in bytes; places that leave them are offsets in UTF-16 code units,
 * which differ only behind a character that is not ASCII.
 */
import type { Span } from './span.ts';

/** Bytes between two noted places. */
const STRIDE = 512;

/** True if no byte is above 127. */
function isAscii(bytes: Uint8Array): boolean {
  const offset = bytes.byteOffset % 4;
  const lead = Math.min(bytes.length, (4 - offset) % 4);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >> 2);
  let seen = 0;
  let k = 0;
  for (; k + 8 <= words.length; k += 8) {
    seen |= (words[k] as number) | (words[k + 1] as number) | (words[k + 2] as number) | (words[k + 3] as number);
    seen |= (words[k + 4] as number) | (words[k + 5] as number) | (words[k + 6] as number) | (words[k + 7] as number);
  }
  for (; k < words.length; k++) seen |= words[k] as number;
  for (let i = 0; i < lead; i++) seen |= bytes[i] as number;
  for (let i = lead + 4 * words.length; i < bytes.length; i++) seen |= bytes[i] as number;
  return (seen & 0x80808080) === 0;
}

/** UTF-16 code units that the UTF-8 bytes between two places make; a character counts where it begins. */
function unitsBetween(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let i = from; i < to; i++) {
    const b = bytes[i] as number;
    if (b < 0x80 || b > 0xbf) units += b < 0xf0 ? 1 : 2;
  }
  return units;
}

export class SourceText {
  #bytes: Uint8Array | null;
  #text: string | null;
  #ascii: boolean | null = null;
  /** UTF-16 offset of every STRIDE-th byte. */
  #noted: Uint32Array | null = null;

  private constructor(bytes: Uint8Array | null, text: string | null) {
    this.#bytes = bytes;
    this.#text = text;
  }

  static ofText(text: string): SourceText {
    return new SourceText(null, text);
  }

  /** @param bytes valid UTF-8, which must not change from here on */
  static ofUtf8(bytes: Uint8Array): SourceText {
    return new SourceText(bytes, null);
  }

  /** UTF-8. Halves of surrogate pairs, which UTF-8 cannot hold, stand as U+FFFD. */
  get bytes(): Uint8Array {
    this.#bytes ??= new TextEncoder().encode(this.#text ?? '');
    return this.#bytes;
  }

  /** The whole text as a string, which is kept from then on. */
  get text(): string {
    this.#text ??= new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes ?? new Uint8Array(0));
    return this.#text;
  }

  /** All characters are ASCII: offsets in bytes and in UTF-16 code units are the same. */
  get ascii(): boolean {
    this.#ascii ??= isAscii(this.bytes);
    return this.#ascii;
  }

  /** The text without a byte order mark at its beginning. */
  withoutMark(): SourceText {
    if (this.#text !== null) return this.#text.charCodeAt(0) === 0xfeff ? SourceText.ofText(this.#text.slice(1)) : this;
    const [a, b, c] = this.bytes;
    return a === 0xef && b === 0xbb && c === 0xbf ? SourceText.ofUtf8(this.bytes.subarray(3)) : this;
  }

  /** The first UTF-16 code units. */
  head(units: number): string {
    // No character has more than three bytes per unit; what is cut at the end lies beyond.
    return this.#text === null
      ? this.#decoded(0, Math.min(this.bytes.length, 3 * units + 3)).slice(0, units)
      : this.#text.slice(0, units);
  }

  /** The text between two offsets in bytes. */
  slice(start: number, end: number): string {
    return this.#text !== null && this.ascii ? this.#text.slice(start, end) : this.#decoded(start, end);
  }

  #decoded(start: number, end: number): string {
    const { bytes } = this;
    // A decoder costs more than a few characters do.
    if (end - start <= 16) {
      let text = '';
      let i = start;
      for (; i < end && (bytes[i] as number) < 128; i++) text += String.fromCharCode(bytes[i] as number);
      if (i >= end) return text;
    }
    return decoder.decode(bytes.subarray(start, end));
  }

  /** The UTF-16 offset of an offset in bytes. */
  unitAt(byte: number): number {
    if (this.ascii) return byte;
    const { bytes } = this;
    if (this.#noted === null) {
      const noted = new Uint32Array(Math.floor(bytes.length / STRIDE) + 1);
      for (let k = 1; k < noted.length; k++)
        noted[k] = (noted[k - 1] as number) + unitsBetween(bytes, (k - 1) * STRIDE, k * STRIDE);
      this.#noted = noted;
    }
    const k = Math.floor(byte / STRIDE);
    return (this.#noted[k] as number) + unitsBetween(bytes, k * STRIDE, byte);
  }

  /** A span in bytes as the span in UTF-16 code units. */
  span({ start, end }: Span): Span {
    return { start: this.unitAt(start), end: this.unitAt(end) };
  }

  /** UTF-16 offsets at which each line begins; LF, CRLF and lone CR all end a line. */
  lineStarts(): Uint32Array {
    const { bytes, ascii } = this;
    let starts = new Uint32Array(Math.max(64, Math.ceil(bytes.length / 40)));
    let lines = 1;
    const push = (at: number): void => {
      if (lines >= starts.length) {
        const more = new Uint32Array(2 * starts.length);
        more.set(starts);
        starts = more;
      }
      starts[lines++] = at;
    };
    // The host's search for one byte is several times faster than a loop.
    const carriage = bytes.includes(13);
    if (!carriage) for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) push(i + 1);
    else
      for (let i = 0; i < bytes.length; i++) {
        const c = bytes[i] as number;
        if (c === 10 || (c === 13 && bytes[i + 1] !== 10)) push(i + 1);
      }
    if (!ascii) {
      let at = 0;
      let units = 0;
      for (let k = 1; k < lines; k++) {
        const next = starts[k] as number;
        units += unitsBetween(bytes, at, next);
        starts[k] = units;
        at = next;
      }
    }
    return starts.slice(0, lines);
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
