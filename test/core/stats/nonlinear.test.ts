import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapCurve, groupIndices } from '../../../src/core/stats/bootstrap.ts';
import { startDeadline } from '../../../src/core/stats/deadline.ts';
import { type CurveProblem, fitNonlinear, isCurveRefusal, reduceProblem } from '../../../src/core/stats/nonlinear.ts';
import { profileInterval } from '../../../src/core/stats/profile.ts';
import { createRandom } from '../../../src/core/stats/random.ts';
import { SQUARED } from '../../../src/core/stats/robust.ts';

const x = Array.from({ length: 25 }, (_, i) => i / 4);
const noise = createRandom(5, 'noise');
const noisy = Float64Array.from(
  x,
  (at) => 2 * Math.exp(-0.5 * at) + 0.3 * Math.exp(-0.5 * at) * at + 0.02 * noise.normal(),
);

/** a exp(-k x) + b x exp(-m x), k = m in truth. */
function problem(more: Partial<CurveProblem> = {}): CurveProblem {
  return {
    parameters: [
      { name: 'a', transform: 'identity', lower: -10, upper: 10 },
      { name: 'k', transform: 'log', lower: 1e-3, upper: 1e3 },
      { name: 'b', transform: 'identity', lower: -10, upper: 10 },
      { name: 'm', transform: 'log', lower: 1e-3, upper: 1e3 },
    ],
    ties: [],
    y: noisy,
    evaluate: (theta, values, jacobian) => {
      const n = x.length;
      const [a, lnK, b, lnM] = theta as unknown as [number, number, number, number];
      const [k, m] = [Math.exp(lnK), Math.exp(lnM)];
      x.forEach((at, i) => {
        const first = Math.exp(-k * at);
        const second = at * Math.exp(-m * at);
        values[i] = a * first + b * second;
        if (jacobian === null) return;
        jacobian[i] = first;
        jacobian[n + i] = -a * k * at * first;
        jacobian[2 * n + i] = second;
        jacobian[3 * n + i] = -b * m * at * second;
      });
      return true;
    },
    scale: 'y',
    loss: SQUARED,
    weights: null,
    priors: [],
    ...more,
  };
}

const settings = () => ({
  starts: [Float64Array.of(1, 0, 1, 0), Float64Array.of(3, -1, 0.1, -1)],
  explore: 4,
  exploreIterations: 20,
  finish: 2,
  lm: {},
  deadline: startDeadline(),
});

test('free, tied and held parameters', () => {
  const fit = (more: Partial<CurveProblem>) => {
    const full = problem(more);
    const reduced = reduceProblem(full);
    assert.ok(!isCurveRefusal(reduced));
    const outcome = fitNonlinear(full, reduced, settings());
    assert.ok(outcome?.converged);
    return outcome;
  };
  const free = fit({});
  const tied = fit({ ties: [['k', 'm']] });
  const held = fit({
    parameters: problem().parameters.map((spec) => (spec.name === 'k' ? { ...spec, fixed: 0.5 } : spec)),
  });
  assert.equal(free.free, 4);
  assert.equal(tied.free, 3);
  assert.equal(held.free, 3);
  assert.equal(tied.theta[1], tied.theta[3]);
  assert.equal(held.theta[1], Math.log(0.5));
  assert.ok(free.cost <= tied.cost && free.cost <= held.cost, `${free.cost} ${tied.cost} ${held.cost}`);
  assert.ok(Math.abs(Math.exp(tied.theta[1] ?? 0) - 0.5) < 0.05, `k = ${Math.exp(tied.theta[1] ?? 0)}`);
});

test('what makes no problem is refused', () => {
  const refusals = [
    reduceProblem(problem({ ties: [['k', 'z']] })),
    reduceProblem(problem({ ties: [['a', 'k']] })),
    reduceProblem(problem({ parameters: problem().parameters.map((spec) => ({ ...spec, fixed: -1 })) })),
  ];
  assert.deepEqual(
    refusals.map((refusal) => (isCurveRefusal(refusal) ? refusal.kind : 'none')),
    ['unknown-parameter', 'bad-tie', 'bad-value'],
  );
});

test('resamples scatter as the standard error says, whatever is resampled', () => {
  const full = problem({ ties: [['k', 'm']] });
  const reduced = reduceProblem(full);
  assert.ok(!isCurveRefusal(reduced));
  const outcome = fitNonlinear(full, reduced, settings());
  assert.ok(outcome !== null);
  const { groups, count } = groupIndices(x.map((_, i) => `run ${i}`));
  assert.equal(count, 25);
  const spreads = (['residual', 'case', 'run'] as const).map((method) => {
    const draws = bootstrapCurve(full, reduced, outcome, {
      count: 400,
      method,
      groups: method === 'run' ? groups : null,
      random: createRandom(1, method),
      deadline: startDeadline(),
      alternatives: [],
    });
    assert.equal(draws.count + draws.failed, 400);
    assert.ok(draws.failed < 10);
    const values = Array.from({ length: draws.count }, (_, b) => draws.thetas[b * 4] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  });
  for (const spread of spreads) assert.ok(spread > 0.009 && spread < 0.04, `${spreads}`);
});

test('a profile interval is where the cost passes the bar', () => {
  const full = problem({ ties: [['k', 'm']] });
  const reduced = reduceProblem(full);
  assert.ok(!isCurveRefusal(reduced));
  const outcome = fitNonlinear(full, reduced, settings());
  assert.ok(outcome !== null);
  const squared = reduced.with(reduced.target, null, SQUARED);
  const optimum = reduced.reduce(outcome.theta);
  const interval = profileInterval(squared, optimum, 1, 0.01, 0.9);
  assert.ok(interval !== null && !interval.openLow && !interval.openHigh);
  assert.ok(interval.low < Math.log(0.5) && Math.log(0.5) < interval.high);
  // t with 22 degrees of freedom at 0.95 is 1.717: cost (1 + t²/22).
  const at = problem({
    ties: [['k', 'm']],
    parameters: problem().parameters.map((spec) =>
      spec.name === 'k' ? { ...spec, fixed: Math.exp(interval.high) } : spec,
    ),
  });
  const edge = reduceProblem(at);
  assert.ok(!isCurveRefusal(edge));
  const refit = fitNonlinear(at, edge, settings());
  assert.ok(refit !== null);
  assert.ok(Math.abs(refit.cost / (outcome.cost * (1 + 1.717144 ** 2 / 22)) - 1) < 1e-3);
});

test('time: an expired deadline stops the resampling and says so', () => {
  const full = problem();
  const reduced = reduceProblem(full);
  assert.ok(!isCurveRefusal(reduced));
  const outcome = fitNonlinear(full, reduced, settings());
  assert.ok(outcome !== null);
  const draws = bootstrapCurve(full, reduced, outcome, {
    count: 50,
    method: 'case',
    groups: null,
    random: createRandom(1),
    deadline: startDeadline(0),
    alternatives: [],
  });
  assert.equal(draws.count, 0);
  assert.match(draws.stopped ?? '', /time budget/);
});
