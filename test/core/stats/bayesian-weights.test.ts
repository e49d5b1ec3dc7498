import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponentialWeights, powerOfVariance } from '../../../src/core/stats/bayesian-weights.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

/** Mean, and variance relative to the mean squared. */
function moments(values: Float64Array): { mean: number; relative: number } {
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
  return { mean, relative: variance / mean ** 2 };
}

const weights = exponentialWeights(createRandom(5, 'weights'), new Float64Array(200_000));

test('weights are positive, of mean and variance 1', () => {
  const { mean, relative } = moments(weights);
  assert.ok(weights.every((w) => w > 0));
  assert.ok(Math.abs(mean - 1) < 0.01 && Math.abs(relative - 1) < 0.02, `${mean}, ${relative}`);
});

test('a power of the weights has the variance that was asked for', () => {
  assert.ok(Math.abs(powerOfVariance(1) - 1) < 1e-9);
  // Γ(5)/Γ(3)² - 1 = 5.
  assert.ok(Math.abs(powerOfVariance(5) - 2) < 1e-9);
  const power = powerOfVariance((16 / 12) ** 2);
  const { relative } = moments(weights.map((w) => w ** power));
  assert.ok(Math.abs(relative - (16 / 12) ** 2) < 0.1, String(relative));
});
