import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inverse, Matrix } from 'ml-matrix';
import { type PlannedRun, planRuns } from '../../../src/core/forecast/plan.ts';
import type { Law } from '../../../src/core/law/law.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import { normalQuantile } from '../../../src/core/stats/distribution.ts';
import { quantile } from '../../../src/core/stats/quantile.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import type { Point, Study, StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const STUDY = { manifest: null, series: [], tables: [] } as unknown as Study;
const law = (id: string): Law => lawById(id) as Law;
const REQUEST = { target: 1e24, budget: 1e22, level: 0.9, seed: 1 };

function study(computes: readonly number[], ratio: (i: number) => number): StudySeries {
  return makeSeries(
    computes.map((compute, i): Point => {
      const params = Math.sqrt(compute / (6 * ratio(i)));
      const tokens = compute / (6 * params);
      const y = (1.7 + 400 / params ** 0.34 + 410 / tokens ** 0.28) * (1 + 0.004 * Math.sin(7 * i));
      return makePoint(compute, y, i, { params, tokens, compute });
    }),
    { isLoss: true, scale: 'compute' },
  );
}

const decades = Array.from({ length: 12 }, (_, i) => 1e18 * 10 ** (i / 4));

test('the planned runs stay within the budget and narrow the interval', () => {
  const plan = planRuns(
    study(decades, (i) => 5 + 10 * (i % 4)),
    law('power-offset'),
    STUDY,
    REQUEST,
  );
  assert.ok(plan.ok);
  const { runs, spent, widthNow, widthAfter, warnings, yaml, candidates } = plan.value;
  assert.ok(runs.length >= 1 && runs.length <= 3);
  assert.ok(spent <= REQUEST.budget * 1.000001);
  assert.ok(widthAfter < widthNow, `${widthNow} to ${widthAfter}`);
  assert.ok(candidates.length > 5 && candidates.every((c) => c.widthShare <= 1.0000001));
  assert.ok(!warnings.some((w) => w.includes('grow together')));
  assert.match(yaml, /^models:\n {2}planned-1: \{ N: .*\}/);
});

test('designs that identify nothing are warned about', () => {
  const collinear = planRuns(
    study(decades, () => 20),
    law('power'),
    STUDY,
    REQUEST,
  );
  assert.ok(collinear.ok);
  assert.ok(collinear.value.warnings.some((w) => w.includes('grow together')));
  const narrow = study(
    Array.from({ length: 8 }, (_, i) => 1e20 * (1 + 0.1 * i)),
    () => 20,
  );
  const plan = planRuns(narrow, law('power'), STUDY, { ...REQUEST, target: 1e23, budget: 2e20, most: 1 });
  assert.ok(plan.ok);
  assert.ok(plan.value.warnings.some((w) => /alone span 0\.\d+ decades/.test(w)));
  assert.ok(plan.value.warnings.some((w) => w.includes('no backtest can reach it')));
});

test('a target below the data, one size, and an unknown scale are refused with what is needed', () => {
  const below = planRuns(
    study(decades, () => 20),
    law('power'),
    STUDY,
    { ...REQUEST, target: 1e19 },
  );
  assert.ok(!below.ok && /not beyond the data/.test(below.error.message));
  const one = planRuns(
    study([1e20, 1e20, 1e20, 1e20, 1e20], () => 20),
    law('power'),
    STUDY,
    REQUEST,
  );
  assert.ok(!one.ok && /at least four/.test(one.error.message));
  const steps = planRuns({ ...study(decades, () => 20), scale: 'steps' }, law('power'), STUDY, REQUEST);
  assert.ok(!steps.ok && /FLOP, parameters or tokens/.test(steps.error.message));
});

/**
 * A law whose posterior is known: a + b (log10 x - 19) with a and b normal, scatter 0.5, no simulated futures. Its widths
 * follow from the resamples alone.
 */
const linear = { ...law('power'), fit: () => ({ ok: true, value: POSTERIOR }) } as unknown as Law;
const SCATTER = 0.5;
const random = createRandom(4, 'plan');
const PARAMETERS = Array.from({ length: 200 }, () => [random.normal(), random.normal()] as const);
const POSTERIOR = {
  fit: { law: 'power', n: 12, rmse: SCATTER, rmsle: null },
  freeParameters: 0,
  predict: () => 50,
  draws: ({ x }: { x: number }) => Float64Array.from(PARAMETERS, ([a, b]) => 50 + a + b * (Math.log10(x) - 19)),
};
const scores = makeSeries(
  decades.map((x, i) => makePoint(x, 50, i, { compute: x })),
  { isLoss: false, better: 'higher', lower: 0, upper: 100, scale: 'compute' },
);
const known = { target: 1e22, budget: 1e22, level: 0.9, seed: 1, simulations: 0 };

