import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression, createEvaluator, type Program } from '../../../../src/core/law/expression/compile.ts';
import { exactResiduals } from '../../../../src/core/law/expression/exact.ts';
import { parseFormula } from '../../../../src/core/law/expression/parse.ts';

function programOf(formula: string): Program {
  const parsed = parseFormula(formula);
  assert.ok(parsed.ok);
  return compileExpression(parsed.value, ['a'], ['x']);
}

function residual(formula: string, x: number, theta: number, y: number): number {
  const exact = exactResiduals(programOf(formula), [Float64Array.of(x)], Float64Array.of(theta), Float64Array.of(y));
  return exact[0] ?? Number.NaN;
}

test('residuals far below the rounding of doubles', () => {
  // 0.3 - 3 * 0.1 is -5.6e-17 in doubles and nothing in decimals.
  assert.equal(Math.abs(residual('a * x', 0.1, 3, 0.3)) < 1e-31, true);
  // exp(1e-20) - 1 is 1e-20, which a double loses beside the 1.
  assert.ok(Math.abs(residual('exp(a * x)', 1e-10, 1e-10, 1) / -1e-20 - 1) < 1e-10);
});

test('every operation means what it means in doubles', () => {
  for (const formula of [
    'a + x',
    'a - x',
    'a * x',
    'a / x',
    'x ^ a',
    '-a * x',
    'exp(a)',
    'log(a)',
    'log10(a)',
    'sqrt(a)',
    'tanh(a)',
    'sin(a)',
    'cos(a)',
    'atan(a)',
    'abs(-a) + pi',
  ]) {
    const direct = new Float64Array(1);
    createEvaluator(programOf(formula), [Float64Array.of(1.9)], 1).evaluate(Float64Array.of(0.7), direct, null);
    assert.ok(Math.abs(residual(formula, 1.9, 0.7, 0) + (direct[0] ?? Number.NaN)) < 1e-15, formula);
  }
});
