/**
 * The grammar of formulas typed by users: numbers, names, + - * / ^, brackets and a closed list of functions. Nothing else
 * exists, so nothing else can be evaluated. Every error knows its place in the text.
 *
 *   sum     = product { ('+' | '-') product }
 *   product = unary { ('*' | '/') unary }
 *   unary   = ('-' | '+') unary | power
 *   power   = atom [ '^' unary ]            right-associative, binds tighter than the sign: -x^2 = -(x^2)
 *   atom    = number | name | function '(' sum ')' | '(' sum ')'
 */
import { err, ok, type Result } from '../../result.ts';

const FUNCTIONS = ['exp', 'log', 'log10', 'sqrt', 'tanh', 'sin', 'cos', 'atan', 'abs'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: Expression; readonly at: number }
  | { readonly kind: 'negate'; readonly argument: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/' | '^';
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    };

/** What is wrong with a formula, and where (zero-based UTF-16 offset). */
export interface FormulaError {
  readonly message: string;
  readonly at: number;
}

interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Nesting beyond this is refused: no formula needs it, and recursion must end. */
const DEEPEST = 200;
/** Longest formula in characters. */
const LONGEST = 10_000;

class FormulaProblem extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function isFunction(name: string): name is FunctionName {
  return (FUNCTIONS as readonly string[]).includes(name);
}

const PATTERN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|([-+*/^()]))/uy;

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  const end = text.trimEnd().length;
  while (place < end) {
    PATTERN.lastIndex = place;
    const match = PATTERN.exec(text);
    if (match === null) {
      const at = place + (text.slice(place).search(/\S/) + 0);
      const character = String.fromCodePoint(text.codePointAt(at) ?? 32);
      throw new FormulaProblem(`'${character}' has no meaning here`, at);
    }
    const [whole, number, name, symbol] = match;
    const body = number ?? name ?? symbol ?? '';
    const at = place + whole.length - body.length;
    place += whole.length;
    if (number !== undefined) {
      if (/^[\p{L}_]/u.test(text.slice(place)))
        throw new FormulaProblem(`'${body}' runs into a name: write ${body} * …`, at);
      tokens.push({ kind: 'number', text: body, at });
    } else if (name !== undefined) tokens.push({ kind: 'name', text: body, at });
    else {
      const previous = tokens.at(-1);
      if (body === '*' && previous?.text === '*' && previous.at === at - 1)
        throw new FormulaProblem("'**' is not an operator: write ^ for powers", previous.at);
      tokens.push({ kind: 'symbol', text: body, at });
    }
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  formula(): Expression {
    const result = this.#sum();
    const rest = this.#peek();
    if (rest.kind !== 'end')
      throw new FormulaProblem(
        rest.text === ')' ? "')' closes nothing" : `expected an operator before '${rest.text}'`,
        rest.at,
      );
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #take(...texts: readonly string[]): Token | null {
    const token = this.#peek();
    if (token.kind !== 'symbol' || !texts.includes(token.text)) return null;
    this.#next++;
    return token;
  }

  #sum(): Expression {
    let left = this.#product();
    for (let token = this.#take('+', '-'); token !== null; token = this.#take('+', '-'))
      left = { kind: 'binary', operator: token.text as '+' | '-', left, right: this.#product(), at: token.at };
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    for (let token = this.#take('*', '/'); token !== null; token = this.#take('*', '/'))
      left = { kind: 'binary', operator: token.text as '*' | '/', left, right: this.#unary(), at: token.at };
    return left;
  }

  #unary(): Expression {
    if (++this.#depth > DEEPEST) throw new FormulaProblem('the formula is nested too deeply', this.#peek().at);
    try {
      const minus = this.#take('-');
      if (minus !== null) return { kind: 'negate', argument: this.#unary(), at: minus.at };
      if (this.#take('+') !== null) return this.#unary();
      return this.#power();
    } finally {
      this.#depth--;
    }
  }

  #power(): Expression {
    const base = this.#atom();
    const hat = this.#take('^');
    if (hat === null) return base;
    return { kind: 'binary', operator: '^', left: base, right: this.#unary(), at: hat.at };
  }

  #atom(): Expression {
    const token = this.#peek();
    if (token.kind === 'number') {
      this.#next++;
      const value = Number(token.text);
      if (!Number.isFinite(value)) throw new FormulaProblem(`${token.text} is too large`, token.at);
      return { kind: 'number', value, at: token.at };
    }
    if (token.kind === 'name') {
      this.#next++;
      const open = this.#take('(');
      if (isFunction(token.text)) {
        if (open === null) throw new FormulaProblem(`${token.text} is a function: write ${token.text}(…)`, token.at);
        const argument = this.#sum();
        this.#close(open.at);
        return { kind: 'call', name: token.text, argument, at: token.at };
      }
      if (open !== null)
        throw new FormulaProblem(
          `there is no function ${token.text}; there are ${FUNCTIONS.join(', ')}${token.text === 'ln' ? ' (log is the natural logarithm)' : ''}`,
          token.at,
        );
      if (token.text === 'pi') return { kind: 'number', value: Math.PI, at: token.at };
      return { kind: 'name', name: token.text, at: token.at };
    }
    const open = this.#take('(');
    if (open !== null) {
      const inside = this.#sum();
      this.#close(open.at);
      return inside;
    }
    throw new FormulaProblem(
      token.kind === 'end' ? 'the formula ends where a value is expected' : `expected a value before '${token.text}'`,
      token.at,
    );
  }

  #close(opened: number): void {
    const token = this.#peek();
    if (this.#take(')') === null)
      throw new FormulaProblem(
        token.kind === 'end' ? `'(' at character ${opened + 1} is not closed` : `expected ')' before '${token.text}'`,
        token.at,
      );
  }
}

/** Parses a formula. */
export function parseFormula(text: string): Result<Expression, FormulaError> {
  if (text.length > LONGEST) return err({ message: `the formula is longer than ${LONGEST} characters`, at: LONGEST });
  try {
    return ok(new Parser(tokenise(text)).formula());
  } catch (problem) {
    if (problem instanceof FormulaProblem) return err({ message: problem.message, at: problem.at });
    throw problem;
  }
}

/** The names of a formula in order of appearance. */
export function namesOf(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'name') names.add(node.name);
    else if (node.kind === 'binary') {
      visit(node.left);
      visit(node.right);
    } else if (node.kind !== 'number') visit(node.argument);
  };
  visit(expression);
  return [...names];
}
