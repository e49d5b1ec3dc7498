import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestPermitted } from '../../../src/core/forecast/steepest-rise.ts';
import { tQuantile } from '../../../src/core/stats/distribution.ts';
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
  const [exact, off] = [0.25, 0.265].map((chance) =>
    highestPermitted(
      scores((z) => chance + wobble(z)),
      LAST,
      3 * LAST,
      0.9,
    ),
  ) as [number, number];
  assert.ok(Math.abs(off - exact) < 0.1, `${off} against ${exact}`);
});

/** The same by trying every sigmoid and floor of a grid. */
function byTrying(series: StudySeries, x: number, level: number): number {
  const points = series.points.map((p) => [Math.log10(p.x), (p.y - 0.25) / 0.75] as const);
  const floors = Array.from({ length: 31 }, (_, i) => -0.03 + 0.002 * i);
  const tried = [0.5, 1, 2, 4, 8].flatMap((k) =>
    Array.from({ length: 3000 }, (_, i) => {
      const x0 = 18 + 0.003 * i;
      const share = points.map(([lg]) => 1 / (1 + Math.exp(-k * (lg - x0))));
      const misses = floors.map((floor) =>
        points.reduce((sum, [, y], at) => {
          const s = share[at] as number;
          return sum + (s + floor * (1 - s) - y) ** 2;
        }, 0),
      );
      return { k, x0, rss: Math.min(...misses) };
    }),
  );
  const least = Math.min(...tried.map(({ rss }) => rss));
  const df = points.length - 2;
  const limit = least + tQuantile(1 - (1 - level) / 2, df) ** 2 * Math.max(0.01 ** 2, least / df);
  const permitted = tried.filter(({ rss }) => rss <= limit);
  return Math.max(...permitted.map(({ k, x0 }) => 1 / (1 + Math.exp(-k * (Math.log10(x) - x0)))));
}

test('it is the highest of all sigmoids that the likelihood permits, whatever the floor', () => {
  for (const series of [
    scores(() => 0.25),
    scores((z) => 0.25 + 3 * wobble(z)),
    scores((z) => 0.26 + wobble(z) + 0.02 * Math.max(0, z - 2)),
    scores((z) => 0.15 + wobble(z) + 0.02 * z),
  ]) {
    for (const [factor, level] of [
      [1.5, 0.9],
      [6, 0.9],
      [6, 0.5],
    ] as const) {
      const mine = highestPermitted(series, LAST, factor * LAST, level) ?? Number.NaN;
      const tried = byTrying(series, factor * LAST, level);
      assert.ok(Math.abs(mine - tried) < 0.01, `${mine} against ${tried}, ${factor} times beyond at ${level}`);
    }
  }
});

test('what lies beyond the last fitted point is not looked at', () => {
  const whole = scores((z) => (z > 3.1 ? 0.9 : 0.25 + wobble(z)));
  const known = { ...whole, points: [...whole.points].slice(0, 13) };
  const last = known.points[12]?.x ?? 0;
  assert.equal(highestPermitted(whole, last, 3 * last, 0.9), highestPermitted(known, last, 3 * last, 0.9));
  assert.equal(highestPermitted(whole, LAST, 3 * LAST, 0.9), null, 'it has risen');
});

test('losses and fewer than four points permit nothing to be said', () => {
  const loss = makeSeries(
    [1, 2, 3, 4, 5].map((i) => makePoint(i, 1 / i, i)),
    { isLoss: true },
  );
  assert.equal(highestPermitted(loss, 5, 10, 0.9), null);
  const few = { ...scores((z) => 0.25 + wobble(z)), points: [...scores((z) => 0.25 + wobble(z)).points].slice(0, 3) };
  assert.equal(highestPermitted(few, LAST, 10 * LAST, 0.9), null);
});
