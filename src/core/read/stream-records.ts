/**
 * JSON lines that are too large to hold. Records of a table go through the same thinning as the rows of a delimited file;
 * of OLMES records everything that is no metric is left out, and every record is kept.
 */
import type { RawTable, TextProblem } from '../table/raw-table.ts';
import type { BlockTaker } from './stream-chunks.ts';
import { MAX_RECORD, tooLong, wholeLines } from './stream-lines.ts';
import type { Original, RowThinner } from './stream-rows.ts';

/** Records up to this length are kept as they stand, of longer ones only the values that a table has. */
const PLAIN = 2_000;
/** Texts beyond this length are no names and no numbers. */
const LONG_TEXT = 400;
/** Objects inside a record are part of the table this deep (as the reader of records has it). */
const MAX_DEPTH = 3;
/** Characters of OLMES records that are held. */
const MOST_METRICS = 160_000_000;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Cuts blocks into lines. */
abstract class Lines implements BlockTaker {
  failure: { readonly code: TextProblem['code']; readonly message: string } | null = null;
  /** Records read, and lines that are none. */
  records = 0;
  faulty = 0;
  #line = 0;
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(decode: (bytes: Uint8Array) => string) {
    this.#decode = decode;
  }

  protected abstract record(record: { readonly [key: string]: Json }, text: string, line: number): void;
  protected abstract blockEnd(): void;

  get stopped(): boolean {
    return this.failure !== null;
  }

  take(units: Uint8Array, length: number, last: boolean): number {
    const rest = wholeLines(units, length, last);
    if (rest === 0 && length > MAX_RECORD) {
      this.failure = tooLong(this.#line, 'no list of records');
      return length;
    }
    // A line end is one byte in every encoding that comes here: a block is decoded at once.
    const lines = this.#decode(units.subarray(0, rest)).split('\n');
    // What stands behind the last line end is the next line, or nothing.
    if (lines.at(-1) === '') lines.pop();
    for (const raw of lines) {
      if (this.stopped) break;
      const text = raw.trim();
      const line = this.#line++;
      if (text === '') continue;
      const value = parsed(text);
      if (value === null) this.faulty++;
      else {
        this.records++;
        this.record(value, text, line);
      }
    }
    this.blockEnd();
    return rest;
  }
}

/** One line as an object; null if it is none. Python writes `NaN` and `Infinity`. */
function parsed(text: string): { readonly [key: string]: Json } | null {
  let value: Json | undefined = tried(text);
  if (value === undefined && /NaN|Infinity/.test(text))
    value = tried(text.replace(/(?<=[:,[]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, 'null'));
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : null;
}

function tried(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Records of a table. */
export class RecordRows extends Lines {
  readonly #thinner: RowThinner;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #encoder = new TextEncoder();
  #rows: string[] = [];
  #originals: Original[] = [];

  /** @param head the table of the first megabyte: its columns decide what keeps rows apart */
  constructor(thinner: RowThinner, head: RawTable, decode: (bytes: Uint8Array) => string) {
    super(decode);
    this.#thinner = thinner;
    this.#columns = new Map(Array.from({ length: head.columnCount }, (_, c) => [head.header(c), c]));
  }

  protected record(record: { readonly [key: string]: Json }, text: string, line: number): void {
    const cells = new Array<string>(this.#columns.size).fill('');
    const put = (map: { readonly [key: string]: Json }, path: string, depth: number): void => {
      for (const key in map) {
        const value = map[key] as Json;
        const header = path === '' ? key : `${path}/${key}`;
        if (value !== null && typeof value === 'object') {
          if (!Array.isArray(value) && depth < MAX_DEPTH)
            put(value as { readonly [key: string]: Json }, header, depth + 1);
          continue;
        }
        const column = this.#columns.get(header);
        if (column !== undefined && value !== null) cells[column] = cellOf(String(value));
      }
    };
    put(record, '', 0);
    this.#rows.push(cells.join(','));
    this.#originals.push({
      line,
      bytes: () => this.#encoder.encode(text.length <= PLAIN ? text : JSON.stringify(lean(record, 0))),
    });
  }

  protected blockEnd(): void {
    if (this.#rows.length === 0) return;
    const bytes = this.#encoder.encode(`${this.#rows.join('\n')}\n`);
    const units = new Uint8Array(bytes.length + 1);
    units.set(bytes);
    this.#thinner.take(units, bytes.length, false, this.#originals);
    this.#rows = [];
    this.#originals = [];
  }

  override get stopped(): boolean {
    return super.stopped || this.#thinner.stopped;
  }
}

/** A cell of one line. A row of empty cells is still a row. */
function cellOf(text: string): string {
  if (/^[\w.+-]+$/.test(text)) return text;
  const line = text.replace(/[\r\n]+/g, ' ');
  return /[",]|^\s|\s$/.test(line) || line === '' ? `"${line.replaceAll('"', '""')}"` : line;
}

/** A record without lists and long texts. */
function lean(map: { readonly [key: string]: Json }, depth: number): { readonly [key: string]: Json } {
  const out: [string, Json][] = [];
  for (const [key, value] of Object.entries(map)) {
    if (Array.isArray(value) || (typeof value === 'string' && value.length > LONG_TEXT)) continue;
    if (value === null || typeof value !== 'object') out.push([key, value]);
    else if (depth < MAX_DEPTH) out.push([key, lean(value as { readonly [key: string]: Json }, depth + 1)]);
  }
  // An object made of entries has no setters: a key `__proto__` stays a key.
  return Object.fromEntries(out);
}

/** OLMES records: what their reader reads. */
export class OlmesRecords extends Lines {
  readonly lines: number[] = [];
  readonly texts: string[] = [];
  #characters = 0;

  protected record(record: { readonly [key: string]: Json }, _text: string, line: number): void {
    const part = (value: Json | undefined, keys: readonly string[]): Json => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
      const map = value as { readonly [key: string]: Json };
      return Object.fromEntries(keys.filter((key) => Object.hasOwn(map, key)).map((key) => [key, map[key] as Json]));
    };
    const config = part(record['task_config'], ['task_name', 'num_shots', 'split', 'primary_metric', 'limit']);
    const metadata = (record['task_config'] as { readonly metadata?: Json } | undefined)?.metadata;
    const text = JSON.stringify({
      ...(part(record, ['task_name', 'num_instances']) as object),
      model_config: part(record['model_config'], ['model', 'model_path']),
      task_config: { ...(config as object), metadata: part(metadata, ['num_tasks']) },
      metrics: part(record['metrics'], Object.keys(record['metrics'] ?? {})),
    });
    this.#characters += text.length;
    if (this.#characters > MOST_METRICS) {
      this.failure = {
        code: 'file.too-large',
        message: `The metrics of more than ${this.records.toLocaleString('en-US')} OLMES records do not fit: split the file by model or by task.`,
      };
      return;
    }
    this.lines.push(line);
    this.texts.push(text);
  }

  protected blockEnd(): void {}
}