const covariance = (x: number, y: number): number => {
  const [u, v] = [x, y].map((at) => POSTERIOR.draws({ x: at })) as [Float64Array, Float64Array];
  const mean = (w: Float64Array) => w.reduce((sum, value) => sum + value, 0) / w.length;
  const [mu, mv] = [mean(u), mean(v)];
  return u.reduce((sum, value, i) => sum + (value - mu) * ((v[i] as number) - mv), 0) / (u.length - 1);
};
/** Variance left at the target after measuring these, as a share of that now. */
function left(computes: readonly number[]): number {
  const shared = new Matrix(
    computes.map((a, i) => computes.map((b, j) => covariance(a, b) + (i === j ? SCATTER ** 2 : 0))),
  );
  const toTarget = Matrix.columnVector(computes.map((c) => covariance(c, known.target)));
  const now = covariance(known.target, known.target);
  return (now - toTarget.transpose().mmul(inverse(shared)).mmul(toTarget).get(0, 0)) / now;
}

test('a run is worth what it shares with the target, and the best set is the best of all sets', () => {
  const plan = planRuns(scores, linear, STUDY, known);
  assert.ok(plan.ok);
  const { candidates, runs, widthNow, widthAfter, spent, simulations } = plan.value;
  const shares = [1, 0.7, 0.5, 1 / 3, 0.25, 1 / 6, 0.1, 0.05];
  assert.equal(candidates.length, shares.length);
  for (const { compute, widthShare } of candidates) assert.ok(Math.abs(widthShare - Math.sqrt(left([compute]))) < 1e-9);
  assert.ok(candidates.every(({ widthShare }, i) => i === 0 || widthShare >= (candidates[i - 1]?.widthShare ?? 2)));
  let best = Number.POSITIVE_INFINITY;
  const all = shares.map((share) => share * known.budget);
  for (const a of all)
    for (const b of [0, ...all])
      for (const c of [0, ...all])
        if (a + b + c <= known.budget * 1.0001) best = Math.min(best, left([a, b, c].filter((v) => v > 0)));
  assert.ok(Math.abs(left(runs.map((r) => r.compute)) - best) < 1e-9);
  assert.equal(
    spent,
    runs.reduce((sum, r) => sum + r.compute, 0),
  );
  assert.ok(spent <= known.budget * 1.0001);
  assert.equal(simulations, 0);
  assert.ok(Math.abs(widthAfter - widthNow * Math.sqrt(best)) < 1e-9, 'without futures, what the posterior says');
});

test('the width is resamples and scatter in quadrature, at the level asked', () => {
  const sorted = POSTERIOR.draws({ x: known.target }).sort();
  for (const level of [0.9, 0.5]) {
    const plan = planRuns(scores, linear, STUDY, { ...known, level });
    assert.ok(plan.ok);
    const tail = (1 - level) / 2;
    const spread = (quantile(sorted, 1 - tail) - quantile(sorted, tail)) / 2;
    const width = 2 * Math.hypot(spread, normalQuantile(1 - tail) * SCATTER);
    assert.ok(Math.abs(plan.value.widthNow - width) < 1e-9, `${plan.value.widthNow} against ${width}`);
  }
});

test('runs are offered at twenty tokens per parameter, or at the ratios near the study’s own where that is known', () => {
  const sizes = (series: StudySeries, most = 1) => {
    const plan = planRuns(series, linear, STUDY, { ...known, most });
    assert.ok(plan.ok && plan.value.runs.length === 1);
    const [{ params, tokens, compute }] = plan.value.runs as [PlannedRun];
    assert.ok(Math.abs((6 * Number(params) * Number(tokens)) / compute - 1) < 0.01);
    return Math.round(Number(tokens) / Number(params));
  };
  assert.equal(sizes(scores), 20);
  const at = (ratio: number): StudySeries => ({
    ...scores,
    points: scores.points.map((p) => {
      const params = Math.sqrt(p.x / (6 * ratio));
      return { ...p, params, tokens: ratio * params };
    }),
  });
  // A law of compute alone does not care: the study's own ratio is taken, or the offered one nearest to it.
  assert.deepEqual(
    [5, 45, 300].map((ratio) => sizes(at(ratio))),
    [5, 40, 160],
  );
});

test('runs that bring nothing are said to, and a budget far below the data offers none', () => {
  const flat = { ...linear, fit: () => ({ ok: true, value: { ...POSTERIOR, fit: { ...POSTERIOR.fit, rmse: 500 } } }) };
  const useless = planRuns(scores, flat as unknown as Law, STUDY, known);
  assert.ok(useless.ok && useless.value.warnings.some((w) => /No runs within this budget/.test(w)));
  const useful = planRuns(scores, linear, STUDY, known);
  assert.ok(useful.ok && !useful.value.warnings.some((w) => /No runs within this budget/.test(w)));
  const poor = planRuns(scores, linear, STUDY, { ...known, budget: 1e15 });
  assert.ok(!poor.ok && /No run fits in the budget/.test(poor.error.message));
});
