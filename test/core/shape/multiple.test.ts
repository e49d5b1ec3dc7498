/** Benjamini-Hochberg q values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '../../../src/core/report-model.ts';
import { benjaminiHochberg, withQValues } from '../../../src/core/shape/multiple.ts';

test('step-up values in the order given; missing p values stay missing', () => {
  const q = benjaminiHochberg([0.01, null, 0.04, 0.03, 0.005]);
  const expected = [0.02, null, 0.04, 0.04, 0.02];
  q.forEach((value, i) => {
    const want = expected[i] ?? null;
    if (want === null) assert.equal(value, null);
    else assert.ok(Math.abs((value ?? 9) - want) < 1e-12, `${i}: ${value}`);
  });
  assert.deepEqual(benjaminiHochberg([]), []);
  assert.deepEqual(benjaminiHochberg([0.7, 0.9]), [0.9, 0.9]);
});

test('shapes carry the q value of their own p', () => {
  const shape = (p: number | null): Shape => ({
    label: 'positive',
    emergent: false,
    lateRise: false,
    method: 'regression',
    p,
    detail: { models: 9 },
  });
  const [a, b, c] = withQValues([shape(0.01), null, shape(0.03)]);
  assert.deepEqual([a?.detail.q, b, c?.detail.q, c?.detail.models], [0.02, null, 0.03, 9]);
  assert.equal(withQValues([shape(0.01)])[0]?.detail.q, undefined);
  const families = withQValues([0.01, 0.04, 0.02, 0.5].map(shape), ['gpt', 'gpt', 'opt', 'opt']);
  assert.deepEqual(
    families.map((s) => s?.detail.qFamily),
    [0.02, 0.04, 0.04, 0.5],
  );
  const alone = withQValues([0.01, 0.04, 0.02].map(shape), ['gpt', 'gpt', 'opt']);
  assert.equal(alone[2]?.detail.qFamily, undefined);
});
