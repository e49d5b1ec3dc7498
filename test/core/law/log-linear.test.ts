import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLinear } from '../../../src/core/law/log-linear.ts';
import { makeInput, OPTIONS } from './series.ts';

test('a line in log10 x, in y even for losses', () => {
  const x = [1e18, 1e19, 1e20, 1e21];
  const result = logLinear.fit(makeInput(x, [4, 3.5, 3, 2.5]), OPTIONS);
  assert.ok(result.ok);
  assert.equal(result.value.fit.objective.name, 'squared');
  assert.ok(Math.abs((result.value.fit.parameters['slope'] ?? 0) + 0.5) < 1e-12);
  assert.ok(Math.abs((result.value.fit.parameters['intercept'] ?? 0) - 13) < 1e-10);
  assert.ok(Math.abs(result.value.predict({ x: 1e22 }) - 2) < 1e-11);
  assert.equal(logLinear.baseline, true);
});

test('weights by standard errors', () => {
  const x = [1, 10, 100];
  const input = makeInput(x, [0.1, 0.2, 0.6], { isLoss: false, lower: 0, upper: 1 }, (i) => ({
    stderr: [0.01, 0.01, 1e3][i] ?? 1,
  }));
  const result = logLinear.fit(input, OPTIONS);
  assert.ok(result.ok);
  // The third point has no say: the line goes through the first two.
  assert.ok(Math.abs(result.value.predict({ x: 100 }) - 0.3) < 1e-6);
});
