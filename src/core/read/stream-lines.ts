/** What all takers of JSON lines share: blocks end at a line end, and no record is longer than memory allows. */
import type { TextProblem } from '../table/raw-table.ts';

/** Bytes of one line beyond which it is no record. */
export const MAX_RECORD = 64 * 1024 * 1024;

/** Bytes up to the last line end of a block; all of them at the end of the stream. */
export function wholeLines(units: Uint8Array, length: number, last: boolean): number {
  return last ? length : units.lastIndexOf(10, length - 1) + 1;
}

/**
 * The failure of a line without an end.
 * @param line lines before it
 * @param what what the file therefore is
 */
export function tooLong(line: number, what: string): { readonly code: TextProblem['code']; readonly message: string } {
  return {
    code: 'file.too-large',
    message: `Line ${line + 1} is longer than ${MAX_RECORD / 2 ** 20} MiB: this is ${what}.`,
  };
}
