/**
 * Reads a journal as a stream of bytes into what a run stands at: outcomes by draw and trial number, and tokens by model.
 * Every line's checksum is verified. Lines of trials as the sampler writes them are read from the bytes themselves (a
 * journal of ten million trials is hundreds of megabytes); all others, and any line with an escape or a letter beyond
 * ASCII, by JSON.parse.
 */
import { joinedBytes } from '../read/joined-bytes.ts';
import { contradiction, crcOfAscii, decodeLine, type JournalLine, type RunLine } from './journal.ts';
import { Outcomes } from './outcomes.ts';

/** One instance at one model. */
export interface TalliedDraw {
  readonly model: string;
  readonly instance: string;
  readonly outcomes: Outcomes;
}

interface KeyedDraw {
  readonly draw: TalliedDraw;
  /** The bytes from the model to the instance, as a line has them. */
  readonly key: Uint8Array;
}

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const BRACKET = 93;
/** `,"crc":"` + eight digits + `"}`. */
const TAIL = 18;

const encoder = new TextEncoder();
const START = encoder.encode('{"kind":"trials","id":');
const MODEL = encoder.encode(',"model":"');
const INSTANCE = encoder.encode('","instance":"');
const FIRST = encoder.encode(',"first":');
const OUTCOMES = encoder.encode(',"outcomes":"');
const RESPONSE = encoder.encode(',"response":');
const NULL = encoder.encode('null');
const TOKENS = encoder.encode(',"tokens":[');
const CRC = encoder.encode(',"crc":"');

export class JournalTally {
  /** The latest session's run; null before the first whole line. */
  run: RunLine | null = null;
  /** In order of their first answer. */
  readonly draws: TalliedDraw[] = [];
  /** Prompt and completion tokens by model, those of lost answers included. */
  readonly tokens = new Map<string, [number, number]>();
  /** Number of the next line of trials. */
  nextId = 1;
  /** Bytes up to the last newline. */
  whole = 0;

  readonly #byName = new Map<string, TalliedDraw>();
  readonly #byHash = new Map<number, KeyedDraw[]>();
  readonly #decoder = new TextDecoder();
  #rest: Uint8Array[] = [];
  #line = 0;
  #fault: string | null = null;

  /** Bytes after the last newline: a line that a kill cut off. */
  get torn(): number {
    return this.#rest.reduce((sum, piece) => sum + piece.length, 0);
  }

