/** The fast break search against plain least squares on every candidate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bootstrapBreaks,
  breakCandidates,
  flatThenRise,
  flatThenRiseAt,
  midpoint,
  minimumSide,
  twoSlopeBreak,
} from '../../../src/core/shape/hinge.ts';
import { fitLinear } from '../../../src/core/stats/linear.ts';
import { createRandom } from '../../../src/core/stats/random.ts';

function made(n: number, seed: number): { readonly x: Float64Array; readonly y: Float64Array } {
  const random = createRandom(seed, 'hinge-test');
  const x = Float64Array.from({ length: n }, () => 20 + Math.round(random.uniform() * 30) / 10).sort();
  return { x, y: x.map((v) => 0.3 + 0.2 * Math.max(0, v - 21.5) + 0.05 * random.normal()) };
}

test('candidates lie between distinct x with enough points on each side', () => {
  assert.deepEqual([minimumSide(8), minimumSide(30), minimumSide(57)], [4, 5, 9]);
  assert.deepEqual([...breakCandidates([1, 2, 3, 4, 5, 6, 7, 8])], [4]);
  assert.deepEqual([...breakCandidates([1, 1, 1, 1, 1, 1, 1, 1])], []);
  assert.deepEqual([...breakCandidates([1, 1, 1, 1, 1, 2, 2, 2, 2, 3])], [5]);
});

test('both searches find the lowest sum of squares of all candidates', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { x, y } = made(8 + seed, seed);
    const candidates = breakCandidates(x);
    const ones = new Float64Array(x.length).fill(1);
    let best = { tau: Number.NaN, sse: Number.POSITIVE_INFINITY };
    let two = { c: Number.NaN, sse: Number.POSITIVE_INFINITY };
    for (const i of candidates) {
      const c = midpoint(x, i);
      const rise = fitLinear([ones, x.map((v) => Math.max(v - c, 0))], y);
      const both = fitLinear([ones, x.map((v) => Math.min(v - c, 0)), x.map((v) => Math.max(v - c, 0))], y);
      if (rise !== null && rise.rss < best.sse - 1e-14) best = { tau: c, sse: rise.rss };
      if (both !== null && both.rss < two.sse - 1e-14) two = { c, sse: both.rss };
    }
    const rise = flatThenRise(x, y, candidates);
    const broken = twoSlopeBreak(x, y, candidates);
    assert.equal(rise?.tau, best.tau);
    assert.equal(broken?.c, two.c);
    assert.ok(Math.abs((rise?.sse ?? 0) - best.sse) < 1e-12 && Math.abs((broken?.sse ?? 0) - two.sse) < 1e-12);
    assert.ok(Math.abs(flatThenRiseAt(x, y, best.tau).sse - best.sse) < 1e-12);
  }
});

test('resampled breaks are those of the plain search on the resampled points', () => {
  const { x, y } = made(20, 7);
  const count = 50;
  const fast = bootstrapBreaks(x, y, count, createRandom(11, 'same'));
  const random = createRandom(11, 'same');
  const slow: number[] = [];
  for (let b = 0; b < count; b++) {
    const picked = Array.from({ length: 20 }, () => random.integer(20)).sort((a, c) => a - c);
    const px = Float64Array.from(picked, (i) => x[i] as number);
    const found = flatThenRise(
      px,
      Float64Array.from(picked, (i) => y[i] as number),
      breakCandidates(px),
    );
    if (found !== null) slow.push(found.tau);
  }
  assert.equal(fast.length, slow.length);
  fast.forEach((tau, i) => assert.ok(Math.abs(tau - (slow[i] as number)) < 1e-9, `${i}: ${tau} ${slow[i]}`));
});
