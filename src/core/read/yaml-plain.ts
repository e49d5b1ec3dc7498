/**
 * The plain part of YAML that programs write — block maps and lists, one-line scalars and flow collections — at twenty
 * times the speed of a full parser, for long run lists. Whatever is not plain (anchors, tags, block scalars, values over
 * several lines, tabs) makes it give up at once, and the full parser reads the file instead; both give the same tree.
 */
import type { Span } from '../table/span.ts';
import { READ_LIMITS } from './ports.ts';
import type { Entry, Node } from './tree.ts';

/** The tree of a plain YAML text; null if the text is not plain. */
export function parsePlainYaml(text: string): Node | null {
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

class NotPlain extends Error {}

interface Line {
  readonly indent: number;
  /** Offset of the first character that is no space. */
  readonly start: number;
  /** Offset after the last character that is neither comment nor space. */
  readonly end: number;
}

class PlainReader {
  readonly #text: string;
  #next = 0;
  #line: Line | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
    if (this.#line !== null && text.slice(this.#line.start, this.#line.end) === '---') this.#advance();
  }

  document(): Node | null {
    const first = this.#line;
    if (first === null) return null;
    const node = this.#block(first.indent, 0);
    if (this.#line !== null) throw new NotPlain();
    return node;
  }

  /** Moves to the next line that holds something. */
  #advance(): void {
    const text = this.#text;
    for (;;) {
      if (this.#next >= text.length) {
        this.#line = null;
        return;
      }
      const from = this.#next;
      let stop = text.indexOf('\n', from);
      if (stop < 0) stop = text.length;
      this.#next = stop + 1;
      let start = from;
      while (start < stop && text.charCodeAt(start) === 32) start++;
      let end = stop;
      if (text.charCodeAt(end - 1) === 13) end--;
      // A lone carriage return or a tab: the rules about those are for the full parser.
      if (this.#odd(from, end)) throw new NotPlain();
      while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
      if (end === start || text.charCodeAt(start) === 35) continue;
      const c = text.charCodeAt(start);
      if (c === 9 || c === 37) throw new NotPlain();
      const head = text.slice(from, from + 3);
      if (start === from && (head === '---' || head === '...') && from > 0) {
        // A second document, or the end mark of the first.
        if (this.#line !== null || /\S/.test(text.slice(0, from).replace(/^#.*$/gm, ''))) throw new NotPlain();
      }
      this.#line = { indent: start - from, start, end };
      return;
    }
  }

  #odd(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const c = this.#text.charCodeAt(i);
      if (c < 32 || c === 127 || c === 0x85 || c === 0xa0 || c === 0x2028 || c === 0x2029 || c === 0xfeff) return true;
    }
    return false;
  }

  /** The block that begins at the current line and has this indent. */
  #block(indent: number, depth: number): Node {
    if (depth > READ_LIMITS.depth) throw new NotPlain();
    const line = this.#line as Line;
    if (this.#isItem(line.start, line.end)) return this.#list(indent, depth);
    return this.#map(indent, line.start, depth);
  }

  #isItem(start: number, end: number): boolean {
    return this.#text.charCodeAt(start) === 45 && (start + 1 >= end || this.#text.charCodeAt(start + 1) === 32);
  }

  #list(indent: number, depth: number): Node {
    const start = (this.#line as Line).start;
    const items: Node[] = [];
    while (this.#line !== null && this.#line.indent === indent && this.#isItem(this.#line.start, this.#line.end)) {
      const line: Line = this.#line;
      let content = line.start + 1;
      while (content < line.end && this.#text.charCodeAt(content) === 32) content++;
      if (content >= line.end || this.#text.charCodeAt(content) === 35) {
        this.#advance();
        const under = this.#line as Line | null;
        if (under !== null && under.indent > indent) items.push(this.#block(under.indent, depth + 1));
        else items.push(nothing(line.start + 1));
        continue;
      }
      // What follows the dash is a line of its own, further in.
      const inner: Line = { indent: indent + (content - line.start), start: content, end: line.end };
      if (this.#isItem(content, line.end)) throw new NotPlain();
      this.#line = inner;
      if (this.#keyEnd(inner) >= 0) items.push(this.#map(inner.indent, inner.start, depth + 1));
      else {
        items.push(this.#value(content, line.end, depth));
        this.#advance();
        this.#noContinuation(indent);
      }
    }
    return { kind: 'list', items, span: { start, end: endOf(items, start) } };
  }

  #map(indent: number, start: number, depth: number): Node {
    const entries: Entry[] = [];
    while (this.#line !== null && this.#line.indent === indent) {
      const line: Line = this.#line;
      if (this.#isItem(line.start, line.end)) break;
      const colon = this.#keyEnd(line);
      if (colon < 0) throw new NotPlain();
      const keySpan = { start: line.start, end: colon };
      const key = this.#key(keySpan);
      let from = colon + 1;
      while (from < line.end && this.#text.charCodeAt(from) === 32) from++;
      if (from >= line.end || this.#text.charCodeAt(from) === 35) {
        this.#advance();
        const under = this.#line as Line | null;
        const nested =
          under !== null &&
          (under.indent > indent || (under.indent === indent && this.#isItem(under.start, under.end)));
        entries.push({
          key,
          keySpan,
          value: nested ? this.#block((under as Line).indent, depth + 1) : nothing(colon + 1),
        });
      } else {
        entries.push({ key, keySpan, value: this.#value(from, line.end, depth) });
        this.#advance();
        this.#noContinuation(indent);
      }
    }
    if (this.#line !== null && this.#line.indent > indent) throw new NotPlain();
    return {
      kind: 'map',
      entries,
      span: {
        start,
        end: endOf(
          entries.map(({ value }) => value),
          start,
        ),
      },
    };
  }

  /** A line further in after a finished value continues that value. */
  #noContinuation(indent: number): void {
    if (this.#line !== null && this.#line.indent > indent) throw new NotPlain();
  }

  /** Offset of the colon after the key of a line; -1 if the line has none. */
  #keyEnd(line: Line): number {
    const text = this.#text;
    const quote = text.charCodeAt(line.start);
    let i = line.start;
    if (quote === 34 || quote === 39) {
      i = text.indexOf(quote === 34 ? '"' : "'", line.start + 1);
      if (i < 0 || i >= line.end) throw new NotPlain();
      i++;
      return text.charCodeAt(i) === 58 && (i + 1 >= line.end || text.charCodeAt(i + 1) === 32) ? i : -1;
    }
    if (quote === 123 || quote === 91) return -1;
    if (INDICATOR.test(text[line.start] as string) || text.charCodeAt(line.start) === 63) throw new NotPlain();
    for (; i < line.end; i++) {
      const c = text.charCodeAt(i);
      if (c === 58 && (i + 1 >= line.end || text.charCodeAt(i + 1) === 32)) return i;
      if (c === 35 && text.charCodeAt(i - 1) === 32) return -1;
    }
    return -1;
  }

  #key(span: Span): string {
    const raw = this.#text.slice(span.start, span.end);
    const quote = raw[0];
    if (quote === '"' || quote === "'") {
      if (raw.includes('\\')) throw new NotPlain();
      return raw.slice(1, -1);
    }
    if (raw === '' || raw.endsWith(' ') || raw === '<<') throw new NotPlain();
    return raw;
  }

  /** A value that ends on its line. */
  #value(from: number, lineEnd: number, depth: number): Node {
    const c = this.#text[from] as string;
    if (c === '{' || c === '[') {
      const { node, end } = this.#flow(from, lineEnd, depth);
      this.#onlyComment(end, lineEnd);
      return node;
    }
    if (c === '"' || c === "'") {
      const node = this.#quoted(from, lineEnd);
      this.#onlyComment(node.span.end, lineEnd);
      return node;
    }
    let end = lineEnd;
    for (let i = from; i < lineEnd; i++) {
      const code = this.#text.charCodeAt(i);
      // A tab, or a colon before a blank: the rules about those are for the full parser.
      if (code === 9) throw new NotPlain();
      if (code === 35 && i > from && this.#text.charCodeAt(i - 1) === 32) {
        end = i - 1;
        break;
      }
      if (code === 58 && (i + 1 >= lineEnd || this.#text.charCodeAt(i + 1) === 32)) throw new NotPlain();
    }
    while (end > from && isBlank(this.#text.charCodeAt(end - 1))) end--;
    if (INDICATOR.test(c)) throw new NotPlain();
    return plain(this.#text.slice(from, end), from);
  }

  #onlyComment(from: number, lineEnd: number): void {
    if (!/^(?:\s*|\s+#.*)$/.test(this.#text.slice(from, lineEnd))) throw new NotPlain();
  }

  #quoted(from: number, lineEnd: number): Node {
    const quote = this.#text[from] as string;
    const end = this.#text.indexOf(quote, from + 1);
    if (end < 0 || end >= lineEnd) throw new NotPlain();
    const raw = this.#text.slice(from + 1, end);
    // An escape, or a doubled single quote.
    if (raw.includes('\\') || this.#text[end + 1] === quote) throw new NotPlain();
    return { kind: 'scalar', value: raw, raw, span: { start: from, end: end + 1 } };
  }

  #flow(from: number, lineEnd: number, depth: number): { node: Node; end: number } {
    if (depth > READ_LIMITS.depth) throw new NotPlain();
    const text = this.#text;
    const isMap = text.charCodeAt(from) === 123;
    const close = isMap ? 125 : 93;
    const entries: Entry[] = [];
    const items: Node[] = [];
    let i = this.#space(from + 1, lineEnd);
    for (;;) {
      if (i >= lineEnd) throw new NotPlain();
      if (text.charCodeAt(i) === close) break;
      const first = this.#flowNode(i, lineEnd, depth);
      i = this.#space(this.#flowEnd, lineEnd);
      if (isMap) {
        if (first.kind !== 'scalar' || text.charCodeAt(i) !== 58) throw new NotPlain();
        const key = first.raw;
        if (key === '<<') throw new NotPlain();
        i = this.#space(i + 1, lineEnd);
        const c = text.charCodeAt(i);
        if (c === 44 || c === 125) entries.push({ key, keySpan: first.span, value: nothing(i) });
        else {
          const value = this.#flowNode(i, lineEnd, depth);
          i = this.#space(this.#flowEnd, lineEnd);
          entries.push({ key, keySpan: first.span, value });
        }
      } else {
        if (text.charCodeAt(i) === 58) throw new NotPlain();
        items.push(first);
      }
      const c = text.charCodeAt(i);
      if (c === 44) i = this.#space(i + 1, lineEnd);
      else if (c !== close) throw new NotPlain();
    }
    const span = { start: from, end: i + 1 };
    return { node: isMap ? { kind: 'map', entries, span } : { kind: 'list', items, span }, end: i + 1 };
  }

  /** Where the node that `#flowNode` read last ends. */
  #flowEnd = 0;

  #space(from: number, lineEnd: number): number {
    let i = from;
    while (i < lineEnd && this.#text.charCodeAt(i) === 32) i++;
    return i;
  }

  /** One node of a flow collection. */
  #flowNode(start: number, lineEnd: number, depth: number): Node {
    const text = this.#text;
    const head = text.charCodeAt(start);
    if (head === 123 || head === 91) {
      const inner = this.#flow(start, lineEnd, depth + 1);
      this.#flowEnd = inner.end;
      return inner.node;
    }
    if (head === 34 || head === 39) {
      const node = this.#quoted(start, lineEnd);
      this.#flowEnd = node.span.end;
      return node;
    }
    let i = start;
    for (; i < lineEnd; i++) {
      const c = text.charCodeAt(i);
      if (c === 44 || endsFlow(c)) break;
      if (c === 58) {
        // A colon ends a key only before a blank or the end of the value.
        const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 32;
        if (next === 44 || isBlank(next) || next === 10 || endsFlow(next)) break;
      } else if (c === 35 && text.charCodeAt(i - 1) === 32) break;
    }
    let end = i;
    while (end > start && text.charCodeAt(end - 1) === 32) end--;
    this.#flowEnd = i;
    if (end === start || INDICATOR.test(text[start] as string) || head === 63) throw new NotPlain();
    if (head === 45 && (end === start + 1 || isBlank(text.charCodeAt(start + 1)))) throw new NotPlain();
    return plain(text.slice(start, end), start);
  }
}

/** Brackets and braces. */
function endsFlow(code: number): boolean {
  return code === 91 || code === 93 || code === 123 || code === 125;
}

/** Characters that begin something else than a plain scalar. */
const INDICATOR = /[&*!|>%@`#,\]}]/;

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

function nothing(at: number): Node {
  return { kind: 'scalar', value: null, raw: '', span: { start: at, end: at } };
}

function endOf(nodes: readonly Node[], start: number): number {
  return nodes.at(-1)?.span.end ?? start;
}

/** A plain scalar by the core schema of YAML 1.2. */
function plain(raw: string, start: number): Node {
  return { kind: 'scalar', value: coreValue(raw), raw, span: { start, end: start + raw.length } };
}

function coreValue(raw: string): string | number | boolean | null {
  const c = raw.charCodeAt(0);
  if ((c >= 48 && c <= 57) || c === 45 || c === 43 || c === 46) {
    if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(raw)) return Number(raw);
    if (/^0o[0-7]+$/.test(raw)) return Number.parseInt(raw.slice(2), 8);
    if (/^0x[0-9a-fA-F]+$/.test(raw)) return Number.parseInt(raw.slice(2), 16);
    if (/^[-+]?\.(?:inf|Inf|INF)$/.test(raw))
      return raw.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    if (/^\.(?:nan|NaN|NAN)$/.test(raw)) return Number.NaN;
    return raw;
  }
  if (/^(?:true|True|TRUE)$/.test(raw)) return true;
  if (/^(?:false|False|FALSE)$/.test(raw)) return false;
  if (/^(?:null|Null|NULL|~)$/.test(raw)) return null;
  return raw;
}
