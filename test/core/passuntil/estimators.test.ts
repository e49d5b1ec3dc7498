import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  betaInterval,
  checkDraw,
  datasetEstimate,
  likelihoodBias,
  logScale,
  maximumLikelihood,
  unbiased,
  unbiasedVariance,
} from '../../../src/core/passuntil/estimators.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { MISSING, reference } from './fixture.ts';

/** Draws until r passes or the cap. */
function draw(p: number, wanted: number, cap: number, uniform: () => number) {
  let trials = 0;
  let passes = 0;
  while (passes < wanted && trials < cap) {
    trials++;
    if (uniform() < p) passes++;
  }
  return { wanted, passes, trials, capped: passes < wanted };
}

test('the capped plan is exactly unbiased; r/K is not', () => {
  const random = createRandom(7, 'estimators');
  for (const [p, r, cap] of [
    [0.3, 2, 5],
    [0.05, 3, 40],
    [0.02, 2, 30],
  ] as const) {
    let sum = 0;
    let squares = 0;
    let likelihood = 0;
    const n = 40_000;
    for (let i = 0; i < n; i++) {
      const one = draw(p, r, cap, random.uniform);
      const value = unbiased(one) as number;
      sum += value;
      squares += value * value;
      likelihood += maximumLikelihood(one);
    }
    const mean = sum / n;
    const se = Math.sqrt((squares / n - mean * mean) / n);
    assert.ok(Math.abs(mean - p) < 4 * se, `p=${p} r=${r}: ${mean} ± ${se}`);
    assert.ok(likelihood / n > p + 3 * se, 'r/K must be biased upwards');
  }
});

test('the 95 % interval covers at least 94 %', () => {
  const random = createRandom(8, 'coverage');
  let covered = 0;
  const n = 3000;
  for (let i = 0; i < n; i++) {
    const { low, high } = betaInterval(draw(0.02, 3, 200, random.uniform), 0.95);
    if (low <= 0.02 && 0.02 <= high) covered++;
  }
  assert.ok(covered / n > 0.94, `${covered / n}`);
});

test('closed forms', () => {
  const one = { wanted: 5, passes: 5, trials: 101, capped: false };
  assert.equal(unbiased(one), 0.04);
  assert.equal(unbiasedVariance(one), (0.04 * 0.96) / 99);
  assert.equal(likelihoodBias(2), 2);
  assert.equal(likelihoodBias(1), Number.POSITIVE_INFINITY);
  const log = logScale(one);
  assert.ok(log !== null && Math.abs(log.mean - (1.5061176684318003 - Math.log(101))) < 1e-12);
  assert.ok(log !== null && Math.abs(log.sd ** 2 - 0.22132295573711533) < 1e-12);
  assert.equal(unbiased({ wanted: 1, passes: 1, trials: 10, capped: false }), null);
  assert.equal(unbiased({ wanted: 2, passes: 1, trials: 50, capped: true }), 0.02);
});

test('bad draws are named', () => {
  const bad = (draw: Parameters<typeof checkDraw>[0], words: RegExp) => {
    const outcome = checkDraw(draw);
    assert.ok(!outcome.ok && words.test(outcome.error), JSON.stringify(outcome));
  };
  bad({ wanted: 0, passes: 0, trials: 5, capped: true }, /at least 1/);
  bad({ wanted: 3, passes: 3, trials: 2, capped: false }, /impossible/);
  bad({ wanted: 3, passes: 1, trials: 20, capped: false }, /not marked as capped/);
  bad({ wanted: 2, passes: 2, trials: 20, capped: true }, /reached/);
  assert.ok(checkDraw({ wanted: 2, passes: 2, trials: 2, capped: false }).ok);
  assert.equal(datasetEstimate([]), null);
});

interface Simulated {
  p: number;
  r: number;
  mle_mean_over_p_exact: number;
  mle_small_p_limit: number | null;
  log_sd_theory: number;
  ci95_coverage: number;
}

test('bias, log scale and coverage are those of the reference table', { skip: MISSING }, () => {
  const random = createRandom(9, 'table');
  const rows = (reference('estimator_reference.json')['uncapped'] as Simulated[]).filter(({ p }) => p >= 0.03);
  assert.ok(rows.length >= 8);
  for (const row of rows) {
    const { p, r } = row;
    if (row.mle_small_p_limit !== null) assert.equal(likelihoodBias(r), row.mle_small_p_limit);
    const sd = logScale({ wanted: r, passes: r, trials: 100, capped: false })?.sd ?? 0;
    assert.ok(Math.abs(sd - row.log_sd_theory) < 1e-12);
    const n = 3000;
    let [sum, squares, covered] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const one = draw(p, r, Number.POSITIVE_INFINITY, random.uniform);
      const ratio = maximumLikelihood(one) / p;
      sum += ratio;
      squares += ratio * ratio;
      const { low, high } = betaInterval(one, 0.95);
      if (low <= p && p <= high) covered++;
    }
    const se = Math.sqrt((squares / n - (sum / n) ** 2) / n);
    assert.ok(Math.abs(sum / n - row.mle_mean_over_p_exact) < 4.5 * se, `p=${p} r=${r}: ${sum / n} ± ${se}`);
    const miss = Math.sqrt((row.ci95_coverage * (1 - row.ci95_coverage)) / n);
    assert.ok(Math.abs(covered / n - row.ci95_coverage) < 4.5 * miss, `p=${p} r=${r}: ${covered / n}`);
  }
});
