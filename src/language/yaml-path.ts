/**
 * Where in a YAML map the cursor stands, told from indentation alone: a file in the middle of being typed rarely parses.
 * Block style is followed exactly; inside braces the keys already given are known, not deeper nesting.
 */

export interface YamlPath {
  /** Keys and list indexes down to the map or value at the cursor. */
  readonly path: readonly string[];
  /** True after `key:`, where a value is typed; false where a key is. */
  readonly value: boolean;
  /** Text between the beginning of the word and the cursor. */
  readonly word: string;
  /** Keys that the map already has, as far as they stand in block style beside the cursor. */
  readonly taken: ReadonlySet<string>;
}

interface Line {
  readonly indent: number;
  /** Columns of the list dashes before the key. */
  readonly dashes: readonly number[];
  readonly key: string | null;
  readonly rest: string;
}

/** The path at a line and column of a text. */
export function yamlPathAt(text: string, line: number, character: number): YamlPath {
  const lines = text.split(/\r\n|\n|\r/);
  const before = (lines[line] ?? '').slice(0, character);
  const flow = /^(.*?[:\-[{,])?\s*\{([^{}]*)$/.exec(before);
  const here = readLine(flow === null ? before : (flow[1] ?? ''));
  const column = here.key === null && here.rest === '' && here.dashes.length === 0 ? character : here.indent;
  const parents = parentsOf(lines, line, here, column);
  const listed = [...parents, ...here.dashes.map((dash) => String(countItems(lines, line, dash)))];
  if (flow !== null) {
    const inside = flow[2] ?? '';
    const path = here.key === null ? listed : [...listed, here.key];
    const parts = inside.split(',');
    const last = parts.pop() ?? '';
    const taken = new Set(parts.map((part) => unquote(part.split(':', 1)[0] ?? '')));
    const typed = /^\s*([^:]+):\s*(.*)$/.exec(last);
    if (typed !== null) return { path: [...path, unquote(typed[1] ?? '')], value: true, word: typed[2] ?? '', taken };
    return { path, value: false, word: last.trimStart(), taken };
  }
  if (here.key !== null)
    return { path: [...listed, here.key], value: true, word: here.rest.replace(/^.*[[,]\s*/, ''), taken: new Set() };
  return { path: listed, value: false, word: here.rest, taken: siblings(lines, line, here.indent) };
}

/** Splits a line into indentation, dashes, key and what follows. */
function readLine(text: string): Line {
  const dashes: number[] = [];
  let at = text.length - text.trimStart().length;
  while (text[at] === '-' && (text[at + 1] === ' ' || text[at + 1] === undefined)) {
    dashes.push(at);
    at++;
    while (text[at] === ' ') at++;
  }
  const match = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s:#{}[\],"'][^:#{}[\]]*?)\s*:(?:\s+(.*)|$)/.exec(text.slice(at));
  if (match === null) return { indent: at, dashes, key: null, rest: text.slice(at) };
  return { indent: at, dashes, key: unquote(match[1] ?? ''), rest: match[2] ?? '' };
}

/** Keys and indexes of the enclosing maps and lists, outermost first. */
function parentsOf(lines: readonly string[], line: number, here: Line, column: number): string[] {
  const path: string[] = [];
  let limit = here.dashes[0] ?? column;
  // A list may stand at the same column as its key.
  let listAt = here.dashes[0] ?? null;
  for (let at = line - 1; at >= 0 && limit >= 0; at--) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const one = readLine(text);
    if (
      one.key !== null &&
      (one.indent < limit || (listAt !== null && one.indent === listAt && one.dashes.length === 0))
    ) {
      path.unshift(one.key);
      limit = one.indent;
      listAt = null;
      for (const dash of one.dashes.toReversed()) {
        path.unshift(String(countItems(lines, at, dash)));
        limit = dash;
        listAt = dash;
      }
    } else {
      for (const dash of one.dashes.toReversed()) {
        if (dash >= limit) continue;
        path.unshift(String(countItems(lines, at, dash)));
        limit = dash;
        listAt = dash;
      }
    }
    if (limit === 0 && listAt === null) break;
  }
  return path;
}

/** How many items with a dash at this column stand before a line in the same list. */
function countItems(lines: readonly string[], line: number, dash: number): number {
  let count = 0;
  for (let at = line - 1; at >= 0; at--) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const one = readLine(text);
    const first = one.dashes[0] ?? one.indent;
    if (first < dash || (first === dash && one.dashes.length === 0)) break;
    if (one.dashes.includes(dash)) count++;
  }
  return count;
}

/** Keys at the same column in the block around a line. */
function siblings(lines: readonly string[], line: number, indent: number): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const step of [-1, 1]) {
    for (let at = line + step; at >= 0 && at < lines.length; at += step) {
      const text = lines[at] ?? '';
      if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
      const one = readLine(text);
      if (one.indent < indent) break;
      if (one.indent === indent && one.key !== null) keys.add(one.key);
      if (one.dashes.length > 0 && one.indent <= indent && step < 0) break;
      if (one.dashes.length > 0 && step > 0) break;
    }
  }
  return keys;
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
