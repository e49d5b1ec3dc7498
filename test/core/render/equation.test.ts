import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equation, lawTitle } from '../../../src/core/render/equation.ts';

test('laws with their numbers filled in', () => {
  assert.equal(equation('power', { b: 12.5, c: 0.34 }), 'y = 12.5·x^−0.34');
  assert.equal(equation('power-offset', { e: 1.69, b: 406, c: 0.34 }), 'y = 1.69 + 406·x^−0.34');
  assert.equal(
    equation('chinchilla', { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 }),
    'L = 1.69 + 406·N^−0.34 + 411·D^−0.28',
  );
  assert.equal(equation('power-offset', { e: 0.9, b: -0.2, c: 0.1 }), 'y = 0.9 − 0.2·x^−0.1');
});

test('lines and broken laws', () => {
  assert.equal(equation('log-linear', { intercept: 2.1, slope: -0.0866 }), 'y = 2.1 − 0.0866·log₁₀ x');
  assert.equal(
    equation('bnsl1', { a: 0.4, b: 2.3, c0: 0.05, c1: 5.5, d1: 1e9, f1: 0.5 }),
    'y = 0.4 + 2.3·x^−0.05·(1 + (x/10⁹)^2)^−2.75',
  );
});

test('a missing value, or a law without a formula, gives the list of parameters', () => {
  assert.equal(equation('power', { b: null, c: 0.34 }), 'b = –, c = 0.34');
  assert.equal(equation('m4', { a: 1, b: 2 }), 'a = 1, b = 2');
  assert.equal(equation('bnsl1', { a: 1, b: 2 }), 'a = 1, b = 2', 'a break is missing');
  assert.equal(equation('toString', { a: 1 }), 'a = 1');
  assert.equal(lawTitle('constructor'), 'constructor');
});
