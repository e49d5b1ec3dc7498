/**
 * Files too large to hold: the first megabyte says what the file is, then every row is read once. Rows of results are
 * thinned per series to a bounded number, which goes through the same study as any table; rows of questions are folded
 * into their means. Nothing is lost silently: the table says how many rows were read and kept, and every kept row knows its
 * line in the file.
 */
import { err, ok, type Result } from '../result.ts';
import type { ManifestRules, SourceRules } from '../study/manifest-rules.ts';
import type { StudyOptions } from '../study/study.ts';
import { columnByHeader } from '../study/where.ts';
import { copiedTable } from '../table/copied.ts';
import { MAX_LINE } from '../table/csv.ts';
import { detectDialect } from '../table/csv-dialect.ts';
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import { lineStarts } from '../table/span.ts';
import { understandTable } from '../table/understand.ts';
import { decodeText, startsWith } from './decode.ts';
import { type ReadFailure, readInput, readText } from './open.ts';
import type { ReadPorts } from './ports.ts';
import { sniffText } from './sniff.ts';
import {
  Blocks,
  type BlockTaker,
  BOM,
  Chunks,
  lineDecoder,
  type StreamFile,
  type StreamWatch,
} from './stream-chunks.ts';
import { planStream } from './stream-plan.ts';
import { DelimitedQuestions, LoggedQuestions } from './stream-questions.ts';
import { OlmesRecords, RecordRows } from './stream-records.ts';
import { RowThinner, THIN_LIMITS, type ThinLimits } from './stream-rows.ts';

/** What the study knows beside the file. */
export interface StreamSetting extends StreamWatch {
  readonly rules: ManifestRules | null;
  /** `x` is the scale that the command line or the manifest pins. */
  readonly options: StudyOptions;
  /** Format pinned in scaling.yaml. */
  readonly format?: string | undefined;
  readonly limits?: ThinLimits;
  /** Files that are not thinned are read whole up to here (bytes). */
  readonly wholeBytes?: number;
}

/** Bytes that decide what a file is. */
const HEAD = 1 << 20;
/** Files of other formats, and questions, are collected and read whole up to here. */
export const WHOLE_BYTES = 256 * 1024 * 1024;

/** What is known of a file from its first megabyte. */
interface Opened {
  readonly file: StreamFile;
  readonly source: Chunks;
  readonly setting: StreamSetting;
  readonly rules: SourceRules | null;
  readonly head: Uint8Array;
  readonly text: string;
  readonly encoding: string;
  readonly notes: readonly string[];
  readonly table: RawTable;
}

type Outcome = Result<readonly RawTable[], ReadFailure>;

function failed(file: string, code: TextProblem['code'], message: string): Result<never, ReadFailure> {
  return err({ file, text: '', span: { start: 0, end: 0 }, code, message });
}

/**
 * Reads a file as a stream, in time linear in its length and in memory bounded by `limits`.
 * @returns tables with an `excerpt`, or what `readInput` makes of a file that is small or of another format
 * @throws the signal's reason when aborted, and whatever the stream throws
 */
