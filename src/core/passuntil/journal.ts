/**
 * The journal of a sampling run: one line of JSON per answer, appended and never changed. A line carries a checksum of
 * itself and ends with a newline that is written with it, so a file cut at any byte is a run up to its last whole line;
 * trials carry their numbers, so a run that goes on neither loses nor doubles one. Completions are kept only on request.
 */
import { hashText } from '../stats/random.ts';

const MAGIC = 'scaling-lens-passuntil';

/** What a session set out to do. Written at the start of every session; all of a file must agree. */
export interface RunLine {
  readonly kind: 'run';
  readonly journal: typeof MAGIC;
  readonly version: 1;
  readonly task: string;
  readonly r: number;
  readonly kMax: number;
  readonly prompts: { readonly count: number; readonly hash: string };
  readonly checker: string;
  readonly sampling: string;
  readonly models: readonly {
    readonly name: string;
    readonly params: number;
    readonly model: string;
    readonly api: string;
  }[];
}

/** One answer: trials first … of a draw. */
export interface TrialsLine {
  readonly kind: 'trials';
  readonly id: number;
  readonly model: string;
  readonly instance: string;
  readonly first: number;
  /** '1' for a pass, '0' for a fail, in the order of the trials. */
  readonly outcomes: string;
  /** The server's id of the answer, where it gave one. */
  readonly response: string | null;
  /** Prompt and completion tokens of the whole answer. */
  readonly tokens: readonly [number, number];
  /** Completions, where the run keeps them. */
  readonly texts?: readonly string[];
}

/** Tokens that a failed request may have cost: they count against the budget. */
export interface SpentLine {
  readonly kind: 'spent';
  readonly model: string;
  readonly tokens: readonly [number, number];
  readonly why: string;
}

export type JournalLine = RunLine | TrialsLine | SpentLine;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3) over the UTF-16 units of a text, both bytes of each; eight hexadecimal digits. */
export function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    crc = (crc >>> 8) ^ (TABLE[(crc ^ unit) & 0xff] as number);
    if (unit > 0xff) crc = (crc >>> 8) ^ (TABLE[(crc ^ (unit >>> 8)) & 0xff] as number);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

/** TABLES[256 k + byte]: what a byte does to the checksum k bytes further on (slicing by eight, Kounavis & Berry 2005). */
const TABLES = new Uint32Array(8 * 256);
TABLES.set(TABLE);
for (let i = 256; i < TABLES.length; i++) {
  const before = TABLES[i - 256] as number;
  TABLES[i] = (before >>> 8) ^ (TABLE[before & 0xff] as number);
}

/** CRC-32 of bytes[from … to): for ASCII that of {@link checksum}. -1 where a byte is beyond ASCII, so is not a text's. */
export function crcOfAscii(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let seen = 0;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    const low =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    const high =
      (bytes[i + 4] as number) |
      ((bytes[i + 5] as number) << 8) |
      ((bytes[i + 6] as number) << 16) |
      ((bytes[i + 7] as number) << 24);
    seen |= low | high;
    const x = crc ^ low;
    crc =
      (TABLES[1792 + (x & 0xff)] as number) ^
      (TABLES[1536 + ((x >>> 8) & 0xff)] as number) ^
      (TABLES[1280 + ((x >>> 16) & 0xff)] as number) ^
      (TABLES[1024 + (x >>> 24)] as number) ^
      (TABLES[768 + (high & 0xff)] as number) ^
      (TABLES[512 + ((high >>> 8) & 0xff)] as number) ^
      (TABLES[256 + ((high >>> 16) & 0xff)] as number) ^
      (TABLES[high >>> 24] as number);
  }
  for (; i < to; i++) {
    const byte = bytes[i] as number;
    seen |= byte;
    crc = (crc >>> 8) ^ (TABLES[(crc ^ byte) & 0xff] as number);
  }
  return (seen & 0x80808080) === 0 ? ~crc >>> 0 : -1;
}

/** Sixteen hexadecimal digits that tell texts apart (not against an adversary). */
export function fingerprint(text: string): string {
  return checksum(text) + hashText(text).toString(16).padStart(8, '0');
}

/** A line of the file, newline included. */
export function encodeLine(line: JournalLine): string {
  const body = JSON.stringify(line).slice(0, -1);
  return `${body},"crc":"${checksum(body)}"}\n`;
}

/** Bytes within which a journal says what it is. */
const HEAD = 200;

/** True for a file that begins like a journal: its first bytes, or all of them. */
export function isJournal(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, HEAD)).includes(`"journal":"${MAGIC}"`);
}

export function runLine(run: Omit<RunLine, 'kind' | 'journal' | 'version'>): RunLine {
  return { kind: 'run', journal: MAGIC, version: 1, ...run };
}

/** A line without its newline; null when its checksum does not fit. */
export function decodeLine(line: string): JournalLine | null {
  const mark = line.lastIndexOf(',"crc":"');
  if (mark < 0 || !line.endsWith('"}') || line.length !== mark + 18) return null;
  if (checksum(line.slice(0, mark)) !== line.slice(mark + 8, mark + 16)) return null;
  return JSON.parse(`${line.slice(0, mark)}}`) as JournalLine;
}

/** Says why a run cannot go on in this journal; null when it can. Models may join, and their addresses may change. */
export function contradiction(before: RunLine, now: RunLine): string | null {
  if (before.r !== now.r) return `r was ${before.r} and is ${now.r} now`;
  if (before.kMax !== now.kMax) return `kMax was ${before.kMax} and is ${now.kMax} now`;
  if (before.task !== now.task) return `the task was ${before.task} and is ${now.task} now`;
  if (before.prompts.hash !== now.prompts.hash) {
    return before.prompts.count === now.prompts.count
      ? 'the prompts or answers have changed'
      : `there were ${before.prompts.count} prompts and there are ${now.prompts.count} now`;
  }
  if (before.checker !== now.checker) return `the checker was ${before.checker} and is ${now.checker} now`;
  if (before.sampling !== now.sampling) return `sampling was ${before.sampling} and is ${now.sampling} now`;
  for (const model of before.models) {
    const same = now.models.find((m) => m.name === model.name);
    if (same === undefined) return `model ${model.name} is missing now`;
    if (same.params !== model.params) return `${model.name} had ${model.params} parameters and has ${same.params} now`;
    if (same.model !== model.model) return `${model.name} was ${model.model} at its endpoint and is ${same.model} now`;
    if (same.api !== model.api) return `${model.name} was asked by ${model.api} and is by ${same.api} now`;
  }
  return null;
}
