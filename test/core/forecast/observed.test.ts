import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitHierarchy, type ModelScores } from '../../../src/core/forecast/hierarchy.ts';
import { enough, fitObserved } from '../../../src/core/forecast/observed.ts';

const logistic = (t: number): number => 1 / (1 + Math.exp(-t));
const skill = (i: number): number => 0.9 * Math.sin(3.7 * i);
const models: ModelScores[] = Array.from({ length: 24 }, (_, i) => ({
  model: `m${i}`,
  family: null,
  x: 18 + i / 6,
  trait: null,
  y: Float64Array.of(logistic(1.2 * (i / 6 - 2) + skill(i))),
}));
const others = new Map(
  models.map((m, i) => [
    m.model,
    Float64Array.from([0.5, 1, 1.5, 2], (shift) => logistic(1.2 * (i / 6 - shift) + skill(i))),
  ]),
);

test('a model better than its scale on other benchmarks is expected to be better on the task', () => {
  const known = models.slice(0, 18);
  const fit = fitObserved(known, 1, others);
  const byScale = fitHierarchy(known, 1);
  assert.ok(fit !== null && byScale !== null);
  let observed = 0;
  let scale = 0;
  for (const m of models.slice(18)) {
    observed += Math.abs((fit.predict(0, m, others.get(m.model)) ?? Number.NaN) - (m.y[0] as number));
    scale += Math.abs(byScale.predict(0, m) - (m.y[0] as number));
  }
  assert.ok(observed < 0.85 * scale, `${observed / 6} against ${scale / 6}`);
});

test('a model without three other benchmarks gets no prediction, and ten models are needed', () => {
  assert.equal(enough(undefined), false);
  assert.equal(enough(Float64Array.of(0.5, Number.NaN, 0.4)), false);
  const fit = fitObserved(models, 1, others);
  assert.equal(fit?.predict(0, models[3] as ModelScores, Float64Array.of(0.2, Number.NaN, Number.NaN, 0.1)), null);
  assert.equal(fitObserved(models.slice(0, 9), 1, others), null);
});
