/**
 * Parquet, column by column, through hyparquet (loaded only when such a file is opened). There is no text to point at, so
 * cells have no place; numbers are kept as numbers and become text only when somebody looks.
 */
import type { ColumnData, FileMetaData } from 'hyparquet';
import { err, ok, type Result } from '../result.ts';
import { parseNumber } from '../table/numbers.ts';
import type { RawTable } from '../table/raw-table.ts';
import { detailColumns, lightevalDetails } from './lighteval-details.ts';
import { READ_LIMITS, type ReadPorts } from './ports.ts';
import type { Refusal } from './source.ts';

/** Cells of one table: 50 million numbers are 400 MB. */
const MAX_CELLS = 50_000_000;
/** Questions of one task: the largest benchmarks have a few hundred thousand. */
const MOST_QUESTIONS = 2_000_000;
const NOWHERE = { start: 0, end: 0 };

/** Reads a Parquet file; nested and list columns are left out with a note. */
export async function readParquet(
  file: string,
  bytes: Uint8Array,
  notes: readonly string[],
  _ports: ReadPorts,
): Promise<Result<readonly RawTable[], Refusal>> {
  try {
    const [{ parquetMetadata, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
      import('hyparquet'),
      import('hyparquet-compressors'),
    ]);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const metadata: FileMetaData = parquetMetadata(buffer);
    const rows = Number(metadata.num_rows);
    const children = parquetSchema(metadata).children;
    const details = detailColumns(children.map(({ element }) => String(element.name)));
    if (details !== null && rows <= MOST_QUESTIONS) {
      const size = unpackedSize(metadata, new Set(details));
      if (size > READ_LIMITS.unpackedBytes * 4) return tooLarge(size);
      const held = new Map(details.map((name) => [name, new Array<unknown>(rows)]));
      await parquetRead({
        file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
        metadata,
        columns: [...details],
        compressors,
        onChunk: ({ columnName, columnData, rowStart }) => {
          const column = held.get(columnName);
          if (column !== undefined) for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
        },
      });
      const table = lightevalDetails(file, held, rows, notes);
      if (table !== null) return ok([table]);
    }
    const flat = children.filter(
      ({ children: inner, element }) => inner.length === 0 && element.repetition_type !== 'REPEATED',
    );
    // A damaged schema may hold names that are no text.
    const headers = flat.map(({ element }) => String(element.name));
    if (headers.length === 0)
      return err({ code: 'file.unrecognised', message: 'the Parquet file has no plain columns', span: NOWHERE });
    if (headers.length > READ_LIMITS.columns || !Number.isSafeInteger(rows) || rows * headers.length > MAX_CELLS) {
      return err({
        code: 'file.too-large',
        message: `${rows} rows × ${headers.length} columns of Parquet are more than the ${MAX_CELLS / 1e6} million cells that are read`,
        span: NOWHERE,
      });
    }
    const stated = unpackedSize(metadata);
    if (stated > READ_LIMITS.unpackedBytes * 4) return tooLarge(stated);
    const columns = headers.map(() => ({ parts: [] as ColumnData[] }));
    const place = new Map<unknown, number>(flat.map(({ element }, index) => [element.name, index]));
    const take = (chunk: ColumnData): void => {
      const column = columns[place.get(chunk.columnName) ?? -1];
      column?.parts.push(chunk);
    };
    await parquetRead({
      file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
      metadata,
      columns: headers,
      compressors,
      onChunk: take,
    });
    const own = [...notes];
    if (flat.length < children.length) {
      own.push(
        `columns of lists or objects are not read: ${children
          .filter((child) => !flat.includes(child))
          .map(({ element }) => element.name)
          .join(', ')}`,
      );
    }
    const leaderboard = headers.includes('eval_name') && headers.some((header) => /^#?Params \(B\)$/i.test(header));
    if (leaderboard) own.push('columns without “Raw” are rescaled so that chance is 0: the Raw columns are the scores');
    return ok([
      tableOf(
        file,
        leaderboard ? 'open-llm-leaderboard' : 'parquet',
        headers,
        columns.map(({ parts }) => parts),
        rows,
        own,
      ),
    ]);
  } catch (error) {
    return err({
      code: 'file.malformed',
      message: `the Parquet file is damaged or ends early (${error instanceof Error ? error.message : String(error)})`,
      span: NOWHERE,
    });
  }
}

function tooLarge(size: number): Result<never, Refusal> {
  return err({
    code: 'file.too-large',
    message: `the Parquet columns unpack to ${Math.round(size / 1e6)} MB: refused`,
    span: NOWHERE,
  });
}

/** What the row groups say that they unpack to; of these columns only, where some are named. */
function unpackedSize(metadata: FileMetaData, named: ReadonlySet<string> | null = null): number {
  let size = 0;
  for (const group of metadata.row_groups) {
    for (const { meta_data: column } of group.columns) {
      if (column === undefined || (named !== null && !named.has(column.path_in_schema[0] ?? ''))) continue;
      size += Number(column.total_uncompressed_size);
    }
  }
  return size;
}

function tableOf(
  file: string,
  format: string,
  headers: readonly string[],
  parts: readonly (readonly ColumnData[])[],
  rows: number,
  notes: readonly string[],
): RawTable {
  // Files may have thousands of row groups, and cells are asked for one after another: the last part is looked at first.
  const last = new Int32Array(headers.length);
  const value = (row: number, column: number): unknown => {
    const list = parts[column] ?? [];
    const known = list[last[column] as number];
    if (known !== undefined && row >= known.rowStart && row < known.rowEnd)
      return known.columnData[row - known.rowStart];
    const index = list.findIndex((part) => row >= part.rowStart && row < part.rowEnd);
    if (index < 0) return undefined;
    last[column] = index;
    const part = list[index] as ColumnData;
    return part.columnData[row - part.rowStart];
  };
  const cache = new Map<number, Float64Array>();
  return {
    file,
    format,
    text: '',
    columnCount: headers.length,
    rowCount: rows,
    header: (column) => headers[column] ?? '',
    headerSpan: () => null,
    cell: (row, column) => showValue(value(row, column)),
    cellSpan: () => null,
    numbers: (column) => {
      const known = cache.get(column);
      if (known !== undefined) return known;
      const numbers = new Float64Array(rows).fill(Number.NaN);
      for (const part of parts[column] ?? []) {
        const { columnData, rowStart } = part;
        for (let i = 0; i < columnData.length; i++) numbers[rowStart + i] = numberOfValue(columnData[i]);
      }
      cache.set(column, numbers);
      return numbers;
    },
    hints: new Map(),
    facts: [],
    layout: null,
    notes,
    problems: [],
  };
}

function numberOfValue(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parseNumber(value);
  return Number.NaN;
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
}
