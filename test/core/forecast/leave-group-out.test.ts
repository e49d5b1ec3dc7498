import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanBare, sigmoidBare } from '../../../src/core/forecast/form.ts';
import { leaveFamilyOut } from '../../../src/core/forecast/leave-group-out.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const bounded = { isLoss: false, better: 'higher' as const, lower: 0, upper: 1 };

test('a family that stands apart is the worst predicted one', () => {
  const series = makeSeries(
    Array.from({ length: 18 }, (_, i) => {
      const y = 1 / (1 + Math.exp(-1.2 * (i / 4 - 2)));
      return makePoint(1e18 * 10 ** (i / 4), i % 3 === 0 ? 0.5 * y : y, i, { family: `f${i % 3}` });
    }),
    bounded,
  );
  const [sigmoid, mean] = leaveFamilyOut(series, [sigmoidBare, meanBare]) ?? [];
  assert.equal(sigmoid?.worst.family, 'f0');
  assert.equal(sigmoid?.families, 3);
  assert.equal(sigmoid?.count, 18);
  assert.ok((sigmoid?.mean ?? 99) < (mean?.mean ?? 0));
});

test('two families or an unbounded metric have no such test', () => {
  const two = makeSeries(
    Array.from({ length: 8 }, (_, i) => makePoint(10 ** i, i / 8, i, { family: `f${i % 2}` })),
    bounded,
  );
  assert.equal(leaveFamilyOut(two, [meanBare]), null);
  assert.equal(leaveFamilyOut(makeSeries(two.points, { isLoss: true }), [meanBare]), null);
});
