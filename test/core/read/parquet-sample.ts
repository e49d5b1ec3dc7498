// A Parquet file made here: plain encoding, no compression, required columns. Enough of Thrift's compact protocol to
// write the footer, so that the reader is tested without a binary file in the project.

export type ParquetColumn = { readonly name: string } & (
  | { readonly doubles: readonly number[] }
  | { readonly texts: readonly string[] }
);

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

/** The bytes of a Parquet file with these columns. */
export function writeParquet(columns: readonly ParquetColumn[]): Uint8Array {
  const count = (column: ParquetColumn): number => ('doubles' in column ? column.doubles.length : column.texts.length);
  const rows = columns[0] === undefined ? 0 : count(columns[0]);
  const chunks: Uint8Array[] = [new TextEncoder().encode('PAR1')];
  let offset = 4;
  const places = columns.map((column) => {
    const body =
      'doubles' in column ? new Uint8Array(Float64Array.from(column.doubles).buffer) : textBytes(column.texts);
    const header = new Thrift()
      .i32(1, 0)
      .i32(2, body.length)
      .i32(3, body.length)
      .field(5, 12)
      .open()
      .i32(1, rows)
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
  const footer = new Thrift().i32(1, 1).list(2, 12, columns.length + 1);
  footer.open().text(4, 'schema').i32(5, columns.length).close();
  for (const column of columns) {
    footer
      .open()
      .i32(1, 'doubles' in column ? DOUBLE : BYTE_ARRAY)
      .i32(3, 0)
      .text(4, column.name);
    if ('texts' in column) footer.i32(6, 0);
    footer.close();
  }
  footer.i64(3, rows).list(4, 12, 1).open().list(1, 12, columns.length);
  columns.forEach((column, index) => {
    const { at, size } = places[index] as { at: number; size: number };
    footer.open().i64(2, at).field(3, 12).open();
    footer
      .i32(1, 'doubles' in column ? DOUBLE : BYTE_ARRAY)
      .list(2, 5, 1)
      .bytes.push(0);
    footer.list(3, 8, 1).raw(column.name).i32(4, 0).i64(5, rows).i64(6, size).i64(7, size).i64(9, at).close().close();
  });
  footer.i64(2, offset).i64(3, rows).close().bytes.push(0);
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, footer.bytes.length, true);
  tail.set(new TextEncoder().encode('PAR1'), 4);
  chunks.push(Uint8Array.from(footer.bytes), tail);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
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
