/**
 * Formulas in double-double arithmetic: the residuals of a fit that is exact to the rounding of doubles, where the doubles'
 * own residuals are noise.
 */
import {
  type DoubleDouble,
  ddAbs,
  ddAdd,
  ddAtan,
  ddCos,
  ddDivide,
  ddExp,
  ddLog,
  ddLog10,
  ddMultiply,
  ddNegate,
  ddOf,
  ddOfDecimal,
  ddPower,
  ddSin,
  ddSqrt,
  ddSubtract,
  ddTanh,
} from '../../stats/double-double.ts';
import type { Program } from './compile.ts';

const UNARY = {
  negate: ddNegate,
  exp: ddExp,
  log: ddLog,
  log10: ddLog10,
  sqrt: ddSqrt,
  tanh: ddTanh,
  sin: ddSin,
  cos: ddCos,
  atan: ddAtan,
  abs: ddAbs,
} as const;

const BINARY = { '+': ddAdd, '-': ddSubtract, '*': ddMultiply, '/': ddDivide, '^': ddPower } as const;

/**
 * y - f(theta) at all points, rounded to doubles only at the end. Data and constants are taken for the decimals that they
 * were written as, parameters for the doubles that they are.
 */
export function exactResiduals(
  program: Program,
  columns: readonly Float64Array[],
  theta: Float64Array,
  y: Float64Array,
): Float64Array {
  const values: DoubleDouble[] = [];
  const out = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    program.instructions.forEach(({ operation, left, right, value }, k) => {
      if (operation === 'constant')
        values[k] = value === Math.PI ? ddMultiply(ddOf(4), ddAtan(ddOf(1))) : ddOfDecimal(value);
      else if (operation === 'parameter') values[k] = ddOf(theta[left] as number);
      else if (operation === 'variable') values[k] = ddOfDecimal((columns[left] as Float64Array)[i] as number);
      else {
        const a = values[left] as DoubleDouble;
        values[k] =
          operation in BINARY
            ? BINARY[operation as keyof typeof BINARY](a, values[right] as DoubleDouble)
            : UNARY[operation as keyof typeof UNARY](a);
      }
    });
    const miss = ddSubtract(ddOfDecimal(y[i] as number), values[values.length - 1] as DoubleDouble);
    out[i] = miss.high + miss.low;
  }
  return out;
}
