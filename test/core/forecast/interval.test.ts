import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtest } from '../../../src/core/forecast/backtest.ts';
import { predictionInterval } from '../../../src/core/forecast/interval.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import { makePoint, makeSeries } from '../law/series.ts';

test('an interval holds its prediction, stays inside the metric, widens with level and distance', () => {
  const series = makeSeries(
    Array.from({ length: 12 }, (_, i) =>
      makePoint(10 ** (18 + i / 3), 1 / (1 + Math.exp(-1.1 * (i / 3 - 2))) + 0.02 * Math.sin(4 * i), i, {
        family: `f${i % 3}`,
      }),
    ),
    { isLoss: false, better: 'higher', lower: 0, upper: 1 },
  );
  const law = lawById('sigmoid');
  assert.ok(law !== undefined);
  const options = { bootstrap: 0, seed: 1, level: 0.9 };
  const outcome = law.fit({ series, points: [...series.points], study: null }, options);
  assert.ok(outcome.ok);
  const tested = backtest(series, [...series.points], [law], null, options);
  const last = series.points.at(11)?.x ?? 0;
  const at = (horizon: number, level: number) =>
    predictionInterval(series, outcome.value, tested, { x: last * 10 ** horizon }, horizon, level);
  const near = at(0.2, 0.9);
  assert.ok((near.low as number) <= (near.y as number) && (near.y as number) <= (near.high as number));
  assert.ok((near.high as number) <= 1);
  for (const part of ['scatter', 'past misses', 'other families']) assert.ok((near.parts[part] ?? 0) > 0, part);
  assert.ok((at(0.2, 0.5).low as number) > (near.low as number));
  assert.ok((at(1.5, 0.9).parts['other families'] ?? 0) > (near.parts['other families'] ?? 0));
});

test('an interval never narrows on the way out, whatever its parts do', () => {
  const scores = makeSeries(
    Array.from({ length: 14 }, (_, i) =>
      makePoint(10 ** (18 + i / 3), 1 / (1 + Math.exp(-1.3 * (i / 3 - 2))) + 0.03 * Math.sin(5 * i), i),
    ),
    { isLoss: false, better: 'higher', lower: -1, upper: 2, chance: { value: 0, how: 't', table: null, range: null } },
  );
  const losses = makeSeries(
    Array.from({ length: 24 }, (_, i) =>
      makePoint(10 ** (18 + i / 6), (1.5 + 3 * 10 ** (-i / 9)) * (1 + 0.01 * Math.sin(9 * i)), i),
    ),
    { isLoss: true },
  );
  const options = { bootstrap: 0, seed: 1, level: 0.9 };
  for (const [series, id] of [
    [scores, 'sigmoid'],
    [losses, 'power'],
    [losses, 'power-offset'],
  ] as const) {
    const law = lawById(id);
    assert.ok(law !== undefined);
    const outcome = law.fit({ series, points: [...series.points], study: null }, options);
    assert.ok(outcome.ok);
    const tested = backtest(series, [...series.points], [law], null, options);
    const last = series.points.at(-1)?.x ?? 0;
    let before = 0;
    for (let horizon = 0.01; horizon < 1.5; horizon += 0.03) {
      const interval = predictionInterval(series, outcome.value, tested, { x: last * 10 ** horizon }, horizon, 0.9);
      const half = series.isLoss
        ? Math.log((interval.y as number) / (interval.low as number))
        : (interval.y as number) - (interval.low as number);
      // Remembered at every twentieth of a decade: between two of those a little may be lost.
      assert.ok(half >= before * 0.98, `${id} at ${horizon.toFixed(2)}: ${half} after ${before}`);
      before = Math.max(before, half);
    }
  }
});
