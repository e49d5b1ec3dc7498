import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitBareSigmoid, type SlopePrior } from '../../../src/core/law/bare-sigmoid.ts';
import { measuredPrior, SLOPE_PRIOR } from '../../../src/core/law/slope-prior.ts';
import { logistic } from '../../../src/core/stats/logistic.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';

const x = Float64Array.from({ length: 20 }, (_, i) => 18 + i / 4);
const scores = (k: number, x0: number, noise: number): Float64Array => {
  const random = createRandom(3, 'slope-prior');
  return x.map((z) => logistic(k * (z - x0)) + noise * random.normal());
};

test('scores on a smooth curve leave the prior next to nothing to say', () => {
  const y = scores(0.4, 20.5, 0);
  const prior = measuredPrior(x, y);
  assert.equal(prior.residual, 0.01);
  assert.ok(Math.abs((fitBareSigmoid(x, y, prior)?.k ?? 0) - 0.4) < 0.005);
  assert.ok((fitBareSigmoid(x, y, SLOPE_PRIOR)?.k ?? 0) > 0.44);
});

test('scattered scores are held as the fixed prior holds them, never more', () => {
  for (const noise of [0.12, 0.3]) assert.equal(measuredPrior(x, scores(1.5, 20.5, noise)).residual, 0.1);
  const between = measuredPrior(x, scores(1.5, 20.5, 0.04)).residual;
  assert.ok(between > 0.025 && between < 0.06);
});

test('points at chance are close to any sigmoid and tell nothing', () => {
  assert.equal(measuredPrior(x, scores(1.5, 30, 0.001)).residual, 0.1);
});

test('a long series is judged by some of its points', () => {
  const long = Float64Array.from({ length: 20_000 }, (_, i) => 18 + i / 4000);
  assert.equal(
    measuredPrior(
      long,
      long.map((z) => logistic(0.4 * (z - 20.5))),
    ).residual,
    0.01,
  );
});

test('a ladder of one family is forecast in half the error', { skip: absent('ladder') }, () => {
  const rows = referenceCsv('ladder/ladder_final.csv');
  const error = (priorOf: (x: Float64Array, y: Float64Array) => SlopePrior): number => {
    let sum = 0;
    let count = 0;
    for (const task of new Set(rows.map((row) => row['task']))) {
      const mine = rows
        .filter((row) => row['task'] === task)
        .map((row) => ({ x: Math.log10(Number(row['flops'])), y: (Number(row['rc_acc_ma5']) - 0.25) / 0.75 }))
        .sort((a, b) => a.x - b.x);
      const z = Float64Array.from(mine, (p) => p.x);
      const y = Float64Array.from(mine, (p) => p.y);
      for (let m = z.length - 1; m >= Math.max(3, Math.ceil(0.3 * z.length)); m--) {
        const fit = fitBareSigmoid(z.subarray(0, m), y.subarray(0, m), priorOf(z.subarray(0, m), y.subarray(0, m)));
        assert.ok(fit !== null);
        for (let i = m; i < z.length && z[i]! - z[m - 1]! <= 1; i++) {
          sum += Math.abs(logistic(fit.k * (z[i]! - fit.x0)) - y[i]!);
          count++;
        }
      }
    }
    return (100 * sum) / count;
  };
  const fixed = error(() => SLOPE_PRIOR);
  const measured = error(measuredPrior);
  assert.ok(Math.abs(fixed - 5.45) < 0.05, String(fixed));
  assert.ok(Math.abs(measured - 2.65) < 0.05, String(measured));
});
