/**
 * A small JSON parser that keeps the place of every value and goes on after a fault: trailing commas, comments, NaN,
 * single quotes, a text that ends in the middle. What is not strict JSON is reported where it stands. Nesting and
 * size are bounded, and no object of the host language is built, so no key can do harm.
 */
import type { TextProblem } from '../table/raw-table.ts';
import { READ_LIMITS } from './ports.ts';
import type { Entry, Node, ParsedTree } from './tree.ts';

/** Keys of a map up to which comparing each with those before it is faster than a set. */
const FEW = 24;
/** Faults after which the rest of the faults is not listed one by one. */
const MAX_PROBLEMS = 50;

/** Parses one JSON text; `root` is what could be read, `problems` what is not strict JSON. */
export function parseJson(text: string): ParsedTree {
  const parser = new Parser(text);
  const root = parser.document();
  return { root, problems: parser.judged(true), truncated: parser.truncated };
}

/**
 * Parses several JSON values one after another: JSON lines, and objects that follow each other without a newline.
 * A line that is no JSON is reported and skipped.
 */
export function parseJsonValues(text: string): { values: Node[]; problems: TextProblem[]; truncated: boolean } {
  const parser = new Parser(text);
  const values = parser.documents();
  return { values, problems: parser.judged(values.length === 1), truncated: parser.truncated };
}

class Parser {
  readonly text: string;
  readonly problems: TextProblem[] = [];
  truncated = false;
  /** Which problem is the end of the text. */
  #cut = -1;
  #at = 0;
  #nodes = 0;
  #stopped = false;

