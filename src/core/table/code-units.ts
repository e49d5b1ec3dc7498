/**
 * A text as an array of bytes with the same offsets: what is ASCII stands as it is, every other UTF-16 code unit as 255.
 * Delimiters, quotes, line ends and digits are ASCII, so the tokenizer and the number reader work on this array several
 * times faster than on the string, and every place they find is a place in the string.
 */

/** Stands for a code unit that is not ASCII. */
export const OTHER = 255;
const BLOCK = 1 << 20;

/**
 * The code units of a text, one byte each, with one line feed after the last as a sentinel: the array is one longer than
 * the text.
 */
export function codeUnits(text: string): Uint8Array {
  const units = new Uint8Array(text.length + 1);
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length; at += BLOCK) {
    const end = Math.min(text.length, at + BLOCK);
    const block = text.slice(at, end);
    // As many bytes as units are read only where all of them are ASCII.
    const { read } = encoder.encodeInto(block, units.subarray(at, end));
    if (read === block.length) continue;
    for (let i = at; i < end; i++) {
      const c = text.charCodeAt(i);
      units[i] = c < 128 ? c : OTHER;
    }
  }
  units[text.length] = 10;
  return units;
}
