import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanBare, sigmoidBare } from '../../../src/core/forecast/form.ts';
import { leaveFamilyOut } from '../../../src/core/forecast/leave-group-out.ts';
import type { StudySeries } from '../../../src/core/study/study.ts';
import { makePoint, makeSeries } from '../law/series.ts';

const bounded = { isLoss: false, better: 'higher' as const, lower: 0, upper: 1 };

test('a family that stands apart is the worst predicted one', () => {
  const series = makeSeries(
    Array.from({ length: 18 }, (_, i) => {
      const y = 1 / (1 + Math.exp(-1.2 * (i / 4 - 2)));
      return makePoint(1e18 * 10 ** (i / 4), i % 3 === 0 ? 0.5 * y : y, i, { family: `f${i % 3}` });
    }),
    bounded,
  );
  const tested = leaveFamilyOut(series, [sigmoidBare, meanBare]);
  assert.ok(!('why' in tested));
  const [sigmoid, mean] = tested;
  assert.equal(sigmoid?.worst.family, 'f0');
  assert.equal(sigmoid?.families, 3);
  assert.equal(sigmoid?.count, 18);
  assert.ok((sigmoid?.mean ?? 99) < (mean?.mean ?? 0));
});

/** Why a series cannot be tested family by family. */
function refusal(series: StudySeries): string {
  const tested = leaveFamilyOut(series, [meanBare]);
  assert.ok('why' in tested);
  return tested.why;
}

test('fewer than three families or an unbounded metric are refused with what would be needed', () => {
  const among = (families: readonly (string | null)[]): StudySeries =>
    makeSeries(
      Array.from({ length: 8 }, (_, i) =>
        makePoint(10 ** i, i / 8, i, { family: families[i % families.length] ?? null }),
      ),
      bounded,
    );
  assert.match(refusal(among(['llama'])), /^Only llama models were measured: .* needs at least 3 families\.$/);
  assert.match(refusal(among(['llama', 'pythia'])), /^Only llama and pythia models .* at least 3 families\.$/);
  assert.match(refusal(among([null])), /^No model says its family: .* at least 3 families\.$/);
  assert.match(refusal(makeSeries([...among(['a', 'b', 'c']).points], { isLoss: true })), /no floor and ceiling/);
});