export async function readStream(file: StreamFile, ports: ReadPorts, setting: StreamSetting): Promise<Outcome> {
  const source = new Chunks(file, setting);
  const most = setting.wholeBytes ?? WHOLE_BYTES;
  const pin = setting.format === undefined ? {} : { format: setting.format };
  const head = await source.head(HEAD);
  /** The file read whole; null if it is too large for that. */
  const held = async (): Promise<Outcome | null> => {
    const bytes = await source.all(most);
    return bytes === null ? null : readInput({ name: file.name, bytes }, ports, pin);
  };
  const whole = async (why: string, instead: string): Promise<Outcome> => {
    const outcome = await held();
    if (outcome !== null) return outcome;
    await source.close();
    const limit = `${Math.round(most / 1e6)} MB`;
    return failed(file.name, 'file.too-large', `This is ${why}, and those are read up to ${limit}: ${instead}.`);
  };
  if (source.ended) return whole('a small file', 'split it');
  if (isPacked(head)) return whole('packed or binary data', 'unpack it, or split it');
  const decoded = decodeText(cutAtLine(head));
  if (!decoded.ok) {
    await source.close();
    return failed(file.name, 'file.unrecognised', sentence(decoded.error));
  }
  const { text, encoding, notes } = decoded.value;
  const pinned = setting.format === 'csv' || setting.format === 'tsv';
  const kind = pinned ? 'delimited' : sniffText(text);
  if (typeof kind === 'object') {
    await source.close();
    return failed(file.name, 'file.unrecognised', sentence(`this is ${kind.refused}`));
  }
  if (kind === 'json')
    return whole(
      'one JSON value, whose parts mean nothing before its end',
      'save its records one a line (JSON lines) or as CSV',
    );
  if (kind !== 'delimited' && kind !== 'json-lines')
    return whole(
      kind === 'yaml'
        ? 'YAML, whose parts mean nothing before its end'
        : kind === 'training-log'
          ? 'the log of a training run'
          : 'a text with tables in it',
      'save the runs as JSON lines or CSV',
    );
  if (kind === 'json-lines') {
    const outcome = await held();
    if (outcome !== null) return outcome;
  }
  const first = readText(file.name, text, [], pin);
  const table = first.ok ? first.value[0] : undefined;
  if (!first.ok || table === undefined || table.rowCount === 0) {
    await source.close();
    return first.ok ? failed(file.name, 'file.unrecognised', 'The beginning of the file holds no row of data.') : first;
  }
  const rules = setting.rules?.sources.find((s) => s.matches(file.name)) ?? null;
  const opened: Opened = { file, source, setting, rules, head, text, encoding, notes, table };
  if (table.format === 'lm-eval-samples' && setting.options.x === undefined) return foldLog(opened);
  if (table.format === 'olmes') return gatherOlmes(opened);
  if (kind === 'json-lines' && table.format !== 'json' && table.format !== 'yaml-runs')
    return whole(`a file of the format ${table.format}`, 'split it');
  const plan = planStream(understandTable(table, rules), setting.options);
  if ('refused' in plan) {
    if (!plan.questions || kind !== 'delimited') return whole(plan.refused, 'split it');
    return (await held()) ?? foldQuestions(opened);
  }

  const delimited = kind === 'delimited';
  const firstRow = delimited ? lineOf(table) : { offset: 0, line: 0 };
  const preamble = table.text.slice(0, firstRow.offset);
  const decode = lineDecoder(encoding === 'windows-1252');
  const where = wheres(setting).flatMap((clause) => {
    const at = columnByHeader(table, clause.column);
    return at < 0 ? [] : [{ ...clause, at }];
  });
  // A record with all its keys weighs several times a row of cells.
  const limits = setting.limits ?? (delimited ? THIN_LIMITS : { ...THIN_LIMITS, rows: THIN_LIMITS.rows / 2 });
  const thinner = new RowThinner(
    {
      plan,
      delimiter: !delimited ? ',' : setting.format === 'tsv' ? '\t' : detectDialect(text).delimiter,
      columnCount: table.columnCount,
      where,
      maxLine: MAX_LINE,
      limits,
      decode: delimited ? decode : lineDecoder(false),
    },
    firstRow.line,
  );
  const records = delimited ? null : new RecordRows(thinner, table, decode);
  await pump(opened, records ?? thinner, delimited ? skipped(opened, preamble, firstRow.line) : 0);
  if (records?.failure != null) return failed(file.name, records.failure.code, records.failure.message);
  if (thinner.stopped)
    return failed(
      file.name,
      'file.too-large',
      thinner.longLine
        ? `A line is longer than ${MAX_LINE / 1e6} million characters: this is no table of results.`
        : `The file holds more than ${Math.floor(limits.rows / limits.least)} series: choose some with --where, or split it.`,
    );
  const said = records === null || records.faulty === 0 ? notes : [...notes, `${records.faulty} lines are no records.`];
  const kept = records === null ? decode : lineDecoder(false);
  return ok([excerptOf(file.name, preamble, thinner, source.done, plan.scale, kept, said, setting)]);
}