  constructor(text: string) {
    this.text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  document(): Node | null {
    this.#space();
    if (this.#at >= this.text.length) {
      this.#report('the file is empty', this.#at, this.#at);
      return null;
    }
    const root = this.#value(0);
    this.#space();
    if (root !== null && this.#at < this.text.length && !this.#stopped) {
      this.#report('more text after the end of the JSON value', this.#at, this.#lineEnd(this.#at));
    }
    return root;
  }

  documents(): Node[] {
    const values: Node[] = [];
    for (;;) {
      this.#space();
      if (this.#at >= this.text.length || this.#stopped) return values;
      const start = this.#at;
      const value = this.#value(0);
      if (value !== null) values.push(value);
      if (this.#at === start || value === null) {
        // Not a value: the next line may be one.
        if (value === null && this.#at === start) this.#unexpected();
        this.#at = this.#lineEnd(Math.max(this.#at, start)) + 1;
      }
      this.#space();
      if (this.text[this.#at] === ',') this.#at++;
    }
  }

  #value(depth: number): Node | null {
    if (this.#stopped) return null;
    if (depth > READ_LIMITS.depth) {
      this.#report(`nested deeper than ${READ_LIMITS.depth} levels: reading stops here`, this.#at, this.#at + 1);
      this.#stopped = true;
      return null;
    }
    if (++this.#nodes > READ_LIMITS.nodes) {
      this.#report(`more than ${READ_LIMITS.nodes} values: reading stops here`, this.#at, this.#at + 1);
      this.#stopped = true;
      return null;
    }
    const c = this.text.charCodeAt(this.#at);
    if (c === 123) return this.#map(depth);
    if (c === 91) return this.#list(depth);
    if (c === 34 || c === 39) return this.#string();
    return this.#word();
  }

  #map(depth: number): Node {
    const start = this.#at++;
    const entries: Entry[] = [];
    let comma = -1;
    for (;;) {
      this.#space();
      const c = this.text[this.#at];
      if (c === undefined) {
        this.#end(start, '{');
        break;
      }
      if (c === '}') {
        if (comma >= 0) this.#report('trailing comma: JSON has none before }', comma, comma + 1);
        this.#at++;
        break;
      }
      if (c === ']') {
        this.#report('] closes nothing here: a } was expected', this.#at, this.#at + 1);
        break;
      }
      if (c === ',') {
        this.#report('a comma without a value', this.#at, this.#at + 1);
        this.#at++;
        continue;
      }
      const keyStart = this.#at;
      const key = c === '"' || c === "'" ? this.#string() : this.#bareKey();
      if (key === null) {
        this.#unexpected();
        if (!this.#skipToSeparator()) break;
        continue;
      }
      this.#space();
      if (this.text[this.#at] === ':') this.#at++;
      else if (this.#at >= this.text.length) {
        this.#end(start, '{');
        break;
      } else {
        this.#report('a colon is missing after the key', this.#at, this.#at + 1);
        if (!this.#skipToSeparator()) break;
        continue;
      }
      this.#space();
      const before = this.#at;
      const value = this.#at < this.text.length ? this.#value(depth + 1) : null;
      if (this.#stopped) break;
      if (value === null) {
        if (this.#at >= this.text.length) {
          this.#end(start, '{');
          break;
        }
        if (this.#at === before) this.#unexpected();
        if (!this.#skipToSeparator()) break;
      } else {
        entries.push({ key: String(key.raw), keySpan: { start: keyStart, end: key.span.end }, value });
      }
      comma = this.#comma('}');
    }
    this.#repeats(entries);
    return { kind: 'map', entries, span: { start, end: this.#at } };
  }

  /** Of a key that stands twice the last counts, as in JSON.parse: the others are said to be lost. */
  #repeats(entries: readonly Entry[]): void {
    const say = ({ key, keySpan }: Entry): void => {
      this.#report(`the key ${short(key)} stands twice in one map; the last one counts`, keySpan.start, keySpan.end);
    };
    if (entries.length > FEW) {
      const seen = new Set<string>();
      for (const entry of entries) {
        if (seen.has(entry.key)) say(entry);
        seen.add(entry.key);
      }
      return;
    }
    for (let i = 1; i < entries.length; i++) {
      const entry = entries[i] as Entry;
      for (let k = 0; k < i; k++) {
        if ((entries[k] as Entry).key !== entry.key) continue;
        say(entry);
        break;
      }
    }
  }

  #list(depth: number): Node {
    const start = this.#at++;
    const items: Node[] = [];
    let comma = -1;
    for (;;) {
      this.#space();
      const c = this.text[this.#at];
      if (c === undefined) {
        this.#end(start, '[');
        break;
      }
      if (c === ']') {
        if (comma >= 0) this.#report('trailing comma: JSON has none before ]', comma, comma + 1);
        this.#at++;
        break;
      }
      if (c === '}') {
        this.#report('} closes nothing here: a ] was expected', this.#at, this.#at + 1);
        break;
      }
      if (c === ',') {
        this.#report('a comma without a value', this.#at, this.#at + 1);
        this.#at++;
        continue;
      }
      const before = this.#at;
      const value = this.#value(depth + 1);
      if (this.#stopped) break;
      if (value === null) {
        if (this.#at === before) this.#unexpected();
        if (!this.#skipToSeparator()) break;
      } else items.push(value);
      comma = this.#comma(']');
    }
    return { kind: 'list', items, span: { start, end: this.#at } };
  }

  /** The comma after a value: its offset, or -1; a missing one is reported and assumed. */
  #comma(close: string): number {
    this.#space();
    const c = this.text[this.#at];
    if (c === ',') return this.#at++;
    if (c !== undefined && c !== close && c !== '}' && c !== ']') {
      this.#report('a comma is missing', this.#at, this.#at + 1);
    }
    return -1;
  }

  #string(): (Node & { kind: 'scalar' }) | null {
    const start = this.#at;
    const quote = this.text.charCodeAt(start);
    // Said once: a Python dictionary has them everywhere.
    if (quote === 39 && !this.#quoted)
      this.#report('single quotes: JSON strings stand in double quotes', start, start + 1);
    this.#quoted ||= quote === 39;
    let i = start + 1;
    let plain = true;
    for (; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === quote) break;
      if (c === 10) break;
      if (c === 92) {
        plain = false;
        i++;
      }
    }
    const closed = this.text.charCodeAt(i) === quote;
    if (!closed) {
      // JSON strings hold no line breaks: an unclosed one ends with its line, so that what follows is still read.
      const end = this.#lineEnd(start);
      if (end >= this.text.length)
        this.#cutOff('the file ends within a string: it was cut off, what stands before was read', start, end);
      else this.#report('a string is not closed', start, end);
      this.#at = end;
      const raw = this.text.slice(start + 1, end);
      return { kind: 'scalar', value: raw, raw, span: { start, end } };
    }
    this.#at = i + 1;
    const inside = this.text.slice(start + 1, i);
    const raw = plain ? inside : unescape(inside);
    return { kind: 'scalar', value: raw, raw, span: { start, end: i + 1 } };
  }

  #bareKey(): (Node & { kind: 'scalar' }) | null {
    const match = /[A-Za-z_$][\w$-]*/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.text);
    if (found === null) return null;
    const span = { start: this.#at, end: match.lastIndex };
    this.#report('a key without quotes', span.start, span.end);
    this.#at = span.end;
    return { kind: 'scalar', value: found[0], raw: found[0], span };
  }

  #word(): Node | null {
    const match = /[-+\w.]+/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.text);
    if (found === null) return null;
    const raw = found[0];
    const span = { start: this.#at, end: match.lastIndex };
    const scalar = (value: string | number | boolean | null): Node => {
      this.#at = span.end;
      return { kind: 'scalar', value, raw, span };
    };
    if (raw === 'true' || raw === 'false') return scalar(raw === 'true');
    if (raw === 'null') return scalar(null);
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(raw)) {
      const value = Number(raw);
      if (!Number.isFinite(value)) this.#report(`${short(raw)} is larger than any number`, span.start, span.end);
      return scalar(value);
    }
    if (/^[-+]?(?:NaN|Infinity|inf|nan)$/i.test(raw)) {
      // Python's json module writes these; they are no JSON, but everybody reads them.
      return scalar(
        /nan/i.test(raw) ? Number.NaN : raw.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      );
    }
    if (raw === 'None') return scalar(null);
    if (raw === 'True' || raw === 'False') return scalar(raw === 'True');
    const truncatedHere = span.end >= this.text.length && /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)$/.test(raw);
    if (truncatedHere) {
      this.#cutOff('the file ends in the middle of a value', span.start, span.end);
      this.#at = span.end;
      return null;
    }
    this.#report(`${short(raw)} is no JSON value`, span.start, span.end);
    return scalar(raw);
  }

  /** White space, and the comments that JSON does not have but configurations do. */
  #space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.#at);
      if (c === 32 || c === 10 || c === 13 || c === 9) {
        this.#at++;
        continue;
      }
      const comment = c === 35 || (c === 47 && this.text.charCodeAt(this.#at + 1) === 47);
      if (comment) {
        const end = this.#lineEnd(this.#at);
        if (!this.#commented) this.#report('a comment: JSON has none', this.#at, end);
        this.#commented = true;
        this.#at = end;
        continue;
      }
      return;
    }
  }
  #commented = false;
  #quoted = false;

  #skipToSeparator(): boolean {
    while (this.#at < this.text.length) {
      const c = this.text[this.#at];
      if (c === ',' || c === '}' || c === ']' || c === '\n') return true;
      if (c === '"') this.#string();
      else this.#at++;
    }
    return false;
  }

  #unexpected(): void {
    const c = this.text.slice(this.#at, this.#at + 1);
    this.#report(`${JSON.stringify(c)} was not expected here`, this.#at, this.#at + 1);
    if (c !== '}' && c !== ']' && c !== ',') this.#at++;
  }

  #end(start: number, open: string): void {
    if (this.truncated) return;
    this.#cutOff(
      `the file ends before this ${open} is closed: it was cut off, what stands before the end was read`,
      start,
      start + 1,
    );
  }

  #lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  #cutOff(message: string, start: number, end: number): void {
    this.truncated = true;
    if (this.#cut >= 0) return;
    this.#cut = this.problems.length;
    this.#add(message, start, end);
  }

  /**
   * The problems; of one text that was cut off nobody knows how much is missing, so that is an error. Of many values one
   * after another the last one alone is, as in a log that is still written.
   */
  judged(single: boolean): TextProblem[] {
    return single ? this.problems.map((p, i) => (i === this.#cut ? { ...p, severity: 'error' } : p)) : this.problems;
  }

  #report(message: string, start: number, end: number): void {
    if (this.problems.length < MAX_PROBLEMS) this.#add(message, start, end);
  }

  #add(message: string, start: number, end: number): void {
    const span = { start, end: Math.min(Math.max(end, start), this.text.length) };
    this.problems.push({ code: 'file.malformed', severity: 'warning', message, span });
  }
}

function unescape(inside: string): string {
  return inside.replace(/\\(u[0-9a-fA-F]{4}|.|$)/gs, (_, code: string) => {
    switch (code[0]) {
      case 'u':
        return code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : code;
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case undefined:
        return '';
      default:
        return code;
    }
  });
}

function short(raw: string): string {
  return raw.length > 24 ? `${raw.slice(0, 24)}…` : raw;
}
