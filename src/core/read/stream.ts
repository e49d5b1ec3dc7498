/**
 * Files too large to hold: the first megabyte says what the file is, then every row is read once and rows are thinned per
 * series to a bounded number, which goes through the same study as any table. Nothing is lost silently: the table says how
 * many rows were read and kept, and every kept row knows its line in the file.
 */
import { err, ok, type Result } from '../result.ts';
import type { ManifestRules } from '../study/manifest-rules.ts';
import type { ByteStream, InputFile, ReadProgress, StudyOptions } from '../study/study.ts';
import { columnByHeader } from '../study/where.ts';
import { MAX_LINE } from '../table/csv.ts';
import { detectDialect } from '../table/csv-dialect.ts';
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import { lineStarts } from '../table/span.ts';
import { understandTable } from '../table/understand.ts';
import { decodeText, startsWith } from './decode.ts';
import { type ReadFailure, readInput, readText } from './open.ts';
import type { ReadPorts } from './ports.ts';
import { sniffText } from './sniff.ts';
import { planStream } from './stream-plan.ts';
import { RowThinner, THIN_LIMITS, type ThinLimits } from './stream-rows.ts';

/** What the study knows beside the file. */
export interface StreamSetting {
  readonly rules: ManifestRules | null;
  /** `x` is the scale that the command line or the manifest pins. */
  readonly options: StudyOptions;
  /** Format pinned in scaling.yaml. */
  readonly format?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ReadProgress | undefined;
  readonly limits?: ThinLimits;
}

/** Bytes that decide what a file is. */
const HEAD = 1 << 20;
/** Bytes that are tokenized at once. */
const BLOCK = 1 << 20;
/** Files of other formats are collected and read whole up to here. */
export const WHOLE_BYTES = 256 * 1024 * 1024;

type StreamFile = InputFile & { readonly stream: ByteStream };

/**
 * Reads a file as a stream, in time linear in its length and in memory bounded by `limits`.
 * @returns one table with an `excerpt`, or what `readInput` makes of a file that is small or of another format
 * @throws the signal's reason when aborted, and whatever the stream throws
 */
export async function readStream(
  file: StreamFile,
  ports: ReadPorts,
  setting: StreamSetting,
): Promise<Result<readonly RawTable[], ReadFailure>> {
  const source = new Chunks(file, setting);
  const fail = (code: TextProblem['code'], message: string): Result<never, ReadFailure> =>
    err({ file: file.name, text: '', span: { start: 0, end: 0 }, code, message });
  const head = await source.head(HEAD);
  const whole = async (why: string): Promise<Result<readonly RawTable[], ReadFailure>> => {
    const bytes = await source.all(WHOLE_BYTES);
    if (bytes === null)
      return fail(
        'file.too-large',
        `This is ${why}. Files of more than ${Math.round(WHOLE_BYTES / 1e6)} MB are read only as delimited tables with one row per result, row by row: split this one.`,
      );
    return readInput({ name: file.name, bytes }, ports, setting.format === undefined ? {} : { format: setting.format });
  };
  if (source.ended) return whole('a small file');
  if (isPacked(head)) return whole('packed or binary data');
  const decoded = decodeText(cutAtLine(head));
  if (!decoded.ok) {
    await source.close();
    return fail('file.unrecognised', sentence(decoded.error));
  }
  const { text, encoding, notes } = decoded.value;
  const pinned = setting.format === 'csv' || setting.format === 'tsv';
  const kind = pinned ? 'delimited' : sniffText(text);
  if (typeof kind === 'object') {
    await source.close();
    return fail('file.unrecognised', sentence(`this is ${kind.refused}`));
  }
  if (kind !== 'delimited') return whole(kind === 'json' ? 'one JSON value' : `a file of the kind ${kind}`);
  const first = readText(file.name, text, [], setting.format === undefined ? {} : { format: setting.format });
  const table = first.ok ? first.value[0] : undefined;
  if (!first.ok || table === undefined || table.rowCount === 0) {
    await source.close();
    return first.ok ? fail('file.unrecognised', 'The beginning of the file holds no row of data.') : first;
  }
  const rules = setting.rules?.sources.find((s) => s.matches(file.name)) ?? null;
  const plan = planStream(understandTable(table, rules), setting.options);
  if ('refused' in plan) return whole(plan.refused);

  const firstRow = lineOf(table);
  const preamble = table.text.slice(0, firstRow.offset);
  const latin = encoding === 'windows-1252';
  const decode = lineDecoder(latin);
  const where = [...(setting.rules?.select.where ?? []), ...(setting.options.where ?? [])].flatMap((clause) => {
    const at = columnByHeader(table, clause.column);
    return at < 0 ? [] : [{ ...clause, at }];
  });
  const limits = setting.limits ?? THIN_LIMITS;
  const thinner = new RowThinner(
    {
      plan,
      delimiter: setting.format === 'tsv' ? '\t' : detectDialect(text).delimiter,
      columnCount: table.columnCount,
      where,
      maxLine: MAX_LINE,
      limits,
      decode,
    },
    firstRow.line,
  );
  const blocks = new Blocks(thinner);
  let skip = encoding.startsWith('utf-16')
    ? new TextEncoder().encode(preamble).length
    : lineStart(startsWith(head, BOM) ? head.subarray(3) : head, firstRow.line);
  for await (const chunk of source.utf8(encoding)) {
    const part = skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
    skip = Math.max(0, skip - chunk.length);
    blocks.add(part);
    if (thinner.longLine || thinner.tooMany) break;
  }
  if (!thinner.longLine && !thinner.tooMany) blocks.end();
  if (thinner.longLine || thinner.tooMany) {
    await source.close();
    return fail(
      'file.too-large',
      thinner.longLine
        ? `A line is longer than ${MAX_LINE / 1e6} million characters: this is no table of results.`
        : `The file holds more than ${Math.floor(limits.rows / limits.least)} series: choose some with --where, or split it.`,
    );
  }
  return ok([excerptOf(file.name, preamble, thinner, source.done, plan.scale, decode, notes, setting)]);
}

