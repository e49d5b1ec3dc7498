import assert from 'node:assert/strict';
import { test } from 'node:test';
import { farPoints } from '../../../src/core/finding/far-points.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

const SD = 0.01;

/** Scatter around a curve in u = log10 x, some points moved by multiples of the scatter. */
function series(seed: number, n: number, truth: (u: number) => number, moved: Readonly<Record<number, number>> = {}) {
  const random = createRandom(seed, 'far points');
  const u = Float64Array.from({ length: n }, (_, i) => 19 + (4.5 * i) / (n - 1));
  return { u, y: u.map((at, i) => truth(at) + SD * (random.normal() + (moved[i] ?? 0))) };
}

const bent = (u: number): number => 0.04 * Math.sin(u - 20);

test('of points 12 scatters off a bent rest nine in ten are found, and nothing else is', () => {
  let found = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const at = 2 + (seed % 10);
    const { u, y } = series(seed, 14, bent, { [at]: -12 });
    const far = farPoints(u, y);
    if (far[0]?.index === at) found++;
    for (const { index, t } of far) assert.ok(index === at && t < -6, `${seed}: ${index}, ${t}`);
  }
  assert.ok(found >= 175, `${found}`);
});

test('without a wild point one series in some hundreds is told of at the most', () => {
  let told = 0;
  for (const n of [8, 10, 14, 60])
    for (let seed = 1; seed <= 200; seed++) {
      const { u, y } = series(seed, n, bent);
      if (farPoints(u, y).length > 0) told++;
    }
  assert.ok(told <= 2, `${told}`);
});

test('two wild points do not hide one another, and the others say what they should have been', () => {
  const { u, y } = series(3, 30, bent, { 12: 20, 19: 20 });
  const far = farPoints(u, y);
  assert.deepEqual(
    far.map(({ index }) => index).sort((a, b) => a - b),
    [12, 19],
  );
  for (const { index, expected } of far) assert.ok(Math.abs(expected - bent(u[index] as number)) < 2 * SD);
});

test('a second population is none of outliers', () => {
  const { u, y } = series(5, 30, bent, Object.fromEntries(Array.from({ length: 8 }, (_, k) => [3 * k + 2, 30])));
  assert.deepEqual(farPoints(u, y), []);
});

test('a bend that the trend cannot follow carries its neighbours along', () => {
  // Flat, then a steep fall over the last tenth of the curve.
  const { u, y } = series(7, 80, (at) => -3 * Math.max(0, at - 23.1));
  assert.deepEqual(farPoints(u, y), []);
});

test('points on a curve to the last digit, and too few of them, are no ground to judge another', () => {
  const u = Float64Array.from({ length: 12 }, (_, i) => 19 + i / 3);
  assert.deepEqual(
    farPoints(
      u,
      Float64Array.from(u, (_, i) => (i === 5 ? 0.3 : 0)),
    ),
    [],
  );
  assert.deepEqual(farPoints(u.subarray(0, 3), Float64Array.of(0, 1, 0)), []);
});
