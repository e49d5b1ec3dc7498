import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression, createEvaluator } from '../../../../src/core/law/expression/compile.ts';
import { parseFormula } from '../../../../src/core/law/expression/parse.ts';

function evaluate(
  text: string,
  theta: readonly number[],
  x: readonly number[],
): { values: Float64Array; jacobian: Float64Array } | null {
  const parsed = parseFormula(text);
  assert.ok(parsed.ok);
  const names = theta.map((_, j) => `p${j}`);
  const program = compileExpression(parsed.value, names, ['x']);
  const values = new Float64Array(x.length);
  const jacobian = new Float64Array(x.length * theta.length);
  const fine = createEvaluator(program, [Float64Array.from(x)], x.length).evaluate(
    Float64Array.from(theta),
    values,
    jacobian,
  );
  return fine ? { values, jacobian } : null;
}

const value = (text: string, x = 3): number => evaluate(text, [2], [x])?.values[0] ?? Number.NaN;

test('precedence and associativity', () => {
  assert.equal(value('-x^2'), -9);
  assert.equal(value('(-x)^2'), 9);
  assert.equal(value('2^3^2'), 512);
  assert.equal(value('2^-2'), 0.25);
  assert.equal(value('8/4/2'), 1);
  assert.equal(value('8-4-2'), 2);
  assert.equal(value('1 + 2*x'), 7);
  assert.equal(value('--x'), 3);
  assert.equal(value('+x*-1'), -3);
  assert.equal(value('.5e1 + 2.E0'), 7);
  assert.equal(value('2*pi'), 2 * Math.PI);
  assert.equal(value('log10(100) + log(exp(1)) + sqrt(4) + abs(-1)'), 6);
});

test('derivatives of every operation agree with central differences', () => {
  const formulas = [
    'p0 + p1*x',
    'p0*x^-p1',
    '(p0 + x)/(p1 - x)',
    'exp(-p0*x) - log(p1 + x)',
    'log10(p0*x) * sqrt(p1 + x)',
    'tanh(p0*x - p1) + sin(p0*x)*cos(p1*x)',
    'atan(p0/(x + p1)) + abs(p0 - x)',
    '-p0^2 + x^p1 + 2^p0',
    'p0^p1 * p0^p1 + p0',
  ];
  const theta = [1.3, 0.7];
  const x = [0.2, 0.45, 1.9, 3.1];
  const h = 1e-6;
  for (const text of formulas) {
    const exact = evaluate(text, theta, x);
    assert.ok(exact !== null, text);
    theta.forEach((at, j) => {
      const moved = (by: number): Float64Array =>
        evaluate(
          text,
          theta.map((v, k) => (k === j ? at + by : v)),
          x,
        )?.values ?? new Float64Array(0);
      const [above, below] = [moved(h), moved(-h)];
      x.forEach((_, i) => {
        const numeric = ((above[i] ?? 0) - (below[i] ?? 0)) / (2 * h);
        const analytic = exact.jacobian[j * x.length + i] ?? Number.NaN;
        assert.ok(Math.abs(numeric - analytic) < 1e-7 * Math.max(1, Math.abs(numeric)), `${text} d/dp${j} at ${x[i]}`);
      });
    });
  }
});

test('blocks of points give what single points give', () => {
  const x = Array.from({ length: 700 }, (_, i) => 1 + i / 100);
  const all = evaluate('p0*exp(-p1*x)', [2, 0.3], x);
  assert.ok(all !== null);
  for (const i of [0, 255, 256, 511, 699]) {
    const one = evaluate('p0*exp(-p1*x)', [2, 0.3], [x[i] ?? 0]);
    assert.equal(all.values[i], one?.values[0]);
    assert.equal(all.jacobian[700 + i], one?.jacobian[1]);
  }
});

test('undefined places are refused', () => {
  assert.equal(evaluate('log(p0 - x)', [1], [2]), null);
  assert.equal(evaluate('(0-x)^p0', [0.5], [2]), null);
  assert.equal(evaluate('exp(p0*x)', [1000], [1]), null);
  // An even power of a negative base is defined, and so is its slope in the base.
  assert.equal(evaluate('(p0 - x)^2', [1], [3])?.jacobian[0], -4);
});