/** The table of the rows that were kept, and what it says about the others. */
function excerptOf(
  file: string,
  preamble: string,
  thinner: RowThinner,
  bytes: number,
  scale: string,
  decode: (bytes: Uint8Array) => string,
  notes: readonly string[],
  setting: StreamSetting,
): RawTable {
  const rows = thinner.rows();
  const parts = [preamble.replace(/\r\n?/g, '\n')];
  const lines: number[] = [];
  for (let k = 0; k < lineStarts(preamble).length - 1; k++) lines.push(k);
  for (const row of rows) {
    const text = decode(row.bytes).replace(/\r\n?/g, '\n');
    parts.push(text, '\n');
    for (let k = 0, at = -1; k === 0 || (at = text.indexOf('\n', at + 1)) >= 0; k++) lines.push(row.line + k);
  }
  const text = parts.join('');
  const read = readText(file, text, notes, setting.format === undefined ? {} : { format: setting.format });
  const table = read.ok ? read.value[0] : undefined;
  if (table === undefined) throw new Error(`${file}: the kept rows are no table`);
  const { groups, thinned } = thinner.counts();
  const n = (value: number): string => value.toLocaleString('en-US');
  const size = `${n(Math.round(bytes / 1e6))} MB`;
  const what =
    thinned === 0
      ? `All ${n(rows.length)} rows${thinner.filtered > 0 ? ' that pass the filter' : ''} are kept.`
      : `${n(rows.length)} of ${n(thinner.rowsRead - thinner.filtered)} rows${thinner.filtered > 0 ? ' that pass the filter' : ''} are kept: ${n(thinned)} of ${n(groups)} groups were thinned evenly over ${scale}, with their smallest and largest.`;
  const said = [`The file was read as a stream (${size}, ${n(thinner.rowsRead)} rows). ${what}`];
  if (thinner.filtered > 0) said.push(`${n(thinner.filtered)} of ${n(thinner.rowsRead)} rows do not pass the filter.`);
  const runs = thinner.dropped.filter((d) => d.why === 'runs').map((d) => `“${d.header}”`);
  if (runs.length > 0 && thinned > 0)
    said.push(`There are too many runs to keep some rows of each: thinned per series, not per ${runs.join(', ')}.`);
  if (thinner.ragged > 0) said.push(`${n(thinner.ragged)} rows have more or fewer cells than the header.`);
  const problem: TextProblem = {
    code: 'file.too-large',
    severity: 'information',
    message: `${size} were read row by row. ${what}`,
    span: table.headerSpan(0) ?? { start: 0, end: 0 },
  };
  return {
    ...table,
    notes: [...table.notes, ...said],
    problems: [...(thinned > 0 || thinner.filtered > 0 ? [problem] : []), ...table.problems],
    excerpt: { lines: Uint32Array.from(lines), rowsRead: thinner.rowsRead, bytes },
  };
}