  /**
   * The next bytes of the file, cut anywhere.
   * @returns why the journal cannot be used; it stays so
   */
  push(bytes: Uint8Array): string | null {
    let start = 0;
    while (this.#fault === null) {
      const stop = bytes.indexOf(NEWLINE, start);
      if (stop < 0) break;
      this.#line++;
      if (this.#rest.length === 0) this.#take(bytes, start, stop);
      else {
        const line = joinedBytes([...this.#rest, bytes.subarray(start, stop)]);
        this.#rest = [];
        this.whole += line.length - (stop - start);
        this.#take(line, 0, line.length);
      }
      this.whole += stop + 1 - start;
      start = stop + 1;
    }
    // A copy: the caller may fill its buffer again.
    if (this.#fault === null && start < bytes.length) this.#rest.push(bytes.slice(start));
    return this.#fault;
  }

  /** One whole line, without its newline. */
  #take(bytes: Uint8Array, start: number, stop: number): void {
    const mark = stop - TAIL;
    const crc = mark > start && startsAt(bytes, mark, CRC) ? crcOfAscii(bytes, start, mark) : -1;
    if (crc >= 0) {
      if (crc !== hexAt(bytes, mark + CRC.length)) return this.#damaged();
      if (this.run !== null && looksLike(bytes, start, START) && this.#trials(bytes, start + START.length, mark))
        return;
    }
    const line = decodeLine(this.#decoder.decode(bytes.subarray(start, stop)));
    if (line === null) return this.#damaged();
    this.#apply(line);
  }

  #damaged(): void {
    this.#fault = `line ${this.#line} of the journal is damaged: its checksum does not fit`;
  }

  #apply(line: JournalLine): void {
    if (line.kind === 'run') {
      const conflict = this.run === null ? null : contradiction(this.run, line);
      if (conflict !== null) this.#fault = `line ${this.#line} of the journal begins another run: ${conflict}`;
      else this.run = line;
    } else if (this.run === null) this.#fault = 'the journal does not begin with its run';
    else {
      if (line.kind === 'trials') {
        const outcomes = encoder.encode(line.outcomes);
        this.#add(this.#draw(line.model, line.instance), line.first, outcomes, 0, outcomes.length);
        this.nextId = Math.max(this.nextId, line.id + 1);
      }
      this.#bill(line.model, line.tokens[0], line.tokens[1]);
    }
  }

  /** @returns false, having changed nothing, when the line is not written as expected */
  #trials(bytes: Uint8Array, from: number, mark: number): boolean {
    let at = digitsEnd(bytes, from);
    const id = numberAt(bytes, from, at);
    if (at === from || !looksLike(bytes, at, MODEL)) return false;
    const key = at + MODEL.length;
    at = quoteAt(bytes, key, mark) + 1;
    if (at === 0 || !looksLike(bytes, at - 1, INSTANCE)) return false;
    at = quoteAt(bytes, at - 1 + INSTANCE.length, mark) + 1;
    const keyEnd = at;
    if (at === 0 || !looksLike(bytes, at, FIRST)) return false;
    const firstAt = at + FIRST.length;
    at = digitsEnd(bytes, firstAt);
    if (at === firstAt || !looksLike(bytes, at, OUTCOMES)) return false;
    const first = numberAt(bytes, firstAt, at);
    const outcomes = at + OUTCOMES.length;
    const outcomesEnd = quoteAt(bytes, outcomes, mark);
    at = outcomesEnd + 1;
    if (at === 0 || !looksLike(bytes, at, RESPONSE)) return false;
    at += RESPONSE.length;
    if (bytes[at] === QUOTE) {
      at = quoteAt(bytes, at + 1, mark) + 1;
      if (at === 0) return false;
    } else if (looksLike(bytes, at, NULL)) at += NULL.length;
    else return false;
    if (!looksLike(bytes, at, TOKENS)) return false;
    const promptAt = at + TOKENS.length;
    const promptEnd = digitsEnd(bytes, promptAt);
    const completionEnd = digitsEnd(bytes, promptEnd + 1);
    if (promptEnd === promptAt || bytes[promptEnd] !== COMMA) return false;
    if (completionEnd === promptEnd + 1 || bytes[completionEnd] !== BRACKET) return false;
    // What may follow are the completions, which are not needed here.
    if (completionEnd + 1 !== mark && bytes[completionEnd + 1] !== COMMA) return false;
    const draw = this.#known(bytes, key, keyEnd);
    this.#add(draw, first, bytes, outcomes, outcomesEnd);
    this.nextId = Math.max(this.nextId, id + 1);
    this.#bill(draw.model, numberAt(bytes, promptAt, promptEnd), numberAt(bytes, promptEnd + 1, completionEnd));
    return true;
  }

  /** The draw by the bytes between the model's first letter and the instance's closing quote. */
  #known(bytes: Uint8Array, from: number, to: number): TalliedDraw {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    // Thirty bits: small integers are quick keys.
    hash &= 0x3fffffff;
    let entries = this.#byHash.get(hash);
    if (entries === undefined) this.#byHash.set(hash, (entries = []));
    for (const { key, draw } of entries) if (key.length === to - from && startsAt(bytes, from, key)) return draw;
    const [model, instance] = this.#decoder.decode(bytes.subarray(from, to - 1)).split('","instance":"', 2);
    const draw = this.#draw(model ?? '', instance ?? '');
    entries.push({ draw, key: bytes.slice(from, to) });
    return draw;
  }

  #draw(model: string, instance: string): TalliedDraw {
    const name = `${model}\u0000${instance}`;
    let draw = this.#byName.get(name);
    if (draw === undefined) {
      draw = { model, instance, outcomes: new Outcomes() };
      this.#byName.set(name, draw);
      this.draws.push(draw);
    }
    return draw;
  }

  #add(draw: TalliedDraw, first: number, bytes: Uint8Array, from: number, to: number): void {
    const twice = draw.outcomes.add(first, bytes, from, to);
    if (twice === null) this.#fault = `line ${this.#line} of the journal has outcomes that are neither 0 nor 1`;
    else if (twice >= 0) {
      this.#fault = `trial ${twice} of ${draw.instance} at ${draw.model} stands in the journal twice (line ${this.#line})`;
    }
  }

  #bill(model: string, prompt: number, completion: number): void {
    const sum = this.tokens.get(model);
    if (sum === undefined) this.tokens.set(model, [prompt, completion]);
    else {
      sum[0] += prompt;
      sum[1] += completion;
    }
  }
}

/** Where the digits end; at most fifteen, so that their number is exact. */
function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) >= 48 && (bytes[at] as number) <= 57 && at - from < 16) at++;
  return at - from > 15 ? from : at;
}

function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = 10 * value + (bytes[at] as number) - 48;
  return value;
}

/** The closing quote of a text without escapes; -1 where there is an escape or no end. */
function quoteAt(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) return -1;
  }
  return -1;
}

/**
 * Whether a line goes on with a field's name. Its checksum says that the sampler wrote it, and the sampler's fields differ
 * in their length, their first letters or what follows: looking at both ends tells them apart, in a fifth of the time.
 */
function looksLike(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  const end = text.length - 1;
  return (
    bytes[at] === text[0] &&
    bytes[at + 1] === text[1] &&
    bytes[at + 2] === text[2] &&
    bytes[at + end - 1] === text[end - 1] &&
    bytes[at + end] === text[end]
  );
}

function startsAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Eight hexadecimal digits as written (lower case); -1 for anything else. */
function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i++) {
    const byte = bytes[i] as number;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
