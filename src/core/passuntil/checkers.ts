/**
 * Does a completion pass? The checkers that need nothing but the text and the answer; an external command is a port of
 * the host. A checker is a rule written in the run file, the same for every instance; the answer comes with the instance.
 */

export type CheckerSpec =
  | { readonly type: 'exact'; readonly trim: boolean; readonly ignoreCase: boolean }
  | { readonly type: 'regex'; readonly pattern: string; readonly flags: string }
  | { readonly type: 'numeric'; readonly tolerance: number; readonly relative: number; readonly take: 'first' | 'last' }
  | { readonly type: 'json'; readonly path: readonly (string | number)[] }
  | { readonly type: 'choice'; readonly options: number }
  | { readonly type: 'command'; readonly command: readonly string[]; readonly timeout: number };

/** Completions longer than this are cut before a pattern is tried on them. */
const LONGEST = 100_000;

/** Judges a completion; null for `command`, which only the host can run. */
export function judge(spec: CheckerSpec, completion: string, answer: string): boolean | null {
  const text = completion.slice(0, LONGEST);
  switch (spec.type) {
    case 'exact': {
      const norm = (s: string): string => {
        const trimmed = spec.trim ? s.trim() : s;
        return spec.ignoreCase ? trimmed.toLowerCase() : trimmed;
      };
      return norm(text) === norm(answer);
    }
    case 'regex':
      return compilePattern(spec.pattern, spec.flags, answer).test(text);
    case 'numeric':
      return closeEnough(spec, text, answer);
    case 'json':
      return jsonEquals(spec.path, text, answer);
    case 'choice':
      return chosen(text, spec.options) === answer.trim().toUpperCase();
    case 'command':
      return null;
  }
}

/** The pattern with {{answer}} replaced by the answer as plain text. @throws SyntaxError for a bad pattern */
export function compilePattern(pattern: string, flags: string, answer: string): RegExp {
  const plain = answer.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(
    pattern.replaceAll('{{answer}}', () => plain),
    flags.replace(/[gy]/g, ''),
  );
}

const NUMBER = /[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** Numbers in a text, in order; thousands may be grouped by commas. */
export function numbersIn(text: string): number[] {
  const found: number[] = [];
  for (const [match] of text.matchAll(NUMBER)) {
    if (!/\d/.test(match)) continue;
    const value = Number(match.replaceAll(',', ''));
    if (Number.isFinite(value)) found.push(value);
  }
  return found;
}

function closeEnough(spec: CheckerSpec & { type: 'numeric' }, text: string, answer: string): boolean {
  const numbers = numbersIn(text);
  const value = spec.take === 'first' ? numbers[0] : numbers.at(-1);
  const [expected] = numbersIn(answer);
  if (value === undefined || expected === undefined) return false;
  return Math.abs(value - expected) <= Math.max(spec.tolerance, spec.relative * Math.abs(expected));
}

/** The first JSON value of a text (bare, or in a code fence) at a path, compared with the answer. */
function jsonEquals(path: readonly (string | number)[], text: string, answer: string): boolean {
  const parsed = firstJson(text);
  if (parsed === undefined) return false;
  let here: unknown = parsed;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return false;
    here = (here as Record<string | number, unknown>)[part];
  }
  const expected = parseJson(answer);
  return same(here, expected === undefined ? answer : expected) || here === answer;
}

function firstJson(text: string): unknown {
  const fence = /```(?:json)?\s*\n([\s\S]*?)```/.exec(text)?.[1];
  for (const candidate of [text, fence]) {
    const value = candidate === undefined ? undefined : parseJson(candidate);
    if (value !== undefined) return value;
  }
  // Prose before or after: from the first bracket to the last of its kind.
  const open = /[[{]/.exec(text);
  if (open === null) return undefined;
  const close = text.lastIndexOf(open[0] === '{' ? '}' : ']');
  return close > open.index ? parseJson(text.slice(open.index, close + 1)) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

/** The letter that a completion settles on: "(B)", "B.", "B", "The answer is B". */
export function chosen(text: string, options: number): string | null {
  const last = String.fromCharCode(64 + options);
  const stated = new RegExp(`answer\\s*(?:is|:)?\\s*\\(?([A-${last}])\\b`, 'i').exec(text);
  const alone = new RegExp(`^\\W*([A-${last}])(?![A-Za-z])`).exec(text);
  const inside = new RegExp(`\\(([A-${last}])\\)`).exec(text);
  return (stated?.[1] ?? alone?.[1] ?? inside?.[1] ?? null)?.toUpperCase() ?? null;
}

/** One line that names the rule, for the journal and for messages. */
export function describeChecker(spec: CheckerSpec): string {
  switch (spec.type) {
    case 'exact':
      return `exact${spec.trim ? ', trimmed' : ''}${spec.ignoreCase ? ', any case' : ''}`;
    case 'regex':
      return `regex /${spec.pattern}/${spec.flags}`;
    case 'numeric':
      return `numeric, ${spec.take} number within ${spec.tolerance} or ${spec.relative} of the answer`;
    case 'json':
      return `json at ${spec.path.length === 0 ? 'the top' : spec.path.join('.')}`;
    case 'choice':
      return `choice of ${spec.options}`;
    case 'command':
      return `command ${JSON.stringify(spec.command)}, ${spec.timeout} s`;
  }
}
