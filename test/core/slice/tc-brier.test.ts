/** TC Brier of single questions, and probabilities that are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tcBrier } from '../../../src/core/slice/tc-brier.ts';

test('conditional and plain scores, option mass, correctness', () => {
  const raw = tcBrier([0.02, 0.06, 0.01, 0.01], 1);
  assert.ok(raw.ok);
  assert.ok(Math.abs(raw.value.score - -((0.6 - 1) ** 2)) < 1e-12);
  assert.ok(Math.abs(raw.value.mass - 0.1) < 1e-12);
  assert.equal(raw.value.correct, true);
  const plain = tcBrier([0.02, 0.06, 0.01, 0.01], 1, { conditional: false });
  assert.ok(plain.ok && Math.abs(plain.value.score - -((0.06 - 1) ** 2)) < 1e-12);
  const uniform = tcBrier([0.25, 0.25, 0.25, 0.25], 3);
  assert.ok(uniform.ok && Math.abs(uniform.value.score - -0.5625) < 1e-12 && !uniform.value.correct);
});

test('what is no probability is refused', () => {
  const codes = [
    tcBrier([], 0),
    tcBrier([0.5, 0.5], 2),
    tcBrier([-0.1, 0.5], 0),
    tcBrier([-1.2, -0.3], 0),
    tcBrier([0, 0], 0),
    tcBrier([0.7, 0.7], 0),
    tcBrier([0.3, 0.3], 0, { normalised: true }),
  ].map((outcome) => (outcome.ok ? 'scored' : outcome.error.code));
  assert.deepEqual(codes, [
    'no-options',
    'bad-target',
    'bad-probability',
    'bad-probability',
    'no-mass',
    'not-normalised',
    'not-normalised',
  ]);
});
