import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../../src/core/law/expression/compile.ts';
import { exactResiduals } from '../../../../src/core/law/expression/exact.ts';
import { parseFormula } from '../../../../src/core/law/expression/parse.ts';

function residual(formula: string, x: number, theta: number, y: number): number {
  const parsed = parseFormula(formula);
  assert.ok(parsed.ok);
  const program = compileExpression(parsed.value, ['a'], ['x']);
  return exactResiduals(program, [Float64Array.of(x)], Float64Array.of(theta), Float64Array.of(y))[0] ?? Number.NaN;
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
    const script = formula
      .replaceAll('^', '**')
      .replace(/[a-z]{2,}\d*/g, (name) => (name === 'pi' ? 'Math.PI' : `Math.${name}`));
    const direct = Number(new Function('a', 'x', `return ${script}`)(0.7, 1.9));
    assert.ok(Math.abs(residual(formula, 1.9, 0.7, 0) + direct) < 1e-15, formula);
  }
});
