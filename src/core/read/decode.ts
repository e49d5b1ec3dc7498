/**
 * Bytes to text: UTF-8 with or without a byte order mark, UTF-16 in both orders (with or without a mark), and Latin-1
 * where the bytes are no UTF-8. What is not text at all is named by its signature and refused. UTF-8 stays as it is until
 * somebody wants the string.
 */
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import { SourceText } from '../table/source-text.ts';

export interface DecodedSource {
  readonly source: SourceText;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** What a reader should know about the decoding; empty for plain UTF-8. */
  readonly notes: readonly string[];
}

export interface Decoded extends Omit<DecodedSource, 'source'> {
  readonly text: string;
}

/** Signatures of things people have beside their results, with what to do about them. */
const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly at?: number; readonly what: string }[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG picture' },
  { bytes: [0xff, 0xd8, 0xff], what: 'a JPEG picture' },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: 'a GIF picture' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'a program (ELF)' },
  { bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], what: 'a NumPy array (.npy)' },
  { bytes: [0x89, 0x48, 0x44, 0x46], what: 'an HDF5 file' },
  { bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], what: 'an Arrow/Feather file: save it as Parquet or CSV' },
  { bytes: [...'SQLite format 3'].map((c) => c.charCodeAt(0)), what: 'an SQLite database: export the table as CSV' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook (.xls): save the sheet as CSV' },
  { bytes: [0x42, 0x5a, 0x68], what: 'bzip2 data: unpack it first' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'xz data: unpack it first' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-zip archive: unpack it first' },
  { bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257, what: 'a tar archive: unpack it first' },
  { bytes: [0x80, 0x02], what: 'a Python pickle, which is never read (it can run code)' },
  { bytes: [0x80, 0x03], what: 'a Python pickle, which is never read (it can run code)' },
  { bytes: [0x80, 0x04], what: 'a Python pickle, which is never read (it can run code)' },
  { bytes: [0x80, 0x05], what: 'a Python pickle, which is never read (it can run code)' },
];

/** Whether the bytes begin with the signature. */
export function startsWith(bytes: Uint8Array, signature: readonly number[], at = 0): boolean {
  if (bytes.length < at + signature.length) return false;
  for (let i = 0; i < signature.length; i++) if (bytes[at + i] !== signature[i]) return false;
  return true;
}

/** Decodes a file's bytes; the error is one sentence that says what the file is instead of text. */
export function decodeText(bytes: Uint8Array): Result<Decoded, string> {
  const decoded = decodeSource(bytes);
  if (!decoded.ok) return decoded;
  const { source, encoding, notes } = decoded.value;
  return ok({ text: source.text, encoding, notes });
}

/**
 * As decodeText, without making the string where there is no need for it.
 * @param bytes kept, and not to be changed from here on
 */
export function decodeSource(bytes: Uint8Array): Result<DecodedSource, string> {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return decodeUtf8(bytes.subarray(3));
  if (startsWith(bytes, [0xff, 0xfe])) {
    return ok({ ...decodeAs('utf-16le', bytes.subarray(2)), notes: ['encoding: UTF-16 little-endian'] });
  }
  if (startsWith(bytes, [0xfe, 0xff])) {
    return ok({ ...decodeAs('utf-16be', bytes.subarray(2)), notes: ['encoding: UTF-16 big-endian'] });
  }
  for (const { bytes: signature, at, what } of SIGNATURES) {
    if (startsWith(bytes, signature, at)) return err(`this is ${what}`);
  }
  const sample = bytes.subarray(0, 65_536);
  let zerosEven = 0;
  let zerosOdd = 0;
  let controls = 0;
  for (let i = 0; i < sample.length; i++) {
    const b = sample[i] as number;
    if (b === 0) {
      if (i % 2 === 0) zerosEven++;
      else zerosOdd++;
    } else if (b < 9 || (b > 13 && b < 32 && b !== 27) || b === 127) controls++;
  }
  const half = sample.length / 2;
  if (half >= 1 && zerosEven + zerosOdd > 0) {
    if (zerosOdd > 0.4 * half && zerosEven < 0.05 * half) {
      return ok({
        ...decodeAs('utf-16le', bytes),
        notes: ['encoding: UTF-16 little-endian without a byte order mark'],
      });
    }
    if (zerosEven > 0.4 * half && zerosOdd < 0.05 * half) {
      return ok({ ...decodeAs('utf-16be', bytes), notes: ['encoding: UTF-16 big-endian without a byte order mark'] });
    }
    if (zerosEven + zerosOdd > Math.max(2, 0.001 * sample.length)) return err('this is binary data, not text');
  }
  if (controls > Math.max(4, 0.02 * sample.length)) return err('this is binary data, not text');
  return decodeUtf8(bytes);
}

function decodeUtf8(bytes: Uint8Array): Result<DecodedSource, string> {
  const source = SourceText.ofUtf8(bytes);
  if (source.ascii || isUtf8(bytes)) return ok({ source, encoding: 'utf-8', notes: [] });
  // Not UTF-8. One broken character in a long text (a cut-off file, a stray byte) is no reason to misread every
  // accent as Latin-1: if nearly all multi-byte sequences are sound, keep UTF-8 and replace the broken ones.
  const { good, bad } = countUtf8(bytes);
  if (good >= 4 * bad && good > 0) {
    const notes = [`${bad} broken UTF-8 character${bad === 1 ? ' was' : 's were'} replaced by \u{FFFD}`];
    return ok({ ...decodeAs('utf-8', bytes), notes });
  }
  return ok({
    ...decodeAs('windows-1252', bytes),
    notes: ['encoding: read as Latin-1 (Windows-1252), because the bytes are not UTF-8'],
  });
}

function decodeAs(encoding: Decoded['encoding'], bytes: Uint8Array): DecodedSource {
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  return { source: SourceText.ofText(text), encoding, notes: [] };
}

/** Bytes that are looked at together. */
const PIECE = 1 << 18;

/** Whether the bytes are UTF-8, looked at in pieces: their strings are thrown away. */
function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE) decoder.decode(bytes.subarray(at, at + PIECE), { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** Sound and broken multi-byte sequences. */
function countUtf8(bytes: Uint8Array): { good: number; bad: number } {
  let good = 0;
  let bad = 0;
  for (let i = 0; i < bytes.length; ) {
    const b = bytes[i] as number;
    if (b < 0x80) {
      i++;
      continue;
    }
    const length = b >= 0xc2 && b <= 0xdf ? 2 : b >= 0xe0 && b <= 0xef ? 3 : b >= 0xf0 && b <= 0xf4 ? 4 : 0;
    let whole = length > 0;
    for (let k = 1; k < length; k++) {
      const next = bytes[i + k];
      if (next === undefined || next < 0x80 || next > 0xbf) whole = false;
    }
    if (whole) {
      good++;
      i += length;
    } else {
      bad++;
      i++;
    }
  }
  return { good, bad };
}
