import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestPermitted } from '../../../src/core/forecast/steepest-rise.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const LAST = 1e22;
const scores = (f: (z: number) => number): StudySeries =>
  makeSeries(
    Array.from({ length: 17 }, (_, i) => makePoint(1e18 * 10 ** (i / 4), f(i / 4), i)),
    {
      isLoss: false,
      better: 'higher',
      lower: 0,
      upper: 1,
      chance: { value: 0.25, how: 't', table: null, range: null },
    },
  );
const wobble = (z: number): number => 0.01 * Math.sin(40 * z);

test('scores at chance permit a rise soon, and more of it the farther one asks', () => {
  const series = scores((z) => 0.25 + wobble(z));
  const reach = [1.2, 2, 4, 10].map((factor) => highestPermitted(series, LAST, factor * LAST, 0.9) as number);
  assert.ok((reach[0] as number) < 0.3, `${reach}`);
  assert.ok((reach[3] as number) > 0.9, `${reach}`);
  assert.deepEqual(
    reach,
    reach.toSorted((a, b) => a - b),
  );
});

test('a score that has risen says itself how it goes on', () => {
  const series = scores((z) => 0.25 + 0.75 / (1 + Math.exp(-1.2 * (z - 3))) + wobble(z));
  assert.equal(highestPermitted(series, LAST, 10 * LAST, 0.9), null);
});

test('a score that has fallen below chance is no score still at chance', () => {
  const series = scores((z) => 0.24 - 0.05 * z + wobble(z));
  assert.equal(highestPermitted(series, LAST, 10 * LAST, 0.9), null);
});

test('a few points off the nominal chance level are no rise', () => {
  const exact = highestPermitted(
    scores((z) => 0.25 + wobble(z)),
    LAST,
    3 * LAST,
    0.9,
  ) as number;
  const off = highestPermitted(
    scores((z) => 0.265 + wobble(z)),
    LAST,
    3 * LAST,
    0.9,
  ) as number;
  assert.ok(Math.abs(off - exact) < 0.1, `${off} against ${exact}`);
});

test('losses and fewer than four points permit nothing to be said', () => {
  const loss = makeSeries(
    [1, 2, 3, 4, 5].map((i) => makePoint(i, 1 / i, i)),
    { isLoss: true },
  );
  assert.equal(highestPermitted(loss, 5, 10, 0.9), null);
  const few = { ...scores((z) => 0.25 + wobble(z)), points: scores((z) => 0.25 + wobble(z)).points.slice(0, 3) };
  assert.equal(highestPermitted(few, LAST, 10 * LAST, 0.9), null);
});
