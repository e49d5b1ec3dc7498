import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarised } from '../../../src/core/law/many-points.ts';
import { lawById } from '../../../src/core/law/registry.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { curveOf } from './recovery.ts';
import { makeInput, makeSeries, OPTIONS } from './series.ts';

const COUNT = 60_000;
const random = createRandom(5, 'many points');

test('a summary keeps the weight and the means of its points', () => {
  const u = Float64Array.from({ length: 500 }, () => 3 * random.uniform());
  const y = u.map((at) => Math.exp(-at));
  const weights = u.map((_, i) => 1 + (i % 3));
  const data = { u, y, minY: 0, maxY: 1, minU: 0, maxU: 3, weights, series: makeSeries([]), random };
  const summary = summarised({ ...data, scale: 'ln y' }, 20);
  assert.equal(summary.u.length, 20);
  const sum = (values: Float64Array, by: Float64Array | null): number =>
    values.reduce((total, value, i) => total + value * (by?.[i] ?? 1), 0);
  assert.ok(Math.abs(sum(summary.weights as Float64Array, null) - sum(weights, null)) < 1e-9);
  assert.ok(Math.abs(sum(summary.u, summary.weights) - sum(u, weights)) < 1e-9);
  // ln y is straight in u: its means lie on the line.
  summary.y.forEach((value, i) => assert.ok(Math.abs(Math.log(value) + (summary.u[i] ?? 0)) < 1e-12));
});

/** A curve of the recovery table at many places, with one part in a hundred of noise. */
function manyPoints(law: string) {
  const given = curveOf(law);
  const x = Float64Array.from({ length: COUNT }, () => 10 ** (given.from + (given.to - given.from) * random.uniform()));
  const y = x.map((at) => given.value(at) * Math.exp(0.01 * random.normal()));
  return { given, input: makeInput(x, y, {}, () => ({ model: '', run: '' })) };
}

test('two breaks in many points: settled on all of them, intervals from the summary about the truth', () => {
  const { given, input } = manyPoints('bnsl2');
  const result = lawById('bnsl2')?.fit(input, { ...OPTIONS, bootstrap: 60, timeBudget: 60_000 });
  assert.ok(result?.ok);
  const { fit } = result.value;
  assert.ok(fit.converged);
  assert.equal(fit.n, COUNT);
  assert.ok(Math.abs((fit.rmsle ?? 0) / 0.01 - 1) < 0.01);
  for (const [name, truth] of Object.entries(given.truth)) {
    const error = fit.standardErrors?.[name] ?? NaN;
    assert.ok(Math.abs((fit.parameters[name] ?? NaN) - truth) < 5 * error, name);
    // Drawn from 4,096 means, the refits spread as the delta method says of all points.
    const interval = fit.intervals?.[name];
    assert.equal(interval?.method, 'residual bootstrap');
    const width = ((interval?.high ?? NaN) - (interval?.low ?? NaN)) / (2 * 1.645 * error);
    assert.ok(width > 0.6 && width < 1.6, `${name}: ${width}`);
  }
});

test('the passes over all points end where the careful optimiser ends', () => {
  const { input } = manyPoints('power-offset');
  const fitted = lawById('power-offset')?.fit(input, OPTIONS);
  assert.ok(fitted?.ok && fitted.value.fit.converged);
  // Known parameters go straight to the careful optimiser on all points.
  const careful = lawById('power-offset')?.fit(input, { ...OPTIONS, near: fitted.value.fit.parameters });
  assert.ok(careful?.ok);
  for (const name of ['e', 'b', 'c']) {
    const miss = (fitted.value.fit.parameters[name] ?? NaN) - (careful.value.fit.parameters[name] ?? NaN);
    assert.ok(Math.abs(miss) < 0.02 * (careful.value.fit.standardErrors?.[name] ?? NaN), name);
  }
});

test('few different x, robust objectives and a budget that is spent', () => {
  const x = Float64Array.from({ length: COUNT }, (_, i) => 10 ** (3 + (i % 5)));
  const y = x.map((at) => 5 * at ** -0.2 * Math.exp(0.01 * random.normal()));
  const input = makeInput(x, y, {}, () => ({ model: '', run: '' }));
  for (const objective of ['log-squared', 'log-huber'] as const) {
    const result = lawById('power')?.fit(input, { ...OPTIONS, objective });
    assert.ok(result?.ok && result.value.fit.converged, objective);
    assert.ok(Math.abs((result.value.fit.parameters['c'] ?? NaN) - 0.2) < 1e-4);
  }
  const spent = lawById('bnsl2')?.fit(manyPoints('bnsl2').input, { ...OPTIONS, timeBudget: 1 });
  assert.ok(spent !== undefined && (!spent.ok || !spent.value.fit.converged));
});
