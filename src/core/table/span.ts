/**
 * Places in a text: offsets in UTF-16 code units (as in JavaScript strings), and the zero-based line and character
 * positions of the language server protocol.
 */

/** Half-open offsets [start, end) in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Zero-based, UTF-16, end exclusive: the range of LSP. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export const NO_RANGE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Offsets at which each line of a text begins; LF, CRLF and lone CR all end a line. */
export function lineStarts(text: string): Uint32Array {
  // Most texts hold no carriage return: the host's search for one character is several times faster than a loop.
  const plain = text.indexOf('\r') < 0;
  let starts = new Uint32Array(Math.max(64, Math.ceil(text.length / 40)));
  let k = 1;
  const push = (at: number): void => {
    if (k >= starts.length) {
      const more = new Uint32Array(2 * starts.length);
      more.set(starts);
      starts = more;
    }
    starts[k++] = at;
  };
  if (plain) for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) push(i + 1);
  else
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) push(i + 1);
    }
  return starts.slice(0, k);
}

/** The line and character of an offset, by binary search in the line starts. */
export function positionAt(starts: Uint32Array, offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((starts[mid] as number) <= offset) low = mid;
    else high = mid - 1;
  }
  return { line: low, character: offset - (starts[low] as number) };
}

/** The range of a span. */
export function rangeOf(starts: Uint32Array, span: Span): Range {
  return { start: positionAt(starts, span.start), end: positionAt(starts, span.end) };
}
