// The turn of a U with its interval: where it is found, what it contains, and who has none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeOfSeries } from '../../../src/core/shape/classify.ts';
import { turnInterval } from '../../../src/core/shape/turn-interval.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

function series(values: readonly (readonly [number, number])[], stderr: number | null = null): StudySeries {
  const points = values.map(([lg, y], i) =>
    makePoint(10 ** lg, y, i, { stderr, n: stderr === null ? null : 1000, compute: 10 ** lg }),
  );
  return makeSeries(points, { better: 'higher', kind: 'discontinuous', isLoss: false, lower: 0, upper: 1 });
}

function turning(sd: number, seed: number): StudySeries {
  const random = createRandom(seed, 'turning');
  return series(
    Array.from({ length: 30 }, (_, i) => {
      const lg = 18 + (5 * i) / 29;
      return [lg, 0.2 + 0.15 * Math.abs(lg - 20.5) + sd * random.normal()] as const;
    }),
  );
}

test('the break of a U and its interval hold the true turn, and noise widens the interval', () => {
  const widths = [0.005, 0.04].map((sd) => {
    const data = turning(sd, 3);
    const { shape } = shapeOfSeries(data);
    assert.equal(shape.label, 'u-shaped');
    const turn = turnInterval(data, shape);
    assert.ok(turn !== null && turn.low !== null && turn.high !== null);
    assert.ok(turn.low <= turn.x && turn.x <= turn.high);
    assert.ok(turn.low <= 10 ** 20.5 * 1.3 && turn.high >= 10 ** 20.5 / 1.3, `${turn.low} to ${turn.high}`);
    assert.equal(turn.level, 0.9);
    return Math.log10(turn.high / turn.low);
  });
  assert.ok((widths[1] as number) > (widths[0] as number), widths.join(' < '));
});

test('a seed gives the same interval, and resampling can be too little for one', () => {
  const data = turning(0.03, 5);
  const { shape } = shapeOfSeries(data);
  assert.deepEqual(turnInterval(data, shape, { seed: 7 }), turnInterval(data, shape, { seed: 7 }));
  const bare = turnInterval(data, shape, { resamples: 10 });
  assert.ok(bare !== null && bare.low === null && bare.high === null);
});

test('few models bracket the turn by their neighbours', () => {
  const data = series(
    [
      [18, 0.7],
      [19, 0.4],
      [20, 0.42],
      [21, 0.8],
    ],
    0.01,
  );
  const { shape } = shapeOfSeries(data);
  assert.equal(shape.label, 'u-shaped');
  const turn = turnInterval(data, shape);
  assert.deepEqual([turn?.x, turn?.low, turn?.high, turn?.level], [1e19, 1e18, 1e20, null]);
});

test('a series that does not turn has no turn', () => {
  const data = series(Array.from({ length: 12 }, (_, i) => [18 + i / 3, 0.2 + 0.05 * i] as const));
  assert.equal(turnInterval(data, shapeOfSeries(data).shape), null);
  assert.equal(turnInterval(data, null), null);
});