/** Where the first row of data begins. */
function lineOf(table: RawTable): { readonly offset: number; readonly line: number } {
  const starts = lineStarts(table.text);
  let at = table.cellSpan(0, 0)?.start ?? 0;
  // A quote before the cell belongs to the row.
  while (at > 0 && !/[\r\n]/.test(table.text[at - 1] as string)) at--;
  let line = 0;
  while (line + 1 < starts.length && (starts[line + 1] as number) <= at) line++;
  return { offset: at, line };
}

const BOM = [0xef, 0xbb, 0xbf];

/** Where a zero-based line begins in bytes of an encoding that agrees with ASCII on line ends. */
function lineStart(bytes: Uint8Array, line: number): number {
  let at = 0;
  for (let left = line; left > 0 && at < bytes.length; at++) {
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) left--;
  }
  return at;
}

/** Rows as text: UTF-8, or Latin-1 where the whole file is that, or where a row is no UTF-8. */
function lineDecoder(latin: boolean): (bytes: Uint8Array) => string {
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

/** Up to the last whole line: a row cut in the middle would be read as a short one. */
function cutAtLine(head: Uint8Array): Uint8Array {
  let end = head.lastIndexOf(10) + 1;
  if (end < head.length / 2) end = head.lastIndexOf(13) + 1;
  // UTF-16 little-endian: the zero byte belongs to the line feed.
  if (end > 0 && head[end] === 0) end++;
  return end > 0 ? head.subarray(0, end) : head;
}

function isPacked(head: Uint8Array): boolean {
  return [
    [0x1f, 0x8b],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0x50, 0x41, 0x52, 0x31],
    [0x50, 0x4b, 0x03, 0x04],
  ].some((signature) => startsWith(head, signature));
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Chunks gathered to blocks that the thinner takes; the row cut by a block's end stays for the next one. */
class Blocks {
  readonly #thinner: RowThinner;
  #buffer = new Uint8Array(2 * BLOCK + 1);
  #held = 0;

  constructor(thinner: RowThinner) {
    this.#thinner = thinner;
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
      if (this.#thinner.longLine || this.#thinner.tooMany) return;
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
    const rest = this.#thinner.take(this.#buffer, this.#held, last);
    this.#buffer.copyWithin(0, rest, this.#held);
    this.#held -= rest;
  }
}

/** The chunks of a stream: the first ones kept until it is clear what the file is, then passed on. */
class Chunks {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #file: StreamFile;
  readonly #setting: StreamSetting;
  #kept: Uint8Array[] = [];
  done = 0;
  ended = false;

  constructor(file: StreamFile, setting: StreamSetting) {
    this.#file = file;
    this.#setting = setting;
    this.#iterator = file.stream.chunks()[Symbol.asyncIterator]();
  }

  async #next(): Promise<Uint8Array | null> {
    const { signal, progress } = this.#setting;
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
    return joined(this.#kept);
  }

  /** Everything, or null if it is more than `most`. */
  async all(most: number): Promise<Uint8Array | null> {
    const { size } = this.#file.stream;
    while (!this.ended && this.done <= most && (size ?? 0) <= most) {
      const chunk = await this.#next();
      if (chunk !== null) this.#kept.push(chunk);
    }
    if (this.ended) return joined(this.#kept);
    await this.close();
    return null;
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

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const out = new Uint8Array(chunks.reduce((sum, c) => sum + c.length, 0));
  let at = 0;
  for (const c of chunks) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}
