/** Error rates of regression mode on simulated series; the whole power table is regenerated in long mode. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPage, withTables } from '../../../scripts/tables/page.ts';
import { falseTurns, shapesTables } from '../../../scripts/tables/shapes.ts';
import { regressionShape } from '../../../src/core/shape/regression.ts';

test('flat, linear and saturating series are called U or inverted-U at most 2 % of the time', () => {
  for (const n of [8, 12, 30]) {
    for (const truth of ['flat', 'linear', 'saturating'] as const) {
      const rate = falseTurns(truth, n, 0.05, 1500, 17);
      assert.ok(rate <= 0.02, `${truth} n=${n}: ${rate}`);
    }
  }
});

test('docs/shapes.md holds the power table as it comes out', { skip: process.env.SCALING_LENS_LONG !== '1' }, () => {
  const page = readPage('shapes.md');
  assert.equal(withTables(page, shapesTables()), page);
});

test('a saturating curve has a significant quadratic and is not a turn', () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => 20 + i / 10);
  const y = x.map((v, i) => 0.2 + 0.5 * (1 - Math.exp(-1.2 * (v - 20))) + 0.01 * (((i * 7) % 5) - 2));
  const found = regressionShape(x, y, { chance: null, best: 1 });
  assert.equal(found.label, 'positive');
  assert.ok((found.quadratic?.p ?? 1) < 1e-6);
});

test('no candidate for a break: the trend alone is judged', () => {
  const x = Float64Array.of(1, 1, 1, 2, 2, 3, 3, 3);
  const found = regressionShape(x, Float64Array.of(0.1, 0.11, 0.12, 0.2, 0.21, 0.3, 0.31, 0.32), {
    chance: null,
    best: 1,
  });
  assert.equal(found.hinge?.tau ?? null, null);
  assert.equal(found.label, 'positive');
});
