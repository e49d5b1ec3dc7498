import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitJoint, type ModelScores } from '../../../src/core/forecast/joint-sigmoids.ts';
import { CONSTANTS } from './joint-cells.ts';

const logistic = (t: number): number => 1 / (1 + Math.exp(-t));
const OFFSET = { good: 0.5, poor: -0.5 } as const;
const SHIFTS = [1.5, 2, 2.5];
/** Tokens per parameter help by 0.3 on the logit scale per decade. */
const truth = (x: number, family: keyof typeof OFFSET, trait: number): Float64Array =>
  Float64Array.from(SHIFTS, (shift) => logistic(1.2 * (x - 18 - shift) + OFFSET[family] + 0.3 * (trait - 1.5)));
const models: ModelScores[] = Array.from({ length: 30 }, (_, i) => {
  const family = i % 2 === 0 ? 'good' : 'poor';
  const x = 18 + i / 6;
  const trait = 1 + (i % 5) / 4;
  return { model: `m${i}`, family, x, trait, y: truth(x, family, trait) };
});
/** Priors wide enough to say nothing beside scores without noise. */
const wide = {
  ...CONSTANTS,
  familySd: 20,
  familyTaskSd: 0.1,
  traitSd: 20,
  residual: 1e-3,
  memory: Number.POSITIVE_INFINITY,
};

test('what made the scores is found, and a place not seen is predicted from it', () => {
  const fit = fitJoint(models, SHIFTS.length, wide, null);
  assert.ok(fit !== null && fit.traitKnown);
  assert.ok(Math.abs(Math.exp(fit.end.common) - 1.2) < 1e-3, `${Math.exp(fit.end.common)}`);
  assert.ok(Math.abs(fit.end.trait - 0.3) < 1e-3, `${fit.end.trait}`);
  const apart = (fit.end.families.get('good')?.everywhere ?? 0) - (fit.end.families.get('poor')?.everywhere ?? 0);
  assert.ok(Math.abs(apart - 1) < 1e-2, `${apart}`);
  // The mean of the traits is taken out: without one a model counts as an average one.
  const average = { x: 22, family: 'good', trait: 1.5 };
  assert.ok(Math.abs(fit.predict(0, average) - fit.predict(0, { ...average, trait: null })) < 1e-12);
  const at = { x: 23.5, family: 'poor', trait: 2.4 };
  const there = truth(at.x, 'poor', at.trait);
  for (const [t, y] of there.entries())
    assert.ok(Math.abs(fit.predict(t, at) - y) < 1e-3, `${fit.predict(t, at)}, ${y}`);
});

test('a warm start ends where a cold one does', () => {
  const earlier = fitJoint(models.slice(0, 20), SHIFTS.length, CONSTANTS, null);
  const cold = fitJoint(models, SHIFTS.length, CONSTANTS, null);
  const warm = fitJoint(models, SHIFTS.length, CONSTANTS, earlier?.end ?? null);
  assert.ok(cold !== null && warm !== null);
  assert.ok(Math.abs(cold.end.common - warm.end.common) < 1e-3);
  for (const [t, v] of cold.end.height.entries()) assert.ok(Math.abs(v - (warm.end.height[t] as number)) < 1e-2);
});

test('a warm start knows the families by name, its own reference, and forgets another number of tasks', () => {
  const cold = fitJoint(models, SHIFTS.length, CONSTANTS, null);
  assert.ok(cold !== null);
  // From the optimum itself, families in another order, nothing is left to do.
  const rest = { ...cold.end, families: new Map([...cold.end.families].reverse()) };
  const again = fitJoint(models, SHIFTS.length, CONSTANTS, rest);
  for (const [name, { everywhere, tasks }] of cold.end.families) {
    const known = again?.end.families.get(name);
    assert.ok(Math.abs((known?.everywhere ?? 9) - everywhere) < 1e-4, name);
    for (const [t, v] of tasks.entries()) assert.ok(Math.abs((known?.tasks[t] ?? 9) - v) < 1e-4, `${name} on ${t}`);
  }
  const moved = {
    ...cold.end,
    reference: cold.end.reference - 1,
    height: cold.end.height.map((h, t) => h - Math.exp(cold.end.slope[t] as number)),
  };
  const from = fitJoint(models, SHIFTS.length, CONSTANTS, moved);
  for (const [t, h] of cold.end.height.entries()) assert.ok(Math.abs((from?.end.height[t] ?? 9) - h) < 1e-4, `${t}`);
  const fewer = models.map((m) => ({ ...m, y: m.y.slice(0, 2) }));
  assert.deepEqual(fitJoint(fewer, 2, CONSTANTS, cold.end)?.end, fitJoint(fewer, 2, CONSTANTS, null)?.end);
});

test('one model without its trait, and nobody has it', () => {
  const fit = fitJoint(models.with(3, { ...(models[3] as ModelScores), trait: null }), SHIFTS.length, CONSTANTS, null);
  assert.ok(fit !== null && !fit.traitKnown);
  assert.equal(fit.end.trait, 0);
  assert.equal(fit.predict(0, { x: 22, family: null, trait: 0 }), fit.predict(0, { x: 22, family: null, trait: 3 }));
});

test('three models of a task are too few', () => {
  assert.equal(fitJoint(models.slice(0, 3), SHIFTS.length, CONSTANTS, null), null);
  const unmeasured = models.map((m, i) => (i < 3 ? m : { ...m, y: m.y.with(1, Number.NaN) }));
  assert.equal(fitJoint(unmeasured, SHIFTS.length, CONSTANTS, null), null);
  assert.equal(fitJoint(models, 0, CONSTANTS, null), null);
});
