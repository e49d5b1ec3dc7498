/** Contrast mode: labels, the corrected level, zero errors, and its rate of false turns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrastShape } from '../../../src/core/shape/contrast.ts';
import { accuracyStandardError } from '../../../src/core/shape/orient.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

function label(y: number[], se: number, n = 100, sd = 0): string {
  const errors = y.map(() => se);
  return contrastShape(
    y,
    errors,
    errors,
    y.map(() => n),
    sd,
  ).label;
}

test('labels of clear ladders', () => {
  assert.equal(label([0.5, 0.3, 0.3, 0.5], 0.02), 'u-shaped');
  assert.equal(label([0.3, 0.5, 0.5, 0.3], 0.02), 'inverted-u');
  assert.equal(label([0.5, 0.3, 0.7, 0.5], 0.02), 'mixed');
  assert.equal(label([0.3, 0.4, 0.5, 0.6], 0.02), 'positive');
  assert.equal(label([0.6, 0.5, 0.4, 0.3], 0.02), 'inverse');
  assert.equal(label([0.5, 0.5, 0.5, 0.5], 0.01), 'flat');
  assert.equal(label([0.5, 0.55, 0.45, 0.5], 0.1), 'inconclusive');
});

test('critical values, zero errors', () => {
  const at = (y: number[], se: number[]) =>
    contrastShape(
      y,
      se,
      se,
      y.map(() => 50),
      0,
    );
  assert.ok(Math.abs(at([0, 1, 0, 1], [1, 1, 1, 1]).zc - 2.241402727604947) < 1e-9);
  assert.ok(Math.abs(at([0, 1, 0], [1, 1, 1]).zc - 1.959963984540054) < 1e-9);
  assert.equal(at([0.5, 0.5, 0.5], [0, 0, 0]).zLastFirst, 0);
  assert.equal(at([0.2, 0.3, 0.5], [0, 0, 0]).zLastFirst, Number.POSITIVE_INFINITY);
});

test('standard errors of accuracies at the ends are not zero', () => {
  assert.ok(Math.abs(accuracyStandardError(0.3, 100) - Math.sqrt(0.21 / 100)) < 1e-15);
  assert.equal(accuracyStandardError(0, 100), 0.01);
  assert.equal(accuracyStandardError(1, 100), 0.01);
});

test('flat ladders of four: false turns below 1.5 % on sampling noise, and held down under scatter by its setting', () => {
  const random = createRandom(2, 'contrast-calibration');
  const rate = (n: number, scatter: number, sd: number): number => {
    let turns = 0;
    const trials = 3000;
    for (let t = 0; t < trials; t++) {
      const y = Array.from({ length: 4 }, () => {
        const p = Math.min(1, Math.max(0, 0.5 + scatter * random.normal()));
        return p + Math.sqrt((p * (1 - p)) / n) * random.normal();
      });
      const se = y.map((p) => Math.sqrt((p * (1 - p)) / n));
      const found = contrastShape(
        y,
        se,
        se,
        y.map(() => n),
        sd,
      ).label;
      if (found === 'u-shaped' || found === 'inverted-u') turns++;
    }
    return turns / trials;
  };
  assert.ok(rate(1000, 0, 0) < 0.015);
  const without = rate(1000, 0.02, 0);
  assert.ok(without > 0.06 && without < 0.13, `without ${without}`);
  assert.ok(rate(1000, 0.02, 0.02) < 0.015);
});
