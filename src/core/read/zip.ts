/**
 * The directory of a zip archive and its entries, enough for the `.eval` logs of Inspect: stored, deflate and zstd
 * entries, zip64 sizes. Sizes come from the central directory and are checked against limits before anything is
 * unpacked.
 */
import { OutputLimitError, READ_LIMITS, type ReadPorts } from './ports.ts';
import { unpackZstd } from './zstd.ts';

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflate, 93 zstd. */
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Lists the entries of an archive.
 * @throws Error with a sentence when the directory is damaged or missing
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  let count = view.getUint16(end + 10, true);
  let directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffffffff) {
    const locator = end - 20;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) throw new Error('the zip64 directory is missing');
    const record = Number(view.getBigUint64(locator + 8, true));
    if (record + 56 > bytes.length || view.getUint32(record, true) !== 0x06064b50)
      throw new Error('the zip64 directory is damaged');
    count = Number(view.getBigUint64(record + 32, true));
    directory = Number(view.getBigUint64(record + 48, true));
  }
  if (count > READ_LIMITS.zipEntries) throw new Error(`it has ${count} entries, more than ${READ_LIMITS.zipEntries}`);
  const entries: ZipEntry[] = [];
  let at = directory;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw new Error('the directory of the archive is damaged');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const commentLength = view.getUint16(at + 32, true);
    if (at + 46 + nameLength + extraLength > bytes.length) throw new Error('the directory of the archive is damaged');
    const name = new TextDecoder('utf-8').decode(bytes.subarray(at + 46, at + 46 + nameLength));
    let compressedSize = view.getUint32(at + 20, true);
    let size = view.getUint32(at + 24, true);
    let offset = view.getUint32(at + 42, true);
    // The zip64 extra field holds, in this order, those of the three that are all ones.
    let extra = at + 46 + nameLength;
    const extraEnd = extra + extraLength;
    while (extra + 4 <= extraEnd) {
      const id = view.getUint16(extra, true);
      const length = view.getUint16(extra + 2, true);
      if (id === 1) {
        let field = extra + 4;
        const next = (): number => {
          if (field + 8 > extraEnd) throw new Error('the directory of the archive is damaged');
          const value = Number(view.getBigUint64(field, true));
          field += 8;
          return value;
        };
        if (size === 0xffffffff) size = next();
        if (compressedSize === 0xffffffff) compressedSize = next();
        if (offset === 0xffffffff) offset = next();
      }
      extra += 4 + length;
    }
    entries.push({ name, method: view.getUint16(at + 10, true), compressedSize, size, offset });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/**
 * Unpacks one entry of at most `limit` bytes.
 * @throws OutputLimitError or Error with a sentence
 */
export async function unzip(bytes: Uint8Array, entry: ZipEntry, limit: number, ports: ReadPorts): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.size > limit) throw new OutputLimitError(limit);
  if (entry.offset + 30 > bytes.length || view.getUint32(entry.offset, true) !== 0x04034b50) {
    throw new Error(`the entry ${entry.name} is damaged`);
  }
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const end = start + entry.compressedSize;
  if (end > bytes.length) throw new Error(`the archive ends in the middle of ${entry.name}`);
  const data = bytes.subarray(start, end);
  switch (entry.method) {
    case 0:
      return data;
    case 8:
      return ports.inflateRaw(data, limit);
    case 93:
      return await unpackZstd(data, limit, ports);
    default:
      throw new Error(`the entry ${entry.name} is packed by method ${entry.method}, which is not known here`);
  }
}

/** The end record stands at the end, before a comment of at most 64 KiB. */
function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 65_535);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new Error('the directory at the end of the archive is missing: the file ends early');
}
