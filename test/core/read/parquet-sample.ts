// A Parquet file made here: plain encoding, no compression, required columns, lists and structs. Enough of Thrift's compact
// protocol to write the footer, so that the reader is tested without a binary file in the project.
import { joinedBytes } from '../../../src/core/read/joined-bytes.ts';

export type ParquetColumn = { readonly name: string } & (
  | { readonly doubles: readonly number[] }
  | { readonly texts: readonly string[] }
  /** One list of numbers per row. */
  | { readonly lists: readonly (readonly number[])[] }
  | { readonly fields: readonly ParquetColumn[] }
);

interface Leaf {
  readonly path: readonly string[];
  readonly type: number;
  /** Values of the page, levels before the data where the column is a list. */
  readonly count: number;
  readonly body: Uint8Array;
}

class Thrift {
  readonly bytes: number[] = [];
  #last = [0];

  field(id: number, type: number): this {
    const delta = id - (this.#last.at(-1) as number);
    this.#last[this.#last.length - 1] = id;
    if (delta > 0 && delta < 16) this.bytes.push((delta << 4) | type);
    else this.bytes.push(type, ...varint(zigzag(id)));
    return this;
  }
  i32(id: number, value: number): this {
    this.field(id, 5).bytes.push(...varint(zigzag(value)));
    return this;
  }
  i64(id: number, value: number): this {
    this.field(id, 6).bytes.push(...varint(zigzag(value)));
    return this;
  }
  text(id: number, value: string): this {
    this.field(id, 8);
    return this.raw(value);
  }
  raw(value: string): this {
    const bytes = new TextEncoder().encode(value);
    this.bytes.push(...varint(bytes.length), ...bytes);
    return this;
  }
  list(id: number, type: number, size: number): this {
    this.field(id, 9);
    if (size < 15) this.bytes.push((size << 4) | type);
    else this.bytes.push(0xf0 | type, ...varint(size));
    return this;
  }
  open(): this {
    this.#last.push(0);
    return this;
  }
  close(): this {
    this.bytes.push(0);
    this.#last.pop();
    return this;
  }
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return out;
}

const DOUBLE = 5;
const BYTE_ARRAY = 6;

function rowsOf(column: ParquetColumn | undefined): number {
  if (column === undefined) return 0;
  if ('fields' in column) return rowsOf(column.fields[0]);
  return 'doubles' in column ? column.doubles.length : 'texts' in column ? column.texts.length : column.lists.length;
}

/** Levels of one bit in one bit-packed run, their length before them (RLE hybrid of a data page). */
function levels(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    bytes[i >> 3] = (bytes[i >> 3] as number) | (value << (i & 7));
  });
  const run = [...varint(bytes.length * 2 + 1), ...bytes];
  return Uint8Array.from([run.length & 255, (run.length >> 8) & 255, run.length >> 16, 0, ...run]);
}

function leavesOf(columns: readonly ParquetColumn[], above: readonly string[]): Leaf[] {
  return columns.flatMap((column): Leaf[] => {
    const path = [...above, column.name];
    if ('fields' in column) return leavesOf(column.fields, path);
    if ('doubles' in column)
      return [{ path, type: DOUBLE, count: column.doubles.length, body: doubles(column.doubles) }];
    if ('texts' in column)
      return [{ path, type: BYTE_ARRAY, count: column.texts.length, body: textBytes(column.texts) }];
    // An empty list is one level without a value.
    const slots = column.lists.flatMap((list) =>
      list.length === 0 ? [[0, 0]] : list.map((_, i) => [i === 0 ? 0 : 1, 1]),
    );
    const body = joinedBytes([
      levels(slots.map(([repetition = 0]) => repetition)),
      levels(slots.map(([, definition = 0]) => definition)),
      doubles(column.lists.flat()),
    ]);
    return [{ path: [...path, 'list', 'element'], type: DOUBLE, count: slots.length, body }];
  });
}

function doubles(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

const REQUIRED = 0;
const REPEATED = 2;

/** Schema elements of columns; gives back how many. */
function schema(footer: Thrift, columns: readonly ParquetColumn[]): number {
  let count = 0;
  for (const column of columns) {
    count++;
    if ('fields' in column) {
      footer.open().i32(3, REQUIRED).text(4, column.name).i32(5, column.fields.length).close();
      count += schema(footer, column.fields);
    } else if ('lists' in column) {
      footer.open().i32(3, REQUIRED).text(4, column.name).i32(5, 1).i32(6, LIST).close();
      footer.open().i32(3, REPEATED).text(4, 'list').i32(5, 1).close();
      footer.open().i32(1, DOUBLE).i32(3, REQUIRED).text(4, 'element').close();
      count += 2;
    } else {
      footer
        .open()
        .i32(1, 'doubles' in column ? DOUBLE : BYTE_ARRAY)
        .i32(3, REQUIRED)
        .text(4, column.name);
      if ('texts' in column) footer.i32(6, 0);
      footer.close();
    }
  }
  return count;
}

/** Converted type of a list. */
const LIST = 3;

/** The bytes of a Parquet file with these columns. */
export function writeParquet(columns: readonly ParquetColumn[]): Uint8Array {
  const rows = rowsOf(columns[0]);
  const chunks: Uint8Array[] = [new TextEncoder().encode('PAR1')];
  let offset = 4;
  const leaves = leavesOf(columns, []);
  const places = leaves.map(({ body, count }) => {
    const header = new Thrift()
      .i32(1, 0)
      .i32(2, body.length)
      .i32(3, body.length)
      .field(5, 12)
      .open()
      .i32(1, count)
      .i32(2, 0)
      .i32(3, 3)
      .i32(4, 3)
      .close();
    header.bytes.push(0);
    const page = { at: offset, size: header.bytes.length + body.length };
    chunks.push(Uint8Array.from(header.bytes), body);
    offset += page.size;
    return page;
  });
  const elements = schema(new Thrift(), columns);
  const footer = new Thrift().i32(1, 1).list(2, 12, elements + 1);
  footer.open().text(4, 'schema').i32(5, columns.length).close();
  schema(footer, columns);
  footer.i64(3, rows).list(4, 12, 1).open().list(1, 12, leaves.length);
  leaves.forEach(({ path, type, count }, index) => {
    const { at, size } = places[index] as { at: number; size: number };
    footer.open().i64(2, at).field(3, 12).open();
    footer.i32(1, type).list(2, 5, 1).bytes.push(0);
    footer.list(3, 8, path.length);
    for (const name of path) footer.raw(name);
    footer.i32(4, 0).i64(5, count).i64(6, size).i64(7, size).i64(9, at).close().close();
  });
  footer.i64(2, offset).i64(3, rows).close().bytes.push(0);
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, footer.bytes.length, true);
  tail.set(new TextEncoder().encode('PAR1'), 4);
  chunks.push(Uint8Array.from(footer.bytes), tail);
  return joinedBytes(chunks);
}

function textBytes(texts: readonly string[]): Uint8Array {
  const out: number[] = [];
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    out.push(bytes.length & 255, (bytes.length >> 8) & 255, (bytes.length >> 16) & 255, bytes.length >>> 24, ...bytes);
  }
  return Uint8Array.from(out);
}

/** Three models of a leaderboard export. */
export function parquetSample(): Uint8Array {
  return writeParquet([
    { name: 'eval_name', texts: ['a', 'b', 'c'] },
    { name: 'fullname', texts: ['org/a-1b', 'org/b-7b', 'org/c-70b'] },
    { name: '#Params (B)', doubles: [1, 7, 70] },
    { name: 'BBH Raw', doubles: [0.3, 0.4, 0.6] },
  ]);
}