function wheres(setting: StreamSetting): StudyOptions['where'] & object {
  return [...(setting.rules?.select.where ?? []), ...(setting.options.where ?? [])];
}

/** Bytes before the first row. */
function skipped({ encoding, head }: Opened, preamble: string, firstLine: number): number {
  return encoding.startsWith('utf-16')
    ? new TextEncoder().encode(preamble).length
    : lineStart(startsWith(head, BOM) ? head.subarray(3) : head, firstLine);
}

/** Hands the whole stream from a byte on to a taker, until it has enough. */
async function pump({ source, encoding }: Opened, taker: BlockTaker, from: number): Promise<void> {
  const blocks = new Blocks(taker);
  let skip = from;
  for await (const chunk of source.utf8(encoding)) {
    const part = skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
    skip = Math.max(0, skip - chunk.length);
    blocks.add(part);
    if (taker.stopped) break;
  }
  if (!taker.stopped) blocks.end();
  if (taker.stopped) await source.close();
}

function questionSettings(opened: Opened) {
  const { file, setting, rules, encoding } = opened;
  // UTF-16 comes recoded.
  const decode = lineDecoder(encoding === 'windows-1252');
  return { file: file.name, format: setting.format, rules, where: wheres(setting), decode };
}

/** A delimited table of single questions: its means. */
async function foldQuestions(opened: Opened): Promise<Outcome> {
  const { file, source, setting, table, text } = opened;
  const firstRow = lineOf(table);
  const preamble = table.text.slice(0, firstRow.offset);
  const delimiter = setting.format === 'tsv' ? '\t' : detectDialect(text).delimiter;
  const taker = new DelimitedQuestions(questionSettings(opened), table, preamble, delimiter);
  await pump(opened, taker, skipped(opened, preamble, firstRow.line));
  if (taker.failure !== null) return failed(file.name, taker.failure.code, taker.failure.message);
  return ok(taker.tables(source.done, opened.notes));
}

/** A sample log: the means of its questions. */
async function foldLog(opened: Opened): Promise<Outcome> {
  const taker = new LoggedQuestions(questionSettings(opened));
  await pump(opened, taker, 0);
  if (taker.failure !== null) return failed(opened.file.name, taker.failure.code, taker.failure.message);
  return ok(taker.tables(opened.source.done, opened.notes));
}

/** OLMES records: all of their metrics. */
async function gatherOlmes(opened: Opened): Promise<Outcome> {
  const { file, source, encoding, notes } = opened;
  const taker = new OlmesRecords(lineDecoder(encoding === 'windows-1252'));
  await pump(opened, taker, 0);
  if (taker.failure !== null) return failed(file.name, taker.failure.code, taker.failure.message);
  const faulty = taker.faulty === 0 ? [] : [`${taker.faulty} lines are no records.`];
  const size = `${Math.round(source.done / 1e6).toLocaleString('en-US')} MB`;
  const said = `The file was read as a stream (${size}): all ${taker.records.toLocaleString('en-US')} records are kept, without what is no metric.`;
  const read = readText(file.name, `${taker.texts.join('\n')}\n`, [...notes, ...faulty, said]);
  if (!read.ok) return read;
  const excerpt = { lines: Uint32Array.from([...taker.lines, 0]), rowsRead: taker.records, bytes: source.done };
  return ok(read.value.map((table) => copiedTable(table, { excerpt })));
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
  return copiedTable(table, {
    notes: [...table.notes, ...said],
    problems: [...(thinned > 0 || thinner.filtered > 0 ? [problem] : []), ...table.problems],
    excerpt: { lines: Uint32Array.from(lines), rowsRead: thinner.rowsRead, bytes },
  });
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

/** Where a zero-based line begins in bytes of an encoding that agrees with ASCII on line ends. */
function lineStart(bytes: Uint8Array, line: number): number {
  let at = 0;
  for (let left = line; left > 0 && at < bytes.length; at++) {
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) left--;
  }
  return at;
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
