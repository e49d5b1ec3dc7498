/**
 * YAML to the tree of nested data, with the place of every node. Anchors are shared and not copied; what their
 * expansion would amount to is counted, and an alias bomb is refused with the place where it begins to explode.
 */
import { Composer, type Document, isAlias, isMap, isPair, isScalar, isSeq, Parser } from 'yaml';
import type { TextProblem } from '../table/raw-table.ts';
import type { Span } from '../table/span.ts';
import { READ_LIMITS } from './ports.ts';
import type { Entry, Node, ParsedTree } from './tree.ts';
import { parsePlainYaml } from './yaml-plain.ts';

/** Values that the aliases of one file may expand to. */
const MAX_EXPANDED = 2_000_000;
const MAX_PROBLEMS = 50;
/** Faults of syntax beyond which a text is taken for something else. */
const MAX_FAULTS = 300;
/** Texts longer than this are tried by the fast reader of plain YAML first. */
const LONG = 100_000;

/** Parses all documents of a YAML text; several documents become one list. */
export function parseYaml(text: string): ParsedTree {
  if (text.length > LONG) {
    const plain = parsePlainYaml(text);
    if (plain !== null) return { root: plain, problems: [], truncated: false };
  }
  if (text.length > READ_LIMITS.yamlCharacters) {
    const megabytes = (text.length / 1e6).toFixed(1);
    return {
      root: null,
      truncated: false,
      problems: [
        {
          code: 'file.too-large',
          severity: 'error',
          message: `${megabytes} MB of YAML is more than the ${READ_LIMITS.yamlCharacters / 1e6} MB that are read when it uses anchors, tags or text over several lines: save the runs as JSON lines or CSV`,
          span: { start: 0, end: Math.min(text.length, 1) },
        },
      ],
    };
  }
  const deep = deepFlow(text);
  if (deep >= 0) return refused(`nested deeper than ${READ_LIMITS.depth} levels`, { start: deep, end: deep + 1 });
  const problems: TextProblem[] = [];
  let documents: readonly Document.Parsed[];
  try {
    // The steps of parseAllDocuments, with a look between them: a text that is no YAML yields a fault per character,
    // and every fault costs more than the character.
    const tokens = [...new Parser().parse(text)];
    const faults = tokens.filter((token) => token.type === 'error');
    const first = faults[0];
    if (first !== undefined && faults.length > MAX_FAULTS) {
      const start = Math.min(first.offset, text.length);
      return refused(`${faults.length} faults of syntax: this is no YAML`, {
        start,
        end: Math.min(start + 1, text.length),
      });
    }
    const composer = new Composer({ uniqueKeys: false, strict: false, prettyErrors: false, logLevel: 'silent' });
    limitFaults(composer);
    documents = [...composer.compose(tokens, true, text.length)];
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message, within(error.span, text));
    // The library reports faults as values; what it throws is running out of stack or memory.
    return refused(`the YAML cannot be parsed (${error instanceof Error ? error.message : 'unknown fault'})`, {
      start: 0,
      end: Math.min(1, text.length),
    });
  }
  const roots: Node[] = [];
  for (const document of documents) {
    for (const fault of [...document.errors, ...document.warnings]) {
      if (problems.length >= MAX_PROBLEMS) break;
      const [start, end] = fault.pos;
      problems.push({
        code: 'file.malformed',
        severity: fault.name === 'YAMLWarning' ? 'information' : 'warning',
        message: short(fault.message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '')),
        span: { start: Math.min(start, text.length), end: Math.min(Math.max(start, end), text.length) },
      });
    }
    const reader = new Converter(text);
    try {
      const root = reader.node(document.contents, 0);
      if (root !== null) roots.push(root);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { root: null, problems: [problemOf(error.message, error.span), ...problems], truncated: false };
    }
    problems.push(...reader.problems.slice(0, MAX_PROBLEMS));
  }
  const first = roots[0];
  if (first === undefined) return { root: null, problems, truncated: false };
  const last = roots.at(-1) as Node;
  const root: Node =
    roots.length === 1 ? first : { kind: 'list', items: roots, span: { start: first.span.start, end: last.span.end } };
  return { root, problems, truncated: false };
}

/** Counts what the composer complains about, and stops it when the text is plainly no YAML. */
function limitFaults(composer: Composer): void {
  // Private in the types, an ordinary field at run time; the version is pinned and a test holds this in place.
  const open = composer as unknown as { onError: (source: FaultSource, ...rest: readonly unknown[]) => void };
  const report = open.onError;
  let count = 0;
  open.onError = (source, ...rest) => {
    if (++count > MAX_FAULTS) {
      const start =
        typeof source === 'number'
          ? source
          : Array.isArray(source)
            ? (source[0] as number)
            : (source as { offset: number }).offset;
      throw new Refusal(`more than ${MAX_FAULTS} faults of syntax: this is no YAML`, { start, end: start + 1 });
    }
    report(source, ...rest);
  };
}

