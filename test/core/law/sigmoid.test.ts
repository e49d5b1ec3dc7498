import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitBareSigmoid } from '../../../src/core/law/bare-sigmoid.ts';
import { sigmoid } from '../../../src/core/law/sigmoid.ts';
import { SLOPE_PRIOR } from '../../../src/core/law/slope-prior.ts';
import { logistic } from '../../../src/core/stats/logistic.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { absent, referenceCsv } from '../shape/reference-data.ts';
import { makeInput, OPTIONS } from './series.ts';

const x = Array.from({ length: 13 }, (_, i) => 10 ** (18 + i / 2));
const known = (value: number): StudySeries['chance'] => ({ value, how: 'test', table: null, range: null });
const accuracy: Partial<StudySeries> = { isLoss: false, better: 'higher', lower: 0, upper: 1, chance: known(0.25) };
const curve = (k: number, x0: number) => (at: number) => 1 / (1 + Math.exp(-k * (Math.log10(at) - x0)));

test('a curve at the centre of the slope prior is recovered exactly', () => {
  const s = curve(1.2, 21);
  const result = sigmoid.fit(
    makeInput(
      x,
      x.map((at) => 0.25 + 0.75 * s(at)),
      accuracy,
    ),
    OPTIONS,
  );
  assert.ok(result.ok);
  const { parameters } = result.value.fit;
  assert.equal(parameters['floor'], 0.25);
  assert.equal(parameters['top'], 1);
  assert.ok(Math.abs((parameters['k'] ?? 0) - 1.2) < 1e-6);
  assert.ok(Math.abs((parameters['x0'] ?? 0) - 21) < 1e-6);
  assert.equal(result.value.fit['identifiable'], true);
});

test('percent and error rates are the same curve in other clothes', () => {
  const s = curve(1.2, 21);
  const percent = sigmoid.fit(
    makeInput(
      x,
      x.map((at) => 25 + 75 * s(at)),
      { ...accuracy, upper: 100, chance: known(25) },
    ),
    OPTIONS,
  );
  const error = sigmoid.fit(
    makeInput(
      x,
      x.map((at) => 0.75 - 0.75 * s(at)),
      { ...accuracy, better: 'lower', chance: known(0.75) },
    ),
    OPTIONS,
  );
  assert.ok(percent.ok && error.ok);
  for (const result of [percent, error]) {
    assert.ok(Math.abs((result.value.fit.parameters['k'] ?? 0) - 1.2) < 1e-5);
    assert.ok(Math.abs((result.value.fit.parameters['x0'] ?? 0) - 21) < 1e-5);
  }
  assert.equal(error.value.fit.parameters['floor'], 0.75);
  assert.equal(error.value.fit.parameters['top'], 0);
});

test('points at chance identify nothing, and the fit says so', () => {
  const y = x.map((_, i) => 0.25 + 0.005 * Math.sin(i));
  const result = sigmoid.fit(makeInput(x, y, accuracy), OPTIONS);
  assert.ok(result.ok);
  assert.equal(result.value.fit['identifiable'], false);
  assert.match(String(result.value.fit['why']), /Not predictable/);
});

test('without a known range there is a refusal, without a known chance a note', () => {
  const s = curve(1.2, 21);
  const unbounded = sigmoid.fit(
    makeInput(
      x,
      x.map((at) => 300 * s(at)),
      { isLoss: false, better: 'higher' },
    ),
    OPTIONS,
  );
  assert.ok(!unbounded.ok && unbounded.error.code === 'fit.unsupported');
  const noChance = sigmoid.fit(makeInput(x, x.map(s), { ...accuracy, chance: null }), OPTIONS);
  assert.ok(noChance.ok);
  assert.ok(noChance.value.fit.notes?.some((note) => note.includes('Chance is not known')));
});

test('the slope prior keeps a jump between two points from becoming a step', () => {
  const z = Float64Array.from([20, 21, 22, 23]);
  const y = Float64Array.from([0.02, 0.01, 0.03, 0.5]);
  const free = fitBareSigmoid(z, y, null);
  const tame = fitBareSigmoid(z, y, SLOPE_PRIOR);
  assert.ok(free !== null && tame !== null);
  assert.ok(free.k > 3);
  assert.ok(tame.k < 3);
  assert.ok(free.rss <= tame.rss);
});

test('benchmark scores within one decade: errors of the slope prior', { skip: absent('predictability') }, () => {
  const rows = referenceCsv('predictability/scores_long.csv').filter(
    (row) => row['benchmark'] === 'bbh_fewshot' && row['scaled_compute_flop'] !== '',
  );
  const tasks = [...new Set(rows.map((row) => row['task']))];
  const models = [...new Set(rows.map((row) => row['model']))];
  const cell = new Map(rows.map((row) => [`${row['model']}|${row['task']}`, row]));
  const order = models
    .map((model) => ({ model, z: Math.log10(Number(cell.get(`${model}|${tasks[0]}`)?.['scaled_compute_flop'])) }))
    .sort((a, b) => a.z - b.z);
  const z = Float64Array.from(order, (entry) => entry.z);
  const scores = tasks.map((task) =>
    Float64Array.from(order, ({ model }) => {
      const row = cell.get(`${model}|${task}`);
      const chance = Number(row?.['chance']);
      return (Number(row?.['score']) - chance) / (1 - chance);
    }),
  );
  const average = z.map((_, i) => scores.reduce((sum, y) => sum + y[i]!, 0) / scores.length);
  const meanError = (series: readonly Float64Array[], prior: boolean): number => {
    let sum = 0;
    let count = 0;
    for (const y of series) {
      for (let held = 1; held <= Math.floor(0.7 * z.length); held++) {
        const m = z.length - held;
        const fit = fitBareSigmoid(z.subarray(0, m), y.subarray(0, m), prior ? SLOPE_PRIOR : null);
        assert.ok(fit !== null);
        for (let i = m; i < z.length; i++) {
          if (z[i]! - z[m - 1]! > 1) continue;
          sum += Math.abs(logistic(fit.k * (z[i]! - fit.x0)) - y[i]!);
          count++;
        }
      }
    }
    return (100 * sum) / count;
  };
  // Published for this data: 5.0 and 9.3 with the prior, 15.426 for single tasks without.
  assert.ok(Math.abs(meanError([average], true) - 5.0) < 0.06);
  assert.ok(Math.abs(meanError(scores, true) - 9.3) < 0.06);
  assert.ok(Math.abs(meanError(scores, false) / 15.426 - 1) < 0.03);
});
