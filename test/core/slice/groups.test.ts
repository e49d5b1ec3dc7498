/** Cutting by difficulty: the authors' bounds, the grouping artefact and its cure, speed, and bad input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBounds, type QuestionScores, sliceByDifficulty } from '../../../src/core/slice/groups.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

test('bounds are those of the authors', () => {
  assert.deepEqual([...groupBounds(14042, 3)], [0, 4680, 9361, 14042]);
  assert.deepEqual([...groupBounds(1050, 3)], [0, 350, 700, 1050]);
  assert.deepEqual([...groupBounds(323, 3)], [0, 107, 215, 323]);
});

/** Models whose scores are pure noise around one level: no question is truly easier. */
function noise(models: number, questions: number, seed: number): QuestionScores {
  const random = createRandom(seed, 'noise');
  return {
    models: Array.from({ length: models }, (_, m) => `m${m}`),
    questions,
    scores: Float64Array.from({ length: models * questions }, () => -0.56 + 0.3 * random.normal()),
    x: Array.from({ length: models }, (_, m) => m * 0.1),
  };
}

function shift(data: QuestionScores, crossFit: boolean): { readonly easy: number; readonly hard: number } {
  const outcome = sliceByDifficulty(data, { rankBelow: 2.95, crossFit });
  assert.ok(outcome.ok);
  const { means, rankedBy } = outcome.value;
  const before = rankedBy.length;
  const average = (from: number, to: number, g: number): number => {
    let sum = 0;
    for (let m = from; m < to; m++) sum += means[m]?.[g] ?? Number.NaN;
    return sum / (to - from);
  };
  const all = data.models.length;
  return {
    easy: average(0, before, 0) - average(before, all, 0),
    hard: average(0, before, 2) - average(before, all, 2),
  };
}

test('slicing by the same models shifts the groups in pure noise; cross-fitting does not', () => {
  const data = noise(50, 1500, 4);
  const published = shift(data, false);
  assert.ok(published.easy > 0.02 && published.easy < 0.07, `easy ${published.easy}`);
  assert.ok(published.hard < -0.02 && published.hard > -0.07, `hard ${published.hard}`);
  const crossed = shift(data, true);
  assert.ok(Math.abs(crossed.easy) < 0.005 && Math.abs(crossed.hard) < 0.005, JSON.stringify(crossed));
});

test('easy questions come first, group means average the questions', () => {
  const scores = Float64Array.of(-0.9, -0.1, -0.5, -0.8, -0.2, -0.6, -0.9, -0.1, -0.5, -0.8, -0.2, -0.6);
  const outcome = sliceByDifficulty(
    { models: ['a', 'b', 'c', 'd'], questions: 3, scores, x: [1, 2, 3, null] },
    { crossFit: false },
  );
  assert.ok(outcome.ok);
  assert.deepEqual([...outcome.value.groupOf], [2, 0, 1]);
  assert.deepEqual([...(outcome.value.means[3] as Float64Array)], [-0.2, -0.6, -0.8]);
  assert.deepEqual(outcome.value.rankedBy, ['a', 'b', 'c']);
});

test('bad input is refused with a typed message', () => {
  const good = noise(6, 30, 1);
  const hole = good.scores.slice();
  hole[35] = Number.NaN;
  const codes = [
    sliceByDifficulty({ models: [], questions: 3, scores: new Float64Array(0), x: [] }),
    sliceByDifficulty({ ...good, questions: 0 }),
    sliceByDifficulty(good, { groups: 31 }),
    sliceByDifficulty({ ...good, scores: good.scores.subarray(1) }),
    sliceByDifficulty({ ...good, scores: hole }),
    sliceByDifficulty({ ...good, models: ['m0', 'm0', 'm2', 'm3', 'm4', 'm5'] }),
    sliceByDifficulty(good, { rankBelow: 0.15 }),
  ].map((outcome) => (outcome.ok ? 'sliced' : outcome.error.code));
  assert.deepEqual(codes, [
    'no-models',
    'no-questions',
    'too-many-groups',
    'wrong-size',
    'not-finite',
    'duplicate-model',
    'too-few-ranking',
  ]);
});
