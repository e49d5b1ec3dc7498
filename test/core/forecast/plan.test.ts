import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRuns } from '../../../src/core/forecast/plan.ts';
import type { Law } from '../../../src/core/law/law.ts';
import { lawById } from '../../../src/core/law/registry.ts';
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
  const started = performance.now();
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
  assert.ok(performance.now() - started < 15_000);
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
