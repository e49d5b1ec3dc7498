import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTO, backtest, fewer, origins } from '../../../src/core/forecast/backtest.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import type { Point } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const OPTIONS = { bootstrap: 0, seed: 1, level: 0.9 };
const points = Array.from({ length: 12 }, (_, i) => {
  const x = 10 ** (18 + i / 3);
  return makePoint(x, 3 * (x / 1e18) ** -0.06, i);
});
const series = makeSeries(points, { isLoss: true });
const laws = ['power', 'last'].map((id) => lawById(id) as NonNullable<ReturnType<typeof lawById>>);

test('an exact law misses nothing on held-out points; no change misses what the law gains', () => {
  const tested = backtest(series, points, laws, null, OPTIONS, { shape: null });
  const of = (law: string) => tested.laws.find((l) => l.law === law);
  assert.ok((of('power')?.meanAbsolute ?? 1) < 1e-9);
  assert.ok((of(AUTO)?.meanAbsolute ?? 1) < 1e-9);
  for (const m of tested.misses.filter((e) => e.law === 'last'))
    assert.ok(Math.abs(m.error - 0.06 * Math.LN10 * m.horizon) < 1e-9);
});

test('nothing that was held out was fitted, and distances are from the last fitted point', () => {
  const tested = backtest(series, points, laws, null, OPTIONS, { shape: null });
  for (const m of tested.misses) {
    assert.ok(m.x > m.origin && m.fitted === points.filter((p) => p.x <= m.origin).length && m.fitted >= 4);
    assert.ok(Math.abs(m.horizon - Math.log10(m.x / m.origin)) < 1e-12);
  }
  assert.ok(Math.abs(tested.longestHorizon - Math.max(...tested.misses.map((m) => m.horizon))) < 1e-12);
});

test('a dense curve is cut at powers of two, many models of many families at their own sizes', () => {
  const dense = Array.from({ length: 60 }, (_, i) => makePoint(1000 * (i + 1), 3, i, { run: 'one' }));
  assert.equal(origins(dense, 4).protocol, 'rolling');
  const many = dense.map((p, i) => ({ ...p, run: `m${i}`, family: `f${i % 5}` }));
  const plan = origins(many, 4);
  assert.equal(plan.protocol, 'largest-out');
  assert.ok(plan.cuts.length <= 10 && plan.cuts.every((c) => c.fitted.length + c.held.length === many.length));
});

test('runs with checkpoints are left out whole, and only what lies beyond the fitted runs is predicted', () => {
  const runs = Array.from({ length: 6 }, (_, r) =>
    Array.from({ length: 5 }, (_, k) =>
      makePoint(10 ** (18 + r + (k - 4) / 2), 3 - 0.1 * r, 5 * r + k, { run: `r${r}` }),
    ),
  );
  const sorted = runs.flat().sort((a, b) => a.x - b.x);
  const plan = origins(sorted, 4);
  assert.equal(plan.protocol, 'largest-runs-out');
  assert.deepEqual(
    plan.cuts.map((cut) => new Set(cut.fitted.map((p) => p.run)).size),
    [5, 4, 3, 2],
  );
  for (const { fitted, held } of plan.cuts) {
    const known = new Set(fitted.map((p) => p.run));
    assert.ok(held.length > 0 && held.every((p) => !known.has(p.run) && p.x > (fitted.at(-1)?.x ?? 0)));
  }
  assert.equal(
    origins(
      runs.map((run) => run[4] as Point),
      4,
    ).protocol,
    'largest-out',
    'last checkpoints alone',
  );
});

test('what is held to a score lies in its range, as the forecast would', () => {
  // A line through the rise is far above 1 where the score has long been at its ceiling.
  const scores = Array.from({ length: 12 }, (_, i) => makePoint(10 ** (18 + i / 2), Math.min(1, 0.1 + 0.15 * i), i));
  const bounded = makeSeries(scores, { isLoss: false, better: 'higher', lower: 0, upper: 1 });
  const line = lawById('log-linear') as NonNullable<ReturnType<typeof lawById>>;
  const tested = backtest(bounded, scores, [line], null, OPTIONS);
  const ceiling = tested.misses.filter((m) => m.x > 1e22);
  assert.ok(ceiling.length > 0 && ceiling.every((m) => m.error <= 1e-12), 'none is above the ceiling');
});

test('few cuts are not spent on a single held-out point', () => {
  assert.deepEqual(fewer([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 2), [5, 0]);
  assert.deepEqual(fewer([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 5), [8, 6, 4, 2, 0]);
  assert.deepEqual(fewer([3, 2, 1], 5), [3, 2, 1]);
  const tested = backtest(series, points, laws, null, OPTIONS, null, 2);
  const held = [...Map.groupBy(tested.misses, (m) => `${m.law}|${m.origin}`).values()].map((m) => m.length);
  assert.equal(tested.origins, 2);
  assert.ok(held.length === 4 && held.every((count) => count >= 3), `held out ${held}`);
});
