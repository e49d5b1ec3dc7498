/**
 * Formulas as straight-line programs with exact derivatives: an expression becomes a list of instructions, evaluated for
 * a block of points at a time (forward), then swept backwards once for the derivatives with respect to all parameters
 * (reverse-mode automatic differentiation). Typed arrays throughout; nothing is allocated per evaluation.
 */
import type { Expression } from './parse.ts';

type Operation =
  | 'constant'
  | 'parameter'
  | 'variable'
  | 'negate'
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | 'exp'
  | 'log'
  | 'log10'
  | 'sqrt'
  | 'tanh'
  | 'sin'
  | 'cos'
  | 'atan'
  | 'abs';

interface Instruction {
  readonly operation: Operation;
  /** Instruction indices of the operands (or the index of a parameter or variable). */
  readonly left: number;
  readonly right: number;
  readonly value: number;
  /** Whether the value depends on a parameter, on a variable. */
  readonly active: boolean;
  readonly varies: boolean;
}

export interface Program {
  readonly parameters: readonly string[];
  readonly variables: readonly string[];
  readonly instructions: readonly Instruction[];
}

/** Points evaluated together: the block stays in the processor's cache. */
const BLOCK = 256;

/** Compiles an expression; equal subexpressions are evaluated once. */
export function compileExpression(
  expression: Expression,
  parameters: readonly string[],
  variables: readonly string[],
): Program {
  const instructions: Instruction[] = [];
  const known = new Map<string, number>();
  const emit = (operation: Operation, left: number, right: number, value: number): number => {
    const key = `${operation} ${left} ${right} ${value}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const leaf = operation === 'constant' || operation === 'parameter' || operation === 'variable';
    const operands = leaf ? [] : right < 0 ? [left] : [left, right];
    instructions.push({
      operation,
      left,
      right,
      value,
      active: operation === 'parameter' || operands.some((at) => instructions[at]?.active === true),
      varies: operation === 'variable' || operands.some((at) => instructions[at]?.varies === true),
    });
    known.set(key, instructions.length - 1);
    return instructions.length - 1;
  };
  const visit = (node: Expression): number => {
    switch (node.kind) {
      case 'number':
        return emit('constant', -1, -1, node.value);
      case 'name': {
        const parameter = parameters.indexOf(node.name);
        if (parameter >= 0) return emit('parameter', parameter, -1, 0);
        return emit('variable', variables.indexOf(node.name), -1, 0);
      }
      case 'negate':
        return emit('negate', visit(node.argument), -1, 0);
      case 'call':
        return emit(node.name, visit(node.argument), -1, 0);
      case 'binary': {
        const left = visit(node.left);
        return emit(node.operator, left, visit(node.right), 0);
      }
    }
  };
  visit(expression);
  return { parameters, variables, instructions };
}

export interface Evaluator {
  /**
   * Values at all points and, unless null, derivatives (column-major n × parameters).
   *
   * @returns false when a value is not finite
   */
  evaluate(theta: Float64Array, values: Float64Array, jacobian: Float64Array | null): boolean;
}

/** Binds a program to the columns of its variables, each of length n. */
export function createEvaluator(program: Program, columns: readonly Float64Array[], n: number): Evaluator {
  const { instructions } = program;
  const count = instructions.length;
  const value = instructions.map(() => new Float64Array(BLOCK));
  const adjoint = instructions.map(() => new Float64Array(BLOCK));
  const last = count - 1;

  const forward = (theta: Float64Array, from: number, size: number): void => {
    for (let k = 0; k < count; k++) {
      const { operation, left, right, value: constant } = instructions[k] as Instruction;
      const out = value[k] as Float64Array;
      if (operation === 'constant') {
        out.fill(constant, 0, size);
        continue;
      }
      if (operation === 'parameter') {
        out.fill(theta[left] as number, 0, size);
        continue;
      }
      if (operation === 'variable') {
        const column = columns[left] as Float64Array;
        for (let i = 0; i < size; i++) out[i] = column[from + i] as number;
        continue;
      }
      const a = value[left] as Float64Array;
      const b = value[right < 0 ? left : right] as Float64Array;
      forwardOne(operation, a, b, out, size);
    }
  };

  const backward = (size: number): void => {
    for (let k = last; k >= 0; k--) {
      const { operation, left, right, active } = instructions[k] as Instruction;
      if (!active || operation === 'parameter') continue;
      const bar = adjoint[k] as Float64Array;
      const useLeft = instructions[left]?.active === true;
      const useRight = right >= 0 && instructions[right]?.active === true;
      backwardOne(
        operation,
        value[left] as Float64Array,
        value[right < 0 ? left : right] as Float64Array,
        value[k] as Float64Array,
        bar,
        useLeft ? (adjoint[left] as Float64Array) : null,
        useRight ? (adjoint[right] as Float64Array) : null,
        size,
      );
    }
  };

  return {
    evaluate: (theta, values, jacobian) => {
      for (let from = 0; from < n; from += BLOCK) {
        const size = Math.min(BLOCK, n - from);
        forward(theta, from, size);
        const result = value[last] as Float64Array;
        for (let i = 0; i < size; i++) {
          const y = result[i] as number;
          if (!(Math.abs(y) < 1e300)) return false;
          values[from + i] = y;
        }
        if (jacobian === null) continue;
        for (let k = 0; k < count; k++) (adjoint[k] as Float64Array).fill(k === last ? 1 : 0, 0, size);
        backward(size);
        for (let j = 0; j < program.parameters.length; j++) jacobian.fill(0, j * n + from, j * n + from + size);
        for (let k = 0; k < count; k++) {
          const { operation, left } = instructions[k] as Instruction;
          if (operation !== 'parameter') continue;
          const bar = adjoint[k] as Float64Array;
          for (let i = 0; i < size; i++) {
            const slope = bar[i] as number;
            if (!(Math.abs(slope) < 1e300)) return false;
            jacobian[left * n + from + i] = slope;
          }
        }
      }
      return true;
    },
  };
}

function forwardOne(operation: Operation, a: Float64Array, b: Float64Array, out: Float64Array, size: number): void {
  switch (operation) {
    case '+':
      for (let i = 0; i < size; i++) out[i] = (a[i] as number) + (b[i] as number);
      break;
    case '-':
      for (let i = 0; i < size; i++) out[i] = (a[i] as number) - (b[i] as number);
      break;
    case '*':
      for (let i = 0; i < size; i++) out[i] = (a[i] as number) * (b[i] as number);
      break;
    case '/':
      for (let i = 0; i < size; i++) out[i] = (a[i] as number) / (b[i] as number);
      break;
    case '^':
      for (let i = 0; i < size; i++) out[i] = (a[i] as number) ** (b[i] as number);
      break;
    case 'negate':
      for (let i = 0; i < size; i++) out[i] = -(a[i] as number);
      break;
    case 'exp':
      for (let i = 0; i < size; i++) out[i] = Math.exp(a[i] as number);
      break;
    case 'log':
      for (let i = 0; i < size; i++) out[i] = Math.log(a[i] as number);
      break;
    case 'log10':
      for (let i = 0; i < size; i++) out[i] = Math.log10(a[i] as number);
      break;
    case 'sqrt':
      for (let i = 0; i < size; i++) out[i] = Math.sqrt(a[i] as number);
      break;
    case 'tanh':
      for (let i = 0; i < size; i++) out[i] = Math.tanh(a[i] as number);
      break;
    case 'sin':
      for (let i = 0; i < size; i++) out[i] = Math.sin(a[i] as number);
      break;
    case 'cos':
      for (let i = 0; i < size; i++) out[i] = Math.cos(a[i] as number);
      break;
    case 'atan':
      for (let i = 0; i < size; i++) out[i] = Math.atan(a[i] as number);
      break;
    case 'abs':
      for (let i = 0; i < size; i++) out[i] = Math.abs(a[i] as number);
      break;
    case 'constant':
    case 'parameter':
    case 'variable':
      break;
  }
}

/** Adds bar · d(out)/d(operand) to the operands' adjoints. */
function backwardOne(
  operation: Operation,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  bar: Float64Array,
  left: Float64Array | null,
  right: Float64Array | null,
  size: number,
): void {
  if (operation === '^') {
    for (let i = 0; i < size; i++) {
      const base = a[i] as number;
      const power = b[i] as number;
      const g = bar[i] as number;
      if (left !== null && power !== 0) left[i] = (left[i] as number) + g * power * base ** (power - 1);
      // d(0^p)/dp = 0 for p > 0; for a negative base the derivative does not exist (NaN refuses the step).
      if (right !== null && !(base === 0 && power > 0))
        right[i] = (right[i] as number) + g * (out[i] as number) * Math.log(base);
    }
    return;
  }
  if (operation === '*' || operation === '/') {
    for (let i = 0; i < size; i++) {
      const g = bar[i] as number;
      if (operation === '*') {
        if (left !== null) left[i] = (left[i] as number) + g * (b[i] as number);
        if (right !== null) right[i] = (right[i] as number) + g * (a[i] as number);
      } else {
        const share = g / (b[i] as number);
        if (left !== null) left[i] = (left[i] as number) + share;
        if (right !== null) right[i] = (right[i] as number) - share * (out[i] as number);
      }
    }
    return;
  }
  if (operation === '+' || operation === '-') {
    for (let i = 0; i < size; i++) {
      const g = bar[i] as number;
      if (left !== null) left[i] = (left[i] as number) + g;
      if (right !== null) right[i] = (right[i] as number) + (operation === '+' ? g : -g);
    }
    return;
  }
  if (left === null) return;
  for (let i = 0; i < size; i++)
    left[i] = (left[i] as number) + (bar[i] as number) * slopeOf(operation, a[i] as number, out[i] as number);
}

/** d f(x)/dx, given x and f(x). */
function slopeOf(operation: Operation, x: number, y: number): number {
  switch (operation) {
    case 'negate':
      return -1;
    case 'exp':
      return y;
    case 'log':
      return 1 / x;
    case 'log10':
      return 1 / (x * Math.LN10);
    case 'sqrt':
      return 0.5 / y;
    case 'tanh':
      return 1 - y * y;
    case 'sin':
      return Math.cos(x);
    case 'cos':
      return -Math.sin(x);
    case 'atan':
      return 1 / (1 + x * x);
    case 'abs':
      return Math.sign(x);
    default:
      return 0;
  }
}
