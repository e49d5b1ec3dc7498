import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildFittedLaw, type FittedLawInput } from '../../../src/core/law/fit-report.ts';
import { makePoint } from './series.ts';

const points = [0, 1, 2, 3, 4].map((x, i) => makePoint(x, 1 + 2 * x + (i % 2 === 0 ? 0.1 : -0.15), i));

function line(more: Partial<FittedLawInput> = {}): FittedLawInput {
  return {
    law: 'line',
    parameters: [
      { name: 'intercept', transform: 'identity' },
      { name: 'slope', transform: 'log' },
    ],
    theta: Float64Array.of(1, Math.log(2)),
    predict: (theta, at) => (theta[0] as number) + Math.exp(theta[1] as number) * at.x,
    points,
    objective: 'squared',
    scale: 'y',
    weights: null,
    freeParameters: 2,
    bootstrap: null,
    level: 0.9,
    converged: true,
    starts: { tried: 1, atOptimum: 1 },
    excluded: [],
    notes: [],
    ...more,
  };
}

test('log parameters are reported in natural units, with matching errors', () => {
  const numeric = buildFittedLaw(line());
  const analytic = buildFittedLaw(
    line({
      gradient: (theta, at, out) => {
        out[0] = 1;
        out[1] = Math.exp(theta[1] as number) * at.x;
      },
    }),
  );
  for (const { fit } of [numeric, analytic]) {
    assert.ok(Math.abs((fit.parameters['slope'] ?? 0) - 2) < 1e-14);
    // RSS = 0.075, s² = 0.025, var(slope) = s²/10.
    assert.ok(Math.abs((fit.standardErrors?.['slope'] ?? 0) - Math.sqrt(0.0025)) < 1e-8);
    assert.ok(Math.abs((fit.objective.value ?? 0) - 0.075) < 1e-12);
    assert.equal(fit.intervals?.['slope']?.method, 'delta method');
    assert.ok((fit.intervals?.['slope']?.low ?? 0) > 0);
  }
});

test('held and bounded parameters lose their errors, tied ones share them', () => {
  const held = buildFittedLaw(
    line({
      parameters: [
        { name: 'intercept', transform: 'identity', atBound: true },
        { name: 'slope', transform: 'log', fixed: true },
      ],
    }),
  );
  assert.deepEqual(held.fit.atBound, ['intercept']);
  assert.equal(held.fit.standardErrors?.['slope'], null);
  assert.equal(held.fit.standardErrors?.['intercept'], null);
  const tied = buildFittedLaw(
    line({
      parameters: [
        { name: 'p', transform: 'identity' },
        { name: 'q', transform: 'identity', tiedTo: 'p' },
      ],
      theta: Float64Array.of(1.5, 1.5),
      predict: (theta, at) => (theta[0] as number) + (theta[1] as number) * at.x,
      freeParameters: 1,
    }),
  );
  assert.equal(tied.fit.standardErrors?.['p'], tied.fit.standardErrors?.['q']);
  assert.ok((tied.fit.standardErrors?.['p'] ?? 0) > 0);
});

test('bootstrap draws give intervals, predictions and a count of failures', () => {
  const count = 100;
  const thetas = new Float64Array(2 * count);
  for (let b = 0; b < count; b++) thetas.set([b / count, Math.log(1 + b / count)], 2 * b);
  const fitted = buildFittedLaw(
    line({ bootstrap: { thetas, count, failed: 3, requested: 103, method: 'case', stopped: null } }),
  );
  const interval = fitted.fit.intervals?.['slope'];
  assert.equal(interval?.method, 'case bootstrap');
  // Expanded for 3 degrees of freedom: wider than the 5th and 95th percentile.
  assert.ok((interval?.low ?? 9) < 1.05 && (interval?.high ?? 0) > 1.94);
  assert.equal(fitted.draws({ x: 0 })[50], 0.5);
  assert.ok(fitted.fit.notes?.some((note) => note.startsWith('3 of 103')));
});

test('a predicted value that is not a number stays out of the record', () => {
  const { fit } = buildFittedLaw(line({ predict: () => Number.NaN }));
  assert.equal(fit.rmse, null);
  assert.equal(fit.objective.value, null);
  assert.equal(fit.standardErrors, null);
});
