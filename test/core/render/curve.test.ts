import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { At, FittedLaw } from '../../../src/core/law/law.ts';
import { sampleCurve } from '../../../src/core/render/curve.ts';
import type { Point } from '../../../src/core/study/study.ts';

const points = [1e18, 1e19, 1e20].map((x) => ({ x, y: 0.5 })) as unknown as Point[];

function law(predict: (at: At) => number, draws: (at: At) => number[] = () => []): FittedLaw {
  return {
    fit: { law: 'power' } as FittedLaw['fit'],
    freeParameters: 2,
    predict,
    draws: (at) => Float64Array.from(draws(at)),
    deltaError: () => null,
  };
}

test('the grid is even in ln x, holds the last fitted x and goes half the span beyond', () => {
  const curve = sampleCurve(
    law(({ x }) => x ** -0.1),
    { points, lower: null, upper: null },
    1e20,
    { level: 0.9 },
  );
  assert.equal(curve.x[0], 1e18);
  assert.ok(Math.abs(Math.log10(curve.x.at(-1) as number) - 21) < 1e-9);
  assert.ok(curve.x.includes(1e20));
  assert.deepEqual(
    curve.x,
    curve.x.toSorted((a, b) => a - b),
  );
  for (const [i, x] of curve.x.entries()) assert.equal(curve.y[i], x ** -0.1);
  assert.equal(curve.level, null);
  assert.equal(curve.band, null);
  assert.deepEqual(
    curve.atPoints,
    [1e18, 1e19, 1e20].map((x) => x ** -0.1),
  );
});

test('the band is the quantiles of the draws, clamped to the metric', () => {
  const spread = ({ x }: At) => Array.from({ length: 101 }, (_, i) => Math.log10(x) / 20 + (i - 50) / 100);
  const curve = sampleCurve(
    law(() => 0.9, spread),
    { points, lower: 0, upper: 1 },
    1e20,
    { level: 0.9, samples: 5 },
  );
  assert.equal(curve.level, 0.9);
  const at = curve.x.indexOf(1e20);
  assert.ok(Math.abs((curve.low[at] as number) - 0.55) < 1e-12);
  assert.equal(curve.high[at], 1);
});

test('values that do not exist are null, never NaN', () => {
  const curve = sampleCurve(
    law(
      () => Number.NaN,
      () => Array(30).fill(Number.NaN),
    ),
    { points, lower: 0, upper: 1 },
    1e20,
    {
      level: 0.9,
    },
  );
  assert.ok([...curve.y, ...curve.low, ...curve.high, ...curve.atPoints].every((value) => value === null));
});

test('a scale with zero or negative values gets a linear grid', () => {
  const steps = [0, 10, 20].map((x) => ({ x, y: 1 })) as unknown as Point[];
  const curve = sampleCurve(
    law(({ x }) => x),
    { points: steps, lower: null, upper: null },
    20,
    { level: 0.9, samples: 6 },
  );
  assert.ok(curve.x.every(Number.isFinite));
  assert.ok(curve.x.includes(20));
});