type FaultSource = number | readonly [number, number] | { readonly offset: number };

function within(span: Span, text: string): Span {
  const start = Math.min(span.start, text.length);
  return { start, end: Math.min(Math.max(start, span.end), text.length) };
}

class Refusal extends Error {
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

/** A quoted piece of a file, in a message, may be the whole of a long line. */
function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}

function problemOf(message: string, span: Span): TextProblem {
  return { code: 'file.malformed', severity: 'error', message, span };
}

function refused(message: string, span: Span): ParsedTree {
  return { root: null, problems: [problemOf(message, span)], truncated: false };
}

class Converter {
  readonly problems: TextProblem[] = [];
  readonly #text: string;
  readonly #anchors = new Map<string, { node: Node; size: number }>();
  #size = 0;

  constructor(text: string) {
    this.#text = text;
  }

  node(source: unknown, depth: number): Node | null {
    const span = this.#spanOf(source);
    if (depth > READ_LIMITS.depth) throw new Refusal(`nested deeper than ${READ_LIMITS.depth} levels`, span);
    if (isAlias(source)) {
      const target = this.#anchors.get(source.source);
      if (target === undefined) {
        this.problems.push({
          code: 'file.malformed',
          severity: 'warning',
          message: `*${short(source.source)} refers to no finished anchor before it`,
          span,
        });
        return null;
      }
      this.#grow(target.size, span);
      return target.node;
    }
    const before = this.#size;
    this.#grow(1, span);
    const node = this.#plain(source, depth, span);
    const anchor = isMap(source) || isSeq(source) || isScalar(source) ? source.anchor : undefined;
    if (anchor !== undefined && node !== null) this.#anchors.set(anchor, { node, size: this.#size - before });
    return node;
  }

  #plain(source: unknown, depth: number, span: Span): Node | null {
    if (isMap(source)) {
      const entries: Entry[] = [];
      const merged: Entry[] = [];
      const seen = new Set<string>();
      for (const pair of source.items) {
        if (!isPair(pair)) continue;
        const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : null;
        if (key === null) continue;
        const keySpan = this.#spanOf(pair.key);
        const value = this.node(pair.value, depth + 1);
        if (key === '<<') {
          const sources = value?.kind === 'list' ? value.items : value === null ? [] : [value];
          for (const from of sources) if (from.kind === 'map') merged.push(...from.entries);
          continue;
        }
        if (seen.has(key)) {
          this.problems.push({
            code: 'file.malformed',
            severity: 'warning',
            message: `the key ${short(key)} stands twice in one map; the last one counts`,
            span: keySpan,
          });
        }
        seen.add(key);
        entries.push({
          key,
          keySpan,
          value: value ?? { kind: 'scalar', value: null, raw: '', span: { start: keySpan.end, end: keySpan.end } },
        });
      }
      const inherited = merged.filter(({ key }) => !seen.has(key));
      return { kind: 'map', entries: [...inherited, ...entries], span };
    }
    if (isSeq(source)) {
      const items: Node[] = [];
      for (const item of source.items) {
        const node = isPair(item) ? null : this.node(item, depth + 1);
        if (node !== null) items.push(node);
      }
      return { kind: 'list', items, span };
    }
    if (isScalar(source)) {
      const { value } = source;
      const plain =
        value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? value
          : typeof value === 'bigint'
            ? Number(value)
            : (source.source ?? '');
      const raw = source.source ?? (plain === null ? '' : String(plain));
      return { kind: 'scalar', value: plain, raw, span };
    }
    return null;
  }

  #grow(by: number, span: Span): void {
    this.#size += by;
    if (this.#size > MAX_EXPANDED) {
      throw new Refusal(
        `the aliases expand to more than ${MAX_EXPANDED} values: such a file is refused (alias bomb)`,
        span,
      );
    }
  }

  #spanOf(source: unknown): Span {
    const range = typeof source === 'object' && source !== null && 'range' in source ? source.range : null;
    if (!Array.isArray(range)) return { start: 0, end: 0 };
    const [start, end] = range as [number, number];
    return { start: Math.min(start, this.#text.length), end: Math.min(Math.max(start, end), this.#text.length) };
  }
}

/** The library recurses; brackets or indents beyond the limit are found before it does. Offset of the first, or -1. */
function deepFlow(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 91 || c === 123) {
      if (++depth > READ_LIMITS.depth) return i;
    } else if (c === 93 || c === 125) depth = Math.max(0, depth - 1);
    else if (c === 10 && (text.charCodeAt(i + 1) === 45 || text.charCodeAt(i + 1) > 64)) depth = 0;
  }
  // Block nesting: `- - - - -` on one line.
  const dashes = /(?:- ){200,}/.exec(text);
  return dashes?.index ?? -1;
}
