/**
 * What the readers need from the host, and how much they may take. Decompression is not part of ECMAScript, so the
 * host hands it in; every port gets the largest output it may produce, so that a small file cannot become a huge one.
 */

/** Decompressors. Each throws when the data are damaged or when the output would exceed `limit` bytes. */
export interface ReadPorts {
  /** RFC 1952. Several members one after another count as one. */
  readonly gunzip: (bytes: Uint8Array, limit: number) => Uint8Array;
  /** RFC 1951, no header: the deflate of zip entries. */
  readonly inflateRaw: (bytes: Uint8Array, limit: number) => Uint8Array;
  /** RFC 8878. Without it a pure JavaScript decoder is used, which is slower and limited to small frames. */
  readonly zstd?: (bytes: Uint8Array, limit: number) => Uint8Array;
}

/** Thrown by a port whose output would exceed its limit, so that the reader can say so. */
export class OutputLimitError extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`the data unpack to more than ${limit} bytes`);
    this.name = 'OutputLimitError';
    this.limit = limit;
  }
}

/** Files from this size on (bytes) are better handed over as a stream: editors stop showing text there, too. */
export const STREAM_FROM = 50 * 1024 * 1024;

/** Bytes and counts above which a reader stops and says so. */
export interface ReadLimits {
  /** Text that is read at all (bytes, after unpacking). */
  readonly textBytes: number;
  /** YAML that is not plain is parsed node by node at less than 1 MB/s: more than this is refused with a message first. */
  readonly yamlCharacters: number;
  /** One gzip, zstd or zip entry, unpacked. */
  readonly unpackedBytes: number;
  /** Largest allowed growth of a compressed file; 1000 is what plain deflate can reach on zeros. */
  readonly unpackedRatio: number;
  /** Columns of one table. */
  readonly columns: number;
  /** Nesting of JSON and YAML. */
  readonly depth: number;
  /** Nodes of one JSON or YAML tree. */
  readonly nodes: number;
  /** Entries of a zip archive that are looked at. */
  readonly zipEntries: number;
}

export const READ_LIMITS: ReadLimits = {
  textBytes: 512 * 1024 * 1024,
  yamlCharacters: 1_000_000,
  unpackedBytes: 256 * 1024 * 1024,
  unpackedRatio: 400,
  columns: 20_000,
  depth: 200,
  nodes: 5_000_000,
  zipEntries: 200_000,
};
