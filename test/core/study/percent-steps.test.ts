import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../src/core/stats/random.ts';
import { stepsOfPercent } from '../../../src/core/study/percent-steps.ts';

/** Scores of 14 models on n questions, a share of which the best of them knows. */
function scores(seed: number, n: number, best: number, unit: number, write: (y: number) => number): Float64Array {
  const random = createRandom(seed, `steps ${n}`);
  return Float64Array.from({ length: 14 }, (_, i) => {
    let correct = 0;
    for (let q = 0; q < n; q++) if (random.uniform() < (best * (i + 1)) / 14) correct++;
    return write((unit * correct) / n);
  });
}

const significant = (digits: number) => (y: number) => Number(y.toPrecision(digits));
const fixed = (digits: number) => (y: number) => Number(y.toFixed(digits));

test('percent of a task that hardly any model can do are multiples of one question', () => {
  for (const n of [541, 817, 1172, 1319, 1838]) {
    for (const write of [significant(4), fixed(3), fixed(4)]) {
      let told = 0;
      for (let seed = 1; seed <= 20; seed++)
        if (stepsOfPercent(scores(seed, n, 0.006, 100, write).filter((y) => y <= 1))) told++;
      // Some show fewer than three different scores.
      assert.ok(told >= 16, `${n}: ${told}`);
    }
  }
});

test('fractions are not, be they of many questions, of few or rounded', () => {
  for (const n of [20, 30, 50, 100, 250, 500, 1000, 1319, 5000]) {
    for (const write of [significant(4), significant(3), fixed(2), fixed(3), fixed(4)])
      for (let seed = 1; seed <= 6; seed++) assert.ok(!stepsOfPercent(scores(seed, n, 0.7, 1, write)), `${n} ${seed}`);
  }
});

test('too few scores, zeros alone and percent above one say nothing', () => {
  assert.ok(!stepsOfPercent(Float64Array.of(0.0758, 0.1516)));
  assert.ok(!stepsOfPercent(new Float64Array(12)));
  assert.ok(!stepsOfPercent(Float64Array.of(0.0758, 0.1516, 0.2274, 0.3791, 1.9712)));
});
