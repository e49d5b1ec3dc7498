/**
 * The regular expressions of a manifest (`header`, `path`): the usual syntax with named groups, without what makes matching
 * slow or needs backtracking (back references, look-around).
 */
import { err, ok, type Result } from '../result.ts';
import { Builder, Pattern, PatternTooLong, type Unit } from './pattern.ts';

/** Characters of a pattern; the published ones have some 150. */
const MOST_CHARACTERS = 1000;
const DEEPEST = 50;

/** Compiles an expression. The error is a clause that says why it is none, or why it is not taken. */
export function compileExpression(source: string): Result<Pattern, string> {
  if (source.length > MOST_CHARACTERS) return err(`it is longer than ${MOST_CHARACTERS} characters`);
  try {
    // The host knows the syntax; only what it accepts is compiled here.
    new RegExp(source);
  } catch (error) {
    return err(error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'unknown fault');
  }
  try {
    const parser = new Parser(source);
    return ok(parser.pattern());
  } catch (error) {
    if (error instanceof PatternTooLong) return err('its repetitions make it too long');
    if (error instanceof Unsupported) return err(error.message);
    throw error;
  }
}

class Unsupported extends Error {}

const isDigit: Unit = (c) => c >= 48 && c <= 57;
const isWord: Unit = (c) => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const isLineEnd: Unit = (c) => c === 10 || c === 13 || c === 0x2028 || c === 0x2029;
const isSpace: Unit = (c) => /\s/.test(String.fromCharCode(c));
const not =
  (test: Unit): Unit =>
  (c) =>
    !test(c);
const only =
  (code: number): Unit =>
  (c) =>
    c === code;

const CLASSES: Readonly<Record<string, Unit>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 };

class Parser {
  readonly #source: string;
  readonly #builder = new Builder();
  readonly #names: (string | null)[] = [];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  pattern(): Pattern {
    this.#alternatives()();
    this.#builder.add({ op: 'match' });
    return new Pattern(this.#source, this.#builder.program, this.#names, false);
  }

  /** Parses up to `)` or the end; the result builds what was parsed. */
  #alternatives(): () => void {
    if (++this.#depth > DEEPEST) throw new Unsupported(`it nests more than ${DEEPEST} groups`);
    const branches = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      branches.push(this.#sequence());
    }
    this.#depth--;
    return () => this.#builder.either(branches);
  }

  #sequence(): () => void {
    const parts: (() => void)[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')')
      parts.push(this.#repeated(this.#atom()));
    return () => {
      for (const part of parts) part();
    };
  }

  #repeated(atom: () => void): () => void {
    const m = /^(?:([*+?])|\{(\d+)(,(\d*))?\})(\?)?/.exec(this.#source.slice(this.#at, this.#at + 40));
    if (m === null) return atom;
    this.#at += m[0].length;
    const [, sign, from, open, to, lazy] = m;
    const low = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const high =
      sign === undefined
        ? open === undefined
          ? low
          : to === ''
            ? Number.POSITIVE_INFINITY
            : Number(to)
        : sign === '?'
          ? 1
          : Number.POSITIVE_INFINITY;
    // A repetition of nothing (`(){5000}`) adds no steps and would still be counted through.
    if (low > 1000 || (high > 1000 && high !== Number.POSITIVE_INFINITY))
      throw new Unsupported('it repeats a part more than 1000 times');
    return () => this.#builder.repeat(atom, low, high, lazy === undefined);
  }

  #atom(): () => void {
    const c = this.#source[this.#at++] as string;
    switch (c) {
      case '(':
        return this.#group();
      case '[': {
        const test = this.#set();
        return this.#unit(test);
      }
      case '.':
        return this.#unit(not(isLineEnd));
      case '^':
        return this.#assert((_, at) => at === 0);
      case '$':
        return this.#assert((text, at) => at === text.length);
      case '\\':
        return this.#escape();
      default:
        return this.#unit(only(c.charCodeAt(0)));
    }
  }

  #unit(test: Unit): () => void {
    return () => this.#builder.add({ op: 'unit', test });
  }

  #assert(holds: (text: string, at: number) => boolean): () => void {
    return () => this.#builder.add({ op: 'assert', holds });
  }

  #group(): () => void {
    const open = this.#at;
    const head = /^\?(?::|<([A-Za-z_$][\w$]*)>|)/.exec(this.#source.slice(open, open + 200));
    let name: string | null = null;
    let captures = true;
    if (head !== null) {
      if (head[0] === '?')
        throw new Unsupported('look-around and flags in brackets (?=…), (?!…), (?<=…), (?i:…) are not taken');
      this.#at += head[0].length;
      name = head[1] ?? null;
      captures = name !== null;
    }
    const number = captures ? this.#names.push(name) - 1 : -1;
    const body = this.#alternatives();
    this.#at++; // the closing bracket: the host has accepted the syntax
    if (!captures) return body;
    return () => {
      this.#builder.add({ op: 'save', slot: 2 * number + 2 });
      body();
      this.#builder.add({ op: 'save', slot: 2 * number + 3 });
    };
  }

  #escape(): () => void {
    const c = this.#source[this.#at] as string;
    if (c === 'b' || c === 'B') {
      this.#at++;
      const edge = (text: string, at: number): boolean =>
        isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at));
      return this.#assert(c === 'b' ? edge : (text, at) => !edge(text, at));
    }
    if (/[1-9]/.test(c) || (c === 'k' && this.#source[this.#at + 1] === '<'))
      throw new Unsupported('back references (\\1, \\k<name>) are not taken');
    return this.#unit(this.#escapedUnit());
  }

  /** Behind a backslash: a class or one character. */
  #escapedUnit(): Unit {
    const c = this.#source[this.#at++] as string;
    const known = CLASSES[c];
    if (known !== undefined) return known;
    return only(this.#escapedCode(c));
  }

  #escapedCode(c: string): number {
    const control = CONTROLS[c];
    if (control !== undefined) return control;
    if (c === 'x' || c === 'u') {
      const digits = (c === 'x' ? /^[\da-f]{2}/i : /^[\da-f]{4}/i).exec(this.#source.slice(this.#at, this.#at + 4));
      if (digits !== null) {
        this.#at += digits[0].length;
        return Number.parseInt(digits[0], 16);
      }
    }
    if (c === 'c' && /[A-Za-z]/.test(this.#source[this.#at] ?? '')) return this.#source.charCodeAt(this.#at++) % 32;
    return c.charCodeAt(0);
  }

  /** A class in square brackets. */
  #set(): Unit {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at++;
    const tests: Unit[] = [];
    while (this.#source[this.#at] !== ']') {
      const low = this.#member();
      const dash = this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']';
      if (!dash || typeof low !== 'number') {
        tests.push(typeof low === 'number' ? only(low) : low);
        continue;
      }
      this.#at++;
      const high = this.#member();
      if (typeof high === 'number') tests.push((c) => c >= low && c <= high);
      else tests.push(only(low), only(45), high);
    }
    this.#at++;
    const inside: Unit = (c) => tests.some((test) => test(c));
    return negated ? not(inside) : inside;
  }

  #member(): number | Unit {
    const c = this.#source[this.#at++] as string;
    if (c !== '\\') return c.charCodeAt(0);
    const e = this.#source[this.#at++] as string;
    const known = CLASSES[e];
    if (known !== undefined) return known;
    return e === 'b' ? 8 : this.#escapedCode(e);
  }
}
